"""Types of the diagnostics: an issue, its message for users and its fix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from nst.images.io import Picture, Pixels
from nst.settings.engines import Settings

Edit = Callable[[Picture], Pixels]  # returns the corrected image


class Issue(StrEnum):
    SWAPPED = "swapped"  # content image and style image are interchanged
    NO_STRENGTH = "no strength"
    GRAY_KEPT = "gray kept"  # the settings keep the colors of a black-and-white content image
    TINY_PHOTO = "tiny photo"
    TINY_STYLE = "tiny style"
    PHOTO_SEE_THROUGH = "photo see-through"
    BLANK = "blank"
    UNCHANGED = "unchanged"
    STALLED = "stalled"
    GRAINY = "grainy"


@dataclass(frozen=True)
class Fix:
    """Change of inputs that fixes an issue: other settings, an edited content image, or swapped images.

    Fields that are None leave their input unchanged.
    """

    label: str  # text of the button
    settings: Settings | None = None
    photo: Edit | None = None
    swaps: bool = False  # True to swap content image and style image


@dataclass(frozen=True)
class Advice:
    """Detected issue with a message for users, in one or two sentences, and its fix, or None if no fix is known."""

    issue: Issue
    message: str
    fix: Fix | None = None
