"""Fake mask finder for subjects, skies and faces, configured by tests."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nst.errors import InputError
from nst.ui.server.mask_finder import Box, Found, _found
from nst.ui.state.pictures import ImageChoice

WIDTH, HEIGHT = 90, 60  # of all masks; the sample photos have these proportions


def box(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    """A mask of a rectangle, in parts of width and height."""
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    mask[round(top * HEIGHT) : round(bottom * HEIGHT), round(left * WIDTH) : round(right * WIDTH)] = 1
    return mask


@dataclass
class Sights:
    """Return the mask configured for a region; a box returns itself if valid."""

    parts: dict[str, np.ndarray] = field(default_factory=dict)
    useless: str = ""  # what is said to every box
    asked: list[tuple[str, str, Box | None]] = field(default_factory=list)  # part, photo's token and box

    def look(self, part: str, photo: ImageChoice, given: Box | None) -> Found:
        self.asked.append((part, photo.token, given))
        if given is not None and self.useless:
            raise InputError(self.useless)
        nothing = np.zeros((HEIGHT, WIDTH), np.float32)
        return _found(self.parts.get(part, nothing) if given is None else box(*given))
