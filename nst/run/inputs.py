"""What a run is given besides its settings: pictures, and how they go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from nst.errors import InputError, SettingsError

if TYPE_CHECKING:
    from nst.images.io import Source
    from nst.run.regions import Part, Region

Shares = tuple[float, ...]  # weights of the styles


@dataclass(frozen=True)
class Inputs:
    """See nst.engines.registry.stream()."""

    content: Source
    style: Source | Sequence[Source]
    style_weights: Sequence[float] | None = None
    color_style: Source | None = None
    regions: Sequence[Region] = ()
    init_image: Source | None = None

    @property
    def styles(self) -> Sequence[Source]:
        """One style or several as a list."""
        return as_list(self.style)

    @property
    def shares(self) -> Shares:
        """Weights of the styles, all alike where none are given. Raises InputError."""
        count = len(self.styles)
        if count == 0:
            raise InputError("A run needs at least one style picture; received none.")
        shares = tuple(self.style_weights) if self.style_weights is not None else (1.0,) * count
        if len(shares) != count or not all(0 <= share < float("inf") for share in shares) or sum(shares) <= 0:
            raise SettingsError(
                f"style_weights must be {count} numbers of 0 or more, one a style and not all 0; "
                f"received {list(shares)}."
            )
        return shares


def as_list(style: Source | Sequence[Source]) -> Sequence[Source]:
    """One style or several as a list."""
    return style if isinstance(style, (list, tuple)) else [cast("Source", style)]


def mix_of(part: Part, shares: Shares) -> Shares:
    """Weights of the styles in a part of a picture, where those of the whole are `shares`."""
    return shares if part.style is None else tuple(float(number == part.style) for number in range(len(shares)))
