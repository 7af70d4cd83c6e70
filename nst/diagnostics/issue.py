"""What a doctor says: one sentence, and the one change that mends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from nst.images.io import Picture, Pixels
from nst.settings.engines import Settings

Edit = Callable[[Picture], Pixels]  # a picture to be used in place of one that is not as it should be


class Ailment(StrEnum):
    SWAPPED = "swapped"  # the photo and the style are in each other's place
    NO_STRENGTH = "no strength"
    GRAY_KEPT = "gray kept"  # the colors of a photo without colors are to be kept
    TINY_STYLE = "tiny style"
    STYLE_SEE_THROUGH = "style see-through"
    PHOTO_SEE_THROUGH = "photo see-through"
    BLANK = "blank"
    UNCHANGED = "unchanged"
    STALLED = "stalled"
    GRAINY = "grainy"


@dataclass(frozen=True)
class Fix:
    """A change, as a value; what is None stays as it is."""

    label: str  # of a button
    settings: Settings | None = None
    photo: Edit | None = None
    style: Edit | None = None  # of the first style
    swaps: bool = False  # photo and style change places


@dataclass(frozen=True)
class Advice:
    """What is wrong, in a sentence or two for anybody, and what mends it."""

    ailment: Ailment
    message: str
    fix: Fix
