"""Fixes of input images: cropping and flattening, from a Picture to uint8 RGB (H, W, 3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nst.images.io import Picture, Pixels

Box = tuple[int, int, int, int]  # left, top, right and bottom in pixels

OPAQUE = 250  # alpha (0..255) from which a pixel counts as opaque: the difference is invisible
CELLS = 64  # grid cells per side in the search for the opaque rectangle


@dataclass(frozen=True)
class Cut:
    """Crop of an image to a box."""

    box: Box

    def __call__(self, picture: Picture) -> Pixels:
        left, top, right, bottom = self.box
        return picture.rgb[top:bottom, left:right].copy()


def flattened(picture: Picture) -> Pixels:
    """Return the image composited on white, without transparency."""
    return picture.rgb


def opaque_part(alpha: NDArray[np.uint8]) -> Box:
    """Return approximately the largest opaque rectangle of `alpha`, uint8 (H, W); empty if no grid cell is opaque."""
    rows, columns = (np.linspace(0, side, min(CELLS, side) + 1).astype(int) for side in alpha.shape)
    least = np.minimum.reduceat(np.minimum.reduceat(alpha, rows[:-1], 0), columns[:-1], 1)
    left, top, right, bottom = _largest(least >= OPAQUE)
    return int(columns[left]), int(rows[top]), int(columns[right]), int(rows[bottom])


def _largest(free: NDArray[np.bool_]) -> Box:
    """Return the largest rectangle of True cells in `free` (H, W)."""
    best, area = (0, 0, 0, 0), 0
    heights = np.zeros(free.shape[1], int)  # per column: length of the run of True cells that ends in this row
    for row, cells in enumerate(free, 1):
        heights = np.where(cells, heights + 1, 0)
        for height in np.unique(heights[heights > 0]):
            left, right = _longest(heights >= height)
            if (right - left) * height > area:
                best, area = (left, row - int(height), right, row), (right - left) * height
    return best


def _longest(wide: NDArray[np.bool_]) -> tuple[int, int]:
    """Return start and end (exclusive) of the longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wide, [False]]).astype(int)))
    begins, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - begins))
    return int(begins[longest]), int(ends[longest])
