"""What a picture that somebody gives says about itself: small and quickly found, so that it can be kept."""

from __future__ import annotations

from dataclasses import dataclass

from nst.diagnostics.fixes import OPAQUE, Box, opaque_part
from nst.diagnostics.photo_or_painting import SIDE, painted
from nst.images import io as images
from nst.images.io import Picture

COLORLESS = 10  # of 255 that red, green and blue differ by at most where there is no color
# Of a picture, that may have color in one without: 26 of 1,000 photos have less, and no other has less than 1.3 %.
SPECKS = 0.005


@dataclass(frozen=True)
class Signs:
    """Of one picture."""

    size: tuple[int, int]  # width and height in pixels
    colorless: bool
    painted: float  # how sure it is that it is a painting, above 0, or a photo, below; see manner.py
    hidden: float  # share of it that can be seen through, 0 to 1
    opaque: Box | None  # where something can be seen through: the largest part where nothing can

    @classmethod
    def of(cls, picture: Picture) -> Signs:
        """Those of a picture."""
        height, width = picture.rgb.shape[:2]
        small = images.fit(picture.rgb, min(SIDE, max(height, width)))
        alpha = picture.alpha
        return cls(
            size=(width, height),
            colorless=_colorless(small),
            painted=painted(small),
            hidden=0.0 if alpha is None else float((alpha < OPAQUE).mean()),
            opaque=None if alpha is None else opaque_part(alpha),
        )

    @property
    def side(self) -> float:
        """Of a square as large as the picture, in pixels."""
        return float((self.size[0] * self.size[1]) ** 0.5)


def _colorless(small: images.Pixels) -> bool:
    spread = small.max(-1).astype(int) - small.min(-1)
    return bool((spread > COLORLESS).mean() < SPECKS)
