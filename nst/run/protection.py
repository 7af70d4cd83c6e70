"""Protected parts of the content image: faces that are painted like everything else and stay recognizable."""

from __future__ import annotations

from dataclasses import dataclass

from nst.errors import SettingsError
from nst.run.regions import Mask
from nst.settings.fields import plain

RECOGNIZABLE = 50.0  # default


@dataclass(frozen=True)
class Protection:
    """Weights of the pixels that must stay recognizable, and how recognizable.

    `mask` is white where a pixel matters most and black where it does not matter, with the content image's aspect
    ratio; nst.masks.likeness() returns one for faces. `recognizable` is 0 (no protection) to 100.
    Raises SettingsError for a value out of range.
    """

    mask: Mask
    recognizable: float = RECOGNIZABLE

    def __post_init__(self) -> None:
        object.__setattr__(self, "recognizable", plain(self.recognizable))
        check_recognizable(self.recognizable)


def check_recognizable(value: float) -> None:
    """Raise SettingsError unless the value is a number from 0 to 100."""
    if not 0 <= value <= 100:
        raise SettingsError(f"recognizable must be between 0 and 100, received {value:g}.")
