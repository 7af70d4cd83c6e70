"""Shapes for compositions: ridges, discs, polygons and swirls, as masks with soft edges.

Positions and lengths are in units of the image's side; images are `size` x `size` pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from tools.paint_styles.noise import Field, Points, Rng, fractal, grid, step


def skyline(size: int, level: float, swing: float, cell: float, rng: Rng, octaves: int = 4) -> Field:
    """Return a random ridge (size,): the y of each column, about `level` with the standard deviation `swing`.

    `cell` is the width of its largest features.
    """
    wave = fractal((1, size), (1.0, cell * size), rng, octaves=octaves)[0]
    line: Field = (level + swing * wave).astype(np.float32)
    return line


def below(line: Field, size: int, soft: float = 0.002) -> Field:
    """Return a mask (size, size) of the area below the ridge `line` (size,); `soft` is half the width of its edge."""
    _, y = grid(size)
    return step(-soft, soft, y - line[None, :])


def disc(size: int, center: tuple[float, float], radius: float, soft: float = 0.003) -> Field:
    """Return a mask (size, size) of a disc; `soft` is half the width of its edge."""
    return step(radius + soft, radius - soft, distance(size, center))


def distance(size: int, center: tuple[float, float], squash: float = 1.0) -> Field:
    """Return the distance of each pixel to `center`, (size, size), with vertical distances multiplied by `squash`."""
    x, y = grid(size)
    away: Field = np.hypot(x - center[0], (y - center[1]) * squash)
    return away


class Cut(NamedTuple):
    """Smallest window of a square image around some outlines, with their masks.

    `x` and `y` are the coordinates of the window's pixels, in 0..1.
    """

    window: tuple[slice, slice]
    masks: list[Field]
    x: Field
    y: Field


def polygons(size: int, outlines: Sequence[Points], fills: Sequence[int] | None = None) -> Field:
    """Return a mask (size, size) of filled polygons with smooth edges, drawn in order over each other.

    Each outline is (N, 2), with x and y in 0..1. `fills` is a value of 0..255 for each polygon, scaled to 0..1; the
    default is 1 for all.
    """
    return _fill((size, size), [outline * size for outline in outlines], fills or [255] * len(outlines))


def cut(size: int, *outlines: Points) -> Cut:
    """Return the window around all outlines, each (N, 2) with x and y in 0..1, and a mask for each of them.

    The window and its masks are empty if the outlines are outside the image.
    """
    corners = np.concatenate(outlines) * size
    left, top = np.clip(np.floor(corners.min(0)).astype(int) - 2, 0, size)
    right, bottom = np.clip(np.ceil(corners.max(0)).astype(int) + 2, 0, size)
    shape = (int(bottom - top), int(right - left))
    masks = [_fill(shape, [outline * size - (left, top)], [255]) for outline in outlines]
    rows, cols = (np.mgrid[top:bottom, left:right] + 0.5) / size
    return Cut((slice(top, bottom), slice(left, right)), masks, cols, rows)


def _fill(shape: tuple[int, int], outlines: Sequence[Points], fills: Sequence[int]) -> Field:
    """Return a mask of `shape` with filled polygons, whose outlines are in pixels; `fills` are values of 0..255.

    Polygons are rendered at twice the size for smooth edges.
    """
    if 0 in shape:
        return np.zeros(shape, np.float32)
    plate = Image.new("L", (shape[1] * 2, shape[0] * 2), 0)
    pen = ImageDraw.Draw(plate)
    for outline, fill in zip(outlines, fills, strict=True):
        pen.polygon([(float(px), float(py)) for px, py in outline * 2], fill=fill)
    small = plate.resize(shape[::-1], Image.Resampling.BOX)
    return np.asarray(small, np.float32) / 255


def swirl(size: int, center: tuple[float, float], radius: float, inward: float = 0.25) -> tuple[Field, Field]:
    """Return the flow angle of a vortex around `center`, in radians, and its weight, both (size, size).

    The weight is a Gaussian of width `radius`; the flow turns inwards by the angle `inward`.
    """
    x, y = grid(size)
    around = np.arctan2(y - center[1], x - center[0]) + np.pi / 2 + inward
    return around, np.exp(-((distance(size, center) / radius) ** 2)).astype(np.float32)


def leaf(center: tuple[float, float], length: float, width: float, turn: float, bend: float = 0.0) -> Points:
    """Return the outline (N, 2) of a leaf or petal that grows from `center` in the direction `turn` (radians).

    `bend` is the curvature of its middle line: the largest offset, as a fraction of `length`.
    """
    t = np.linspace(0, 1, 24)
    half = width / 2 * np.sin(np.pi * t**0.8) ** 0.9
    middle = bend * length * np.sin(np.pi * t)
    along = np.concatenate([t, t[::-1]]) * length
    aside = np.concatenate([middle + half, (middle - half)[::-1]])
    cos, sin = np.cos(turn), np.sin(turn)
    return np.stack([center[0] + along * cos - aside * sin, center[1] + along * sin + aside * cos], -1)
