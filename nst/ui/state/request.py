"""Request for a style-transfer run: all inputs and settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from nst.settings.engines import FastSettings, Settings
from nst.ui.state import format
from nst.ui.state.page_mask import PageMask
from nst.ui.state.pictures import ImageChoice


@dataclass(frozen=True)
class StyleMix:
    """Style images of one result, with a weight for each; the first one is the main style."""

    styles: tuple[ImageChoice, ...]
    weights: tuple[float, ...]
    colors_of: ImageChoice | None = None  # style that provides the colors; None: each style keeps its own

    @property
    def names(self) -> str:
        """Display names of the styles, joined by commas and "and"."""
        return format.listed(style.name for style in self.styles)


REGION_NAMES = {  # display names of the kinds of regions
    "subject": "the subject",
    "background": "the background",
    "sky": "the sky",
    "alpha": "the opaque part",
    "brush": "the brushed part",
    "file": "the white part of your mask",
}


@dataclass(frozen=True)
class RegionRequest:
    """Region to stylize, with its mask, and the strength and style outside the region."""

    kind: str  # a key of REGION_NAMES
    mask: PageMask
    feather: float  # width of the soft edge to either side, in percent of the long side
    outside_strength: float = 0.0  # strength outside the region; 0 keeps the content image
    outside_style: ImageChoice | None = None  # style outside the region; None: the same as inside

    @property
    def name(self) -> str:
        """Display name of the region."""
        return REGION_NAMES[self.kind]


@dataclass(frozen=True)
class Request:
    """Request for one style-transfer run: all inputs and settings."""

    photo: ImageChoice
    mix: StyleMix
    settings: Settings
    init: bytes | None = field(default=None, repr=False)  # image to start from
    region: RegionRequest | None = None  # None: the whole content image
    face_protection: float | None = None  # how recognizable faces stay, 0 to 100; None: no protection

    @property
    def pictures(self) -> tuple[ImageChoice, ...]:
        """All images that the user chose: content, styles, color style, and style outside the region."""
        others = self.mix.colors_of, self.region.outside_style if self.region else None
        return self.photo, *self.mix.styles, *filter(None, others)

    @property
    def instant(self) -> bool:
        """True if the request uses the fast engine."""
        return isinstance(self.settings, FastSettings)
