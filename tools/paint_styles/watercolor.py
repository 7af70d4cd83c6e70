"""Style image in watercolor: transparent washes with irregular, dark edges and pooled pigment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Rng, fractal, grid, step, warp
from tools.paint_styles.palette import Color, box, enrich, rgb
from tools.paint_styles.surface import develop, light, paper


@dataclass(frozen=True)
class _Water:
    """Random fields shared by all washes of an image: paper grain, displacement of edges, and pooling of pigment."""

    tooth: Field
    wander: tuple[Field, Field]
    pool: Field

    @classmethod
    def on(cls, side: int, rng: Rng) -> _Water:
        wide = (side * 3 // 2, side * 3 // 2)
        ragged = [fractal(wide, side * 0.05, rng, octaves=5, gain=0.6) for _ in range(2)]
        pool = fractal(wide, side * 0.08, rng, octaves=4)
        return cls(paper(side, rng, tooth=4.5), (ragged[0], ragged[1]), pool)


def iris_pond(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate irises at a misty pond in watercolor, as uint8 RGB (size, size, 3)."""
    side = size * 3 // 2
    water = _Water.on(side, rng)
    sheet = np.broadcast_to(rgb("fcf7ec"), (side, side, 3)).astype(np.float32)
    _backdrop(sheet, water, rng)
    for cx, cy, scale in _beds(rng):
        _iris(sheet, (cx, cy), scale, water, rng)
    _splashes(sheet, water, rng)
    return develop(light(enrich(sheet, 1.12), 0.35 * water.tooth, 0.10, 0.0, soft=1.0), size)


def _wash(sheet: Color, shape: Field, pigment: Color, water: _Water, rng: Rng, wander: float = 0.012) -> None:
    """Paint a transparent wash of the color `pigment` into the image `sheet`, where `shape` (S, S) is above about 0.5.

    Its edges are dark and displaced by up to about `wander` (units of the side); the paper grain is visible.
    """
    side = len(sheet)
    rows, cols = (np.flatnonzero((shape > 0.02).any(axis)) for axis in (1, 0))
    if len(rows) == 0:
        return
    margin = int(4 * wander * side) + 2
    window = np.s_[
        max(rows[0] - margin, 0) : min(rows[-1] + margin, side), max(cols[0] - margin, 0) : min(cols[-1] + margin, side)
    ]
    down, right = (int(n) for n in rng.integers(0, side // 2, 2))
    bend = [wander * side * field[down:, right:][window] for field in water.wander]
    ragged = warp(shape[window], bend[0], bend[1])
    wet = step(0.44, 0.54, ragged)
    rim = np.exp(-(((ragged - 0.56) / 0.07) ** 2)) * wet
    pool = 0.62 + 0.24 * water.pool[down:, right:][window] + 0.11 * water.tooth[window]
    load = np.clip(wet * (pool + 0.6 * rim), 0, 1.6)
    sheet[window] *= np.power(np.clip(pigment, 0.02, 1), load[..., None])


def _backdrop(sheet: Color, water: _Water, rng: Rng) -> None:
    side = len(sheet)
    _x, y = grid(side)
    for level, swing, code in (
        (-0.2, 0.0, "cde6f6"),
        (0.10, 0.05, "fcdcc4"),
        (0.24, 0.05, "c8d2f6"),
        (0.36, 0.04, "b4e0ee"),
        (0.50, 0.03, "cdf2e0"),
        (0.66, 0.03, "c0eaa0"),
        (0.82, 0.03, "a4dc90"),
    ):
        line = shapes.skyline(side, level, swing, 0.2, rng)
        shape = step(-0.035, 0.035, y - line[None]) * step(0.62, 0.3, y - level - 0.1)
        _wash(sheet, shape, rgb(code), water, rng)
    for _ in range(16):
        center = (rng.uniform(0, 1), rng.uniform(0, 0.95))
        bloom = step(1.3, 0.7, shapes.distance(side, center, 1.4) / rng.uniform(0.05, 0.12))
        _wash(sheet, bloom, box("e2c4ea fbe0a8 b4e2e6 f8c4bc")[rng.integers(4)], water, rng, 0.03)


def _beds(rng: Rng) -> list[tuple[float, float, float]]:
    """Return (x, y, size) of each flower, far ones first; x and y are in 0..1."""
    places = [
        (0.13, 0.24, 0.85),
        (0.62, 0.20, 0.95),
        (0.90, 0.36, 1.0),
        (0.36, 0.40, 1.25),
        (0.73, 0.57, 1.45),
        (0.15, 0.63, 1.4),
        (0.46, 0.79, 1.3),
        (0.93, 0.84, 1.1),
    ]
    return [(cx + rng.normal(0, 0.01), cy + rng.normal(0, 0.01), s) for cx, cy, s in places]


def _iris(sheet: Color, center: tuple[float, float], scale: float, water: _Water, rng: Rng) -> None:
    side = len(sheet)
    cx, cy = center
    for lean in (-0.25, 0.15, 0.4):
        long = (1.0 - cy) * rng.uniform(0.75, 1.0)
        blade = shapes.leaf((cx + 0.05 * lean, 1.06), long, 0.032 * scale, -np.pi / 2 + lean * 0.6, 0.06 * lean)
        _wash(sheet, _soft(side, blade), box("7fbf6a 4fa08a b4cf58")[rng.integers(3)], water, rng, 0.003)
    turns = ((-2.3, 0.11), (-0.85, 0.11), (-1.57, 0.13), (0.5, 0.13), (2.6, 0.13), (1.57, 0.14))
    petals = [
        shapes.leaf(center, long * scale, 0.085 * scale, turn + rng.normal(0, 0.12), rng.normal(0, 0.08))
        for turn, long in turns
    ]
    # The flower's area is kept mostly paper white, so that its colors stay clear.
    reserve = _soft(side, *petals)[..., None] * np.float32(0.82)
    sheet[:] = sheet * (1 - reserve) + rgb("fcf7ec") * reserve
    tints = box("b090f0 8f9cf4 dc96dc f29ac0")
    first = rng.integers(4)
    for (turn, long), petal in zip(turns, petals, strict=True):
        _wash(sheet, _soft(side, petal), tints[(first + int(turn > 0)) % 4], water, rng, 0.005)
        vein = shapes.leaf(center, long * scale * 0.75, 0.026 * scale, turn + rng.normal(0, 0.1))
        _wash(sheet, _soft(side, vein), rgb("8a5fd8") if turn < 0 else rgb("ffc23a"), water, rng, 0.004)


def _soft(side: int, *outlines: NDArray[np.float64]) -> Field:
    """Return a slightly blurred mask (S, S) of polygons, because _wash() needs a soft mask; `side` is S."""
    soft: Field = ndimage.gaussian_filter(shapes.polygons(side, outlines), side * 0.0022)
    return soft


def _splashes(sheet: Color, water: _Water, rng: Rng) -> None:
    side = len(sheet)
    shape = np.zeros((side, side), np.float32)
    for _ in range(70):
        shape = np.maximum(shape, shapes.disc(side, (rng.uniform(0, 1), rng.uniform(0, 1)), rng.uniform(0.001, 0.006)))
    _wash(sheet, shape, rgb("8f9fe0"), water, rng, 0.002)
