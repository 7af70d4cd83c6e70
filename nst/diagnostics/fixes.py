"""Pictures mended: cut to what is to be seen, made opaque; from a Picture to uint8 RGB (H, W, 3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nst.images.io import Picture, Pixels

Box = tuple[int, int, int, int]  # left, top, right and bottom in pixels

OPAQUE = 250  # of 255; what lacks less than that nobody sees
CELLS = 64  # to a side, in which an opaque part is looked for


@dataclass(frozen=True)
class Cut:
    """A part of a picture."""

    box: Box

    def __call__(self, picture: Picture) -> Pixels:
        left, top, right, bottom = self.box
        return picture.rgb[top:bottom, left:right].copy()


def flattened(picture: Picture) -> Pixels:
    """The picture on white, without anything to see through."""
    return picture.rgb


def opaque_part(alpha: NDArray[np.uint8]) -> Box:
    """About the largest part without anything to see through, for `alpha`, uint8 (H, W); empty where all can be."""
    rows, columns = (np.linspace(0, side, min(CELLS, side) + 1).astype(int) for side in alpha.shape)
    least = np.minimum.reduceat(np.minimum.reduceat(alpha, rows[:-1], 0), columns[:-1], 1)
    left, top, right, bottom = _largest(least >= OPAQUE)
    return int(columns[left]), int(rows[top]), int(columns[right]), int(rows[bottom])


def _largest(free: NDArray[np.bool_]) -> Box:
    """The largest rectangle of cells (H, W) that are all free."""
    best, area = (0, 0, 0, 0), 0
    heights = np.zeros(free.shape[1], int)  # of the free cells that end in the row
    for row, cells in enumerate(free, 1):
        heights = np.where(cells, heights + 1, 0)
        for height in np.unique(heights[heights > 0]):
            left, right = _longest(heights >= height)
            if (right - left) * height > area:
                best, area = (left, row - int(height), right, row), (right - left) * height
    return best


def _longest(wide: NDArray[np.bool_]) -> tuple[int, int]:
    """Where the longest run of True begins and ends."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wide, [False]]).astype(int)))
    begins, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - begins))
    return int(begins[longest]), int(ends[longest])
