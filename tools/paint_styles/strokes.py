"""Simulation of brush strokes: middle lines traced along a flow field, bristle marks, and thickness of the paint."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles.noise import Field, Points, Rng, fractal
from tools.paint_styles.palette import Color, vary

# Samples per pixel along and across a stroke; below about 1.2, pinholes remain.
_DENSITY = 1.35
# Strokes per batch; small, because overlapping strokes of a batch do not blend.
_BATCH = 320
_SAMPLES = 1_500_000


@dataclass(frozen=True, kw_only=True)
class Brush:
    """Appearance of the strokes of a brush; lengths are in points (1/1024 of the image's side)."""

    length: float
    width: float
    streak: float = 0.12  # lightness difference between bristles
    ridge: float = 1.0  # thickness of the paint
    dry: float = 0.15  # dry-brush gaps towards the tail, 0 to 1
    alpha: float = 1.0
    light: float = 0.05  # variation of lightness between strokes
    hue: float = 0.03  # variation of hue between strokes
    loaded: float = 0.5  # color difference between the two sides of the brush
    uneven: float = 0.3  # variation of length and width between strokes
    pointed: float = 0.4  # 0: blunt, like a palette knife; 1: pointed at both ends
    square: float = 5.0  # 2: round dab; 5: flat brush; 12: tile


@dataclass
class VariationSheet:
    """Painted surface in progress: color (S, S, 3) in 0..1 and thickness of the paint, `height` (S, S).

    `point` is the number of pixels per point (1/1024 of the side).
    """

    color: Color
    height: Field
    point: float = field(init=False)

    def __post_init__(self) -> None:
        self.point = self.color.shape[0] / 1024

    @classmethod
    def primed(cls, ground: Color) -> VariationSheet:
        """Return a sheet with the image `ground` (S, S, 3) as its color, and a paint height of 0."""
        color = np.ascontiguousarray(ground, np.float32).copy()
        return cls(color, np.zeros(color.shape[:2], np.float32))


def flow(angle: Field) -> Field:
    """Return unit vectors (dx, dy), (S, S, 2), from angles (S, S) in radians (0 is right, pi/2 is down)."""
    return np.stack([np.cos(angle), np.sin(angle)], -1).astype(np.float32)


def lay(
    sheet: VariationSheet,
    brush: Brush,
    at: Points,
    directions: Field,
    picture: Color,
    rng: Rng,
) -> None:
    """Paint one stroke on `sheet` through each point in `at` (N, 2), x and y in 0..1, along the flow `directions`.

    `directions` are unit vectors (S, S, 2), see flow(). A stroke has the color of the image `picture` (S, S, 3), of any
    square size, at the middle of the stroke.
    """
    for some in _batches(sheet, brush, len(at)):
        scale = 1 + brush.uneven * rng.uniform(-1, 1, (len(at[some]), 1))
        spine = _trace(at[some], scale * brush.length / 1024, directions)
        colors = _lookup(picture, spine[:, spine.shape[1] // 2])
        _stroke(sheet, brush, spine, scale, colors, rng)


def dab(sheet: VariationSheet, brush: Brush, at: Points, turns: NDArray[np.float64], colors: Color, rng: Rng) -> None:
    """Paint one straight stroke on `sheet` through each point in `at` (N, 2), x and y in 0..1.

    `turns` are the angles of the strokes in radians and `colors` their colors (N, 3).
    """
    for some in _batches(sheet, brush, len(at)):
        scale = 1 + brush.uneven * rng.uniform(-1, 1, (len(at[some]), 1))
        reach = flow(turns[some]) * scale * brush.length / 2048
        spine = at[some][:, None] + reach[:, None] * np.array([-1.0, 0.0, 1.0])[:, None]
        _stroke(sheet, brush, spine, scale, colors[some], rng)


def _batches(sheet: VariationSheet, brush: Brush, count: int) -> Iterator[slice]:
    long, wide = _samples(sheet, brush)
    batch = int(np.clip(_SAMPLES // (long * wide), 1, _BATCH))
    for start in range(0, count, batch):
        yield slice(start, start + batch)


def _stroke(
    sheet: VariationSheet,
    brush: Brush,
    spine: NDArray[np.float64],
    scale: NDArray[np.float64],
    colors: Color,
    rng: Rng,
) -> None:
    """Paint a batch of N strokes with the middle lines `spine` (N, K, 2), x and y in units of the image's side.

    `scale` (N, 1) multiplies the width of each stroke; `colors` are (N, 3).
    """
    samples = _samples(sheet, brush)
    first = vary(colors, brush.light, brush.hue, rng)
    second = vary(first, brush.light * brush.loaded * 2, brush.hue * brush.loaded * 2, rng)
    streak = _streaks((len(spine), *samples), brush, rng)
    _write(sheet, brush, _spots(sheet, brush, spine, scale, samples), streak, (first, second))


@functools.cache
def _bristles() -> Field:
    """Return the bristle texture (512, 512) shared by all brushes; each stroke uses a random offset."""
    return fractal((512, 512), (90.0, 5.0), np.random.default_rng(0), octaves=3, gain=0.7)


def _lookup(image: Field, at: NDArray[np.float64]) -> Field:
    side = image.shape[0]
    place = np.clip((at * side).astype(np.int64), 0, side - 1)
    found: Field = image[place[..., 1], place[..., 0]]
    return found


def _trace(at: Points, length: NDArray[np.float64], directions: Field, steps: int = 14) -> NDArray[np.float64]:
    """Trace strokes of `length` (N, 1) along the flow, and return their middle lines (N, steps + 1, 2).

    Each passes through a point of `at` (N, 2), with half of the length to either side.
    """
    stride = length / steps
    halves = []
    for sign in (-1.0, 1.0):
        place, heading, way = at, _lookup(directions, at) * sign, []
        for _ in range(steps // 2):
            turn = _lookup(directions, place + heading * stride / 2)
            # Flow lines have no sign, so keep the stroke's current direction.
            agree = np.where((turn * heading).sum(-1, keepdims=True) < 0, -1.0, 1.0)
            heading = turn * agree
            place = place + heading * stride
            way.append(place)
        halves.append(way)
    return np.stack([*reversed(halves[0]), at, *halves[1]], axis=1)


def _resample(spine: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    place = np.linspace(0, spine.shape[1] - 1.001, count)
    low = place.astype(np.int64)
    part = (place - low)[None, :, None]
    return spine[:, low] * (1 - part) + spine[:, low + 1] * part


def _samples(sheet: VariationSheet, brush: Brush) -> tuple[int, int]:
    """Return the number of samples along and across a stroke, enough for the longest and widest stroke of the brush."""
    most = (1 + brush.uneven) * sheet.point * _DENSITY
    return max(int(brush.length * most), 6), max(int(brush.width * most), 3)


def _spots(
    sheet: VariationSheet,
    brush: Brush,
    spine: NDArray[np.float64],
    scale: NDArray[np.float64],
    samples: tuple[int, int],
) -> NDArray[np.int64]:
    """Return the pixels, as (x, y), of all samples of a batch of strokes: (N, samples along, samples across, 2).

    `spine` and `scale` are as in _stroke().
    """
    line = _resample(spine * len(sheet.color), samples[0])
    heading = np.gradient(line, axis=1)
    heading /= np.maximum(np.linalg.norm(heading, axis=-1, keepdims=True), 1e-6)
    normal = np.stack([-heading[..., 1], heading[..., 0]], -1)
    ends = np.abs(np.linspace(-1, 1, samples[0]))
    taper = np.sqrt(1 - ends**brush.square) * (1 - brush.pointed * ends**1.6)
    half = np.maximum(scale * brush.width * sheet.point / 2 * taper, 0.5 * (ends < 0.95))
    reach = (normal * half[..., None])[:, :, None] * np.linspace(-1, 1, samples[1])[:, None]
    spots: NDArray[np.int64] = np.floor(line[:, :, None] + reach).astype(np.int64)
    return spots


def _streaks(shape: tuple[int, int, int], brush: Brush, rng: Rng) -> Field:
    """Return bristle marks of N strokes, from random offsets in the bristle texture.

    `shape` is (N, samples along, samples across).
    """
    count, long, wide = shape
    down = rng.integers(0, 512, (count, 1)) + np.arange(long) * (brush.length / long)
    right = rng.integers(0, 512, (count, 1)) + np.arange(wide) * (brush.width / wide)
    rows, cols = down.astype(np.int64) % 512, right.astype(np.int64) % 512
    return _bristles()[rows[:, :, None], cols[:, None, :]]


def _write(
    sheet: VariationSheet,
    brush: Brush,
    spot: NDArray[np.int64],
    streak: Field,
    tints: tuple[Color, Color],
) -> None:
    """Paint a batch of strokes on the sheet; in each pixel, the last stroke is visible.

    `spot` are the pixels of the samples, from _spots(), `streak` the bristle marks, from _streaks(), and `tints` the
    colors (N, 3) of both sides of the strokes.
    """
    along = np.linspace(0, 1, streak.shape[1], dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, streak.shape[2], dtype=np.float32)[None, :]
    worn = streak + 3.0 - 2.4 * brush.dry - 2.6 * brush.dry * along - 1.2 * across**4
    side = len(sheet.color)
    inside = ((spot >= 0) & (spot < side)).all(-1)
    sample = np.flatnonzero(inside & (worn > 0))
    pixel, sample = _last(spot[..., 1].ravel()[sample] * side + spot[..., 0].ravel()[sample], sample, side)
    owner, row, col = np.unravel_index(sample, streak.shape)
    mark, rim = streak.ravel()[sample], across[0, col]
    mix = np.clip(0.5 + 0.35 * rim + 0.3 * mark, 0, 1)[:, None]
    paint = tints[0][owner] * (1 - mix) + tints[1][owner] * mix
    paint = np.clip(paint + brush.streak * 0.5 * mark[:, None], 0, 1)
    # Paint is thicker at the edges of a stroke and at its end.
    pile = 0.55 + 0.45 * rim**2 + 0.28 * mark + 0.3 * along[row, 0] ** 6 - 0.9 * rim**8
    color, height = sheet.color.reshape(-1, 3), sheet.height.reshape(-1)
    # A stroke thinner than a pixel covers the pixel only partly.
    alpha = brush.alpha * min(brush.width * sheet.point, 1.0)
    color[pixel] = (1 - alpha) * color[pixel] + alpha * paint
    height[pixel] = 0.3 * height[pixel] + brush.ridge * pile


def _last(
    pixel: NDArray[np.int64], sample: NDArray[np.int64], side: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return `pixel` and `sample` with only the last sample of each pixel, for less computation and a defined order.

    `pixel` are flat indices into an image of `side` x `side` pixels, one for each sample.
    """
    winner = np.empty(side * side, np.int32)
    order = np.arange(len(pixel), dtype=np.int32)
    winner[pixel] = order
    kept = winner[pixel] == order
    return pixel[kept], sample[kept]
