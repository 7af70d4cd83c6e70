"""Random fields: fractal noise, domain warps, scattered points and Voronoi cells.

Fields are float arrays (H, W). Lengths named `cell` are in pixels of the returned array.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from scipy.spatial import cKDTree

Field: TypeAlias = NDArray[np.floating[Any]]
Points: TypeAlias = NDArray[np.float64]
Rng: TypeAlias = np.random.Generator


def smooth_noise(shape: tuple[int, int], cell: tuple[float, float], rng: Rng) -> Field:
    """Return one octave of smooth noise (H, W), mean 0, standard deviation about 1; `shape` is (H, W).

    `cell` is the size of its features in pixels, (vertical, horizontal).
    """
    rows, cols = (max(s / max(c, 1.0), 0.5) for s, c in zip(shape, cell, strict=True))
    values = rng.standard_normal((int(rows) + 4, int(cols) + 4)).astype(np.float32)
    # The box starts one cell from the border, outside the range of the bicubic kernel.
    box = (1.0, 1.0, 1.0 + cols, 1.0 + rows)
    grown = Image.fromarray(values).resize(shape[::-1], Image.Resampling.BICUBIC, box=box)
    return np.asarray(grown, np.float32) * np.float32(1.25)


def fractal(
    shape: tuple[int, int],
    cell: float | tuple[float, float],
    rng: Rng,
    octaves: int = 4,
    gain: float = 0.5,
) -> Field:
    """Return a sum of noise octaves (H, W), mean 0, standard deviation about 1; `shape` is (H, W).

    `cell` is the feature size of the first octave in pixels; each further octave has half the size and `gain` times the
    amplitude.
    """
    down, across = cell if isinstance(cell, tuple) else (cell, cell)
    total = np.zeros(shape, np.float32)
    power = 0.0
    for octave in range(octaves):
        weight = gain**octave
        total += weight * smooth_noise(shape, (down / 2**octave, across / 2**octave), rng)
        power += weight**2
    return total / np.float32(np.sqrt(power))


def grid(size: int) -> tuple[Field, Field]:
    """Return x and y of every pixel's center in a square image, from 0 to 1."""
    line = (np.arange(size, dtype=np.float32) + 0.5) / size
    x, y = np.meshgrid(line, line)
    return x, y


def step(low: float | Field, high: float | Field, value: Field) -> Field:
    """Return the smoothstep of `value`: 0 at `low`, 1 at `high`, smooth in between; `low` may be above `high`."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0).astype(np.float32)
    ramp: Field = t * t * (3 - 2 * t)
    return ramp


def warp(image: Field, dx: Field, dy: Field) -> Field:
    """Return `image` (H, W), sampled for each pixel at its position plus (dx, dy) pixels, with mirrored borders."""
    rows, cols = np.indices(image.shape, dtype=np.float32)
    moved: Field = ndimage.map_coordinates(image, [rows + dy, cols + dx], order=1, mode="mirror")
    return moved


def spread(count: int, rng: Rng, margin: float = 0.05) -> Points:
    """Return jittered grid points (N, 2), x and y, in random order.

    About `count` points are in the unit square; further points are outside, up to `margin` from its border.
    """
    side = 1 + 2 * margin
    per_row = max(round(np.sqrt(count) * side), 2)
    cols, rows = np.meshgrid(np.arange(per_row), np.arange(per_row))
    shifted = np.stack([cols + 0.5 * (rows % 2), rows], -1).reshape(-1, 2).astype(np.float64)
    points: Points = (shifted + rng.uniform(0.0, 0.9, shifted.shape)) / per_row * side - margin
    return rng.permutation(points)


def choose(points: Points, mask: Field, least: float, rng: Rng) -> Points:
    """Return the points at which `mask` (S, S) exceeds `least`, with a slightly randomized threshold.

    `points` are (N, 2), x and y in 0..1.
    """
    place = np.clip((points * len(mask)).astype(np.int64), 0, len(mask) - 1)
    chosen = mask[place[:, 1], place[:, 0]] > least + 0.05 * rng.standard_normal(len(points))
    return points[chosen]


def cells(size: int, points: Points, bend: tuple[Field, Field] | None = None) -> tuple[NDArray[np.int64], Field, Field]:
    """Return the Voronoi cells of `points` in a square image of `size` pixels, as three fields.

    The fields are the index of the nearest point, the distance to this point, and the distance to the cell's edge.
    Distances and `bend` are in units of the image's side; `bend` displaces the pixels first, for irregular edges.
    """
    x, y = grid(size)
    if bend is not None:
        x, y = x + bend[0], y + bend[1]
    near, index = cKDTree(points).query(np.stack([x, y], -1).reshape(-1, 2), k=2, workers=2)
    first, second = points[index[:, 0]], points[index[:, 1]]
    gap = np.maximum(np.linalg.norm(second - first, axis=1), 1e-9)
    edge = (near[:, 1] ** 2 - near[:, 0] ** 2) / (2 * gap)
    shape = (size, size)
    distances = (near[:, 0].reshape(shape), edge.reshape(shape))
    return index[:, 0].reshape(shape), *(d.astype(np.float32) for d in distances)
