"""Statistics of an input image for the diagnostics; small and fast to compute, so that callers can cache them."""

from __future__ import annotations

from dataclasses import dataclass

from nst.diagnostics.photo_or_painting import SIDE, painted
from nst.images import io as images
from nst.images.io import Picture

OPAQUE = 250  # alpha (0..255) from which a pixel counts as opaque: the difference is invisible
COLORLESS = 10  # maximum difference of red, green and blue (0..255) in a colorless pixel
# Share of colored pixels below which an image is black and white: 26 of 1,000 photos are below, and no other photo is
# below 1.3 %.
SPECKS = 0.005


@dataclass(frozen=True)
class ImageStats:
    """Statistics of one content or style image, from which inputs.before() detects issues."""

    size: tuple[int, int]  # (width, height) in pixels
    colorless: bool  # True for a black-and-white image
    painted: float  # log odds of being a painting and not a photo; see photo_or_painting.py
    hidden: float  # share of pixels that are not opaque, 0 to 1

    @classmethod
    def of(cls, picture: Picture) -> ImageStats:
        """Return the statistics of an image; colors and brushwork are measured at a long side of 192 pixels."""
        height, width = picture.rgb.shape[:2]
        small = images.fit(picture.rgb, min(SIDE, max(height, width)))
        alpha = picture.alpha
        return cls(
            size=(width, height),
            colorless=_colorless(small),
            painted=painted(small),
            hidden=0.0 if alpha is None else float((alpha < OPAQUE).mean()),
        )

    @property
    def side(self) -> float:
        """Side of the square of equal area, in pixels."""
        return float((self.size[0] * self.size[1]) ** 0.5)


def _colorless(small: images.Pixels) -> bool:
    spread = small.max(-1).astype(int) - small.min(-1)
    return bool((spread > COLORLESS).mean() < SPECKS)
