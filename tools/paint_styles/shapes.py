"""Shapes for compositions: ridges, discs, polygons and swirls, as masks with soft edges; curves and ribbons, as points.

Positions and lengths are in units of the image's side; images are `size` x `size` pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw
from scipy.interpolate import make_interp_spline

from tools.paint_styles.noise import Field, Points, Rng, fractal, grid, step
from tools.paint_styles.palette import Color, over


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
    left, top, right, bottom = _around(size, outlines)
    shape = (bottom - top, right - left)
    masks = [_fill(shape, [outline * size - (left, top)], [255]) for outline in outlines]
    rows, cols = (np.mgrid[top:bottom, left:right] + 0.5) / size
    return Cut((slice(top, bottom), slice(left, right)), masks, cols, rows)


def fill(color: Color, outlines: Sequence[Points], tint: Color) -> None:
    """Paint all outlines with `tint`, a color or an image (S, S, 3), into `color`, computed only in their window."""
    size = len(color)
    left, top, right, bottom = _around(size, outlines)
    window = slice(top, bottom), slice(left, right)
    mask = _fill(
        (bottom - top, right - left), [outline * size - (left, top) for outline in outlines], [255] * len(outlines)
    )
    color[window] = over(color[window], mask, tint if tint.ndim == 1 else tint[window])


def _around(size: int, outlines: Sequence[Points]) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of the window around all outlines, in pixels, inside the image."""
    corners = np.concatenate(outlines) * size
    left, top = np.clip(np.floor(corners.min(0)).astype(int) - 2, 0, size)
    right, bottom = np.clip(np.ceil(corners.max(0)).astype(int) + 2, 0, size)
    return int(left), int(top), int(right), int(bottom)


def _fill(shape: tuple[int, int], outlines: Sequence[Points], fills: Sequence[int]) -> Field:
    """Return a mask of `shape` with filled polygons, whose outlines are in pixels; `fills` are values of 0..255.

    Polygons are rendered at twice the size for smooth edges.
    """
    if 0 in shape:
        return np.zeros(shape, np.float32)
    plate = Image.new("L", (shape[1] * 2, shape[0] * 2), 0)
    pen = ImageDraw.Draw(plate)
    for outline, fill in zip(outlines, fills, strict=True):
        pen.polygon((outline * 2).ravel().tolist(), fill=fill)
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


def curve(knots: Sequence[tuple[float, float] | Points] | Points, count: int = 60) -> Points:
    """Return `count` points (count, 2) along a smooth curve through `knots`."""
    through = np.asarray(knots, np.float64)
    gaps = np.maximum(np.linalg.norm(np.diff(through, axis=0), axis=1), 1e-9)
    place = np.concatenate([[0.0], np.cumsum(gaps)])
    spline = make_interp_spline(place, through, k=min(3, len(through) - 1))
    points: Points = spline(np.linspace(0, place[-1], count))
    return points


def ribbon(line: Points, width: Points | float) -> list[Points]:
    """Return the outlines of the pieces of a band along `line` (N, 2); `width`, (N,) or one for all, is in its units.

    One polygon would have holes where a tight curve overlaps itself.
    """
    heading = np.gradient(line, axis=0)
    heading /= np.maximum(np.linalg.norm(heading, axis=1, keepdims=True), 1e-9)
    half = np.stack([-heading[:, 1], heading[:, 0]], -1) * (np.broadcast_to(width, len(line))[:, None] / 2)
    left, right = line + half, line - half
    return [np.stack([left[i], left[i + 1], right[i + 1], right[i]]) for i in range(len(line) - 1)]


def taper(count: int, start: float = 0.3, end: float = 0.0) -> Points:
    """Return relative widths (count,) of a stroke that swells from `start` to 1 and thins to `end`."""
    t = np.linspace(0, 1, count)
    swell: Points = np.where(t < 0.3, start + (1 - start) * np.sin(t / 0.3 * np.pi / 2), 1.0)
    return swell * (1 - (1 - end) * np.clip((t - 0.3) / 0.7, 0, 1) ** 1.7)
