"""Inputs of a run besides its settings: images, style weights and regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from nst.errors import InputError, SettingsError
from nst.settings.fields import is_number, plain, shown

if TYPE_CHECKING:
    from nst.images.io import Picture, Source
    from nst.run.protection import Protection
    from nst.run.regions import Region, RegionStyle

Shares = tuple[float, ...]  # weights of the style images


@dataclass(frozen=True)
class Inputs:
    """Images, style weights and regions of a run, as passed to nst.engines.registry.stream()."""

    content: Source
    style: Source | Sequence[Source]
    style_weights: Sequence[float] | None = None
    color_style: Source | None = None
    regions: Sequence[Region] = ()
    init_image: Source | None = None
    protection: Protection | None = None
    memo: dict[int | None, Any] = field(default_factory=dict, init=False, repr=False, compare=False)  # of decoded()

    @property
    def styles(self) -> Sequence[Source]:
        """Style images as a sequence, also if only one was given."""
        return as_list(self.style)

    @property
    def shares(self) -> Shares:
        """Weights of the style images, all 1 if none were given.

        Raises InputError if there is no style image, or if the weights do not match the images in number, are negative
        or are all 0.
        """
        count = len(self.styles)
        if count == 0:
            raise InputError("A run needs at least one style picture; received none.")
        if self.style_weights is None:
            return (1.0,) * count
        shares = tuple(map(plain, self.style_weights))
        if len(shares) != count or not all(is_number(share) and share >= 0 for share in shares) or sum(shares) <= 0:
            raise SettingsError(
                f"style_weights must be {count} numbers of at least 0, one per style and not all 0; "
                f"received {shown(list(shares))}."
            )
        return shares


def read_content(content: Source) -> Picture:
    """Decode a content image. Raises InputError if it cannot be decoded or is fully transparent."""
    from nst.images import io as images  # image libraries would delay the command line's help

    picture = images.read(content, "content")
    if picture.is_invisible:
        raise InputError(
            "The photo is fully transparent, so there is nothing to paint. Choose another photo, or make this one "
            "opaque in a picture editor."
        )
    return picture


def as_list(style: Source | Sequence[Source]) -> Sequence[Source]:
    """Return a list or tuple of style images unchanged, and a single style image as a list of one."""
    return style if isinstance(style, (list, tuple)) else [cast("Source", style)]


def mix_of(part: RegionStyle, shares: Shares) -> Shares:
    """Return the weight of each style image in a region.

    A region with its own style has weight 1 for this style and 0 for all others; any other region has the weights of
    the run, `shares`.
    """
    return shares if part.style is None else tuple(float(number == part.style) for number in range(len(shares)))
