"""White noise input of fast: an unbounded field, deterministic by seed and position.

A still image starts at the field's origin. The frames of a pan and the tiles of a large image use their own positions
in the field, so that the same content gets the same strokes in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_TILE = 256  # side of a square tile in pixels; each tile has its own random generator


@dataclass(frozen=True)
class NoiseField:
    """White noise with mean 0 and standard deviation 1; `origin` (x, y) is the image's top left corner, in pixels."""

    seed: int = 0
    origin: tuple[int, int] = (0, 0)

    def at(self, size: tuple[int, int]) -> NDArray[np.float32]:
        """Return the noise for an image of `size` (width, height) as float32 (height, width)."""
        (left, top), (width, height) = self.origin, size
        rows, columns = (range(start // _TILE, -(-(start + n) // _TILE)) for start, n in ((top, height), (left, width)))
        field = np.block([[_tile(self.seed, row, column) for column in columns] for row in rows])
        down, right = top - rows[0] * _TILE, left - columns[0] * _TILE
        return field[down : down + height, right : right + width]


STILL = NoiseField()


@lru_cache(maxsize=128)
def _tile(seed: int, row: int, column: int) -> NDArray[np.float32]:
    # Zigzag encoding, because seeds must be non-negative and tile indices may be negative.
    key = [seed, *(2 * n if n >= 0 else -2 * n - 1 for n in (row, column))]
    return np.random.default_rng(key).standard_normal((_TILE, _TILE), np.float32)
