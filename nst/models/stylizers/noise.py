"""The field of white noise that fast paints strokes from: endless, the same at a place whenever it is asked for.

A still lies at the origin of the field of its seed. The frames of a pan or the pieces of a large picture lie where
their pixels belong, so the same thing is painted alike in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_TILE = 256  # pixels; the field is made of squares, each with a generator of its own


@dataclass(frozen=True)
class NoiseField:
    """White noise with mean 0 and deviation 1, seen from `origin` (x, y) in pixels on."""

    seed: int = 0
    origin: tuple[int, int] = (0, 0)

    def at(self, size: tuple[int, int]) -> NDArray[np.float32]:
        """The noise under a picture of `size` (width, height), float32 (height, width)."""
        (left, top), (width, height) = self.origin, size
        rows, columns = (range(start // _TILE, -(-(start + n) // _TILE)) for start, n in ((top, height), (left, width)))
        field = np.block([[_tile(self.seed, row, column) for column in columns] for row in rows])
        down, right = top - rows[0] * _TILE, left - columns[0] * _TILE
        return field[down : down + height, right : right + width]


STILL = NoiseField()


@lru_cache(maxsize=128)
def _tile(seed: int, row: int, column: int) -> NDArray[np.float32]:
    # Zigzag: a generator's seeds are natural numbers, and fields reach to the left of their origin as well.
    key = [seed, *(2 * n if n >= 0 else -2 * n - 1 for n in (row, column))]
    return np.random.default_rng(key).standard_normal((_TILE, _TILE), np.float32)
