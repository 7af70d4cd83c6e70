"""Style image of a meadow painted with a palette knife in thick paint."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, fractal, grid, spread
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.strokes import Brush, VariationSheet, dab, flow, lay
from tools.paint_styles.surface import develop, light, weave


def poppy_meadow(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate poppies under an evening sun, painted with a palette knife, as uint8 RGB (size, size, 3)."""
    side = size * 3 // 2
    picture, heat = _meadow(side, rng)
    tilt = fractal((side, side), side * 0.16, rng, octaves=2)
    _, _y = grid(side)
    ways = flow(np.where(heat > 0.5, -np.pi / 2 + 0.5 * tilt, 0.12 + 0.45 * tilt))
    sheet = VariationSheet.primed(picture * 0.7)
    knife = Brush(length=64, width=30, pointed=0.05, ridge=1.6, light=0.08, hue=0.05, streak=0.14, dry=0.3)
    lay(sheet, knife, spread(2600, rng), ways, picture, rng)
    small = Brush(length=36, width=15, pointed=0.1, ridge=1.6, light=0.1, hue=0.06, streak=0.16, dry=0.3)
    lay(sheet, small, spread(4200, rng), ways, picture, rng)
    _grass(sheet, picture, ways, rng)
    _poppies(sheet, rng)
    return develop(light(sheet.color, sheet.height + 0.08 * weave(side), 0.62, 0.2, soft=1.2), size)


def _meadow(side: int, rng: Rng) -> tuple[Color, Field]:
    x, y = grid(side)
    sun = (0.30, 0.25)
    cloud = fractal((side, side), (side * 0.05, side * 0.22), rng)
    sky = ramp("3f7fa8 7fb3b5 d9cfa0 f6c46b f2925a", y * 2.1 + 0.10 * cloud)
    glow = np.exp(-((shapes.distance(side, sun) / 0.17) ** 2))
    sky = over(sky, (0.85 * glow).astype(np.float32), rgb("fff0b0"))
    sky = over(sky, shapes.disc(side, sun, 0.06), rgb("fffbe0"))
    for level, code in ((0.40, "8f7fae"), (0.44, "5f6f9f"), (0.48, "3f6f74")):
        hill = shapes.skyline(side, level, 0.022, 0.3, rng)
        depth = np.clip((y - hill[None]) / 0.1, 0, 1)[..., None]
        tint = rgb(code) * (1 - 0.4 * depth) + rgb("e0a060") * 0.4 * depth
        sky = over(sky, shapes.below(hill, side), tint)
    edge = shapes.skyline(side, 0.52, 0.012, 0.4, rng)
    field = fractal((side, side), (side * 0.05, side * 0.12), rng)
    grass = ramp("14382b 2d6a3a 6b9a3c b9b84a e6d878", 0.85 - 0.95 * (y - 0.5) + 0.17 * field - 0.2 * (x - 0.4))
    heat = shapes.below(edge, side)
    return over(sky, heat, grass), heat


def _grass(sheet: VariationSheet, picture: Color, ways: NDArray[np.float32], rng: Rng) -> None:
    at = np.stack([rng.uniform(0, 1, 1500), 0.56 + 0.46 * rng.uniform(0, 1, 1500) ** 0.8], -1)
    blade = Brush(length=70, width=6, ridge=1.5, light=0.14, hue=0.08, dry=0.35, pointed=0.9)
    lay(sheet, blade, at, ways, np.clip(picture * 1.15, 0, 1), rng)


def _poppies(sheet: VariationSheet, rng: Rng) -> None:
    """Paint poppies of four sizes on `sheet`, far and small first: short knife strokes around a dark center."""
    for low, high, petal, count in (
        (0.535, 0.60, 9, 170),
        (0.60, 0.70, 16, 90),
        (0.69, 0.83, 26, 42),
        (0.82, 0.98, 38, 20),
    ):
        hearts = np.stack([rng.uniform(0, 1, count), np.sort(rng.uniform(low, high, count))], -1)
        for some in np.array_split(hearts, max(count // 6, 1)):
            _blooms(sheet, some, petal, rng)


def _blooms(sheet: VariationSheet, hearts: Points, petal: float, rng: Rng) -> None:
    turns = np.sort(rng.uniform(0, 2 * np.pi, (len(hearts), 9)))
    ring = rng.uniform(0.25, 0.6, turns.shape) * petal / 1024
    at = hearts[:, None] + np.stack([np.cos(turns) * ring * 1.25, np.sin(turns) * ring * 0.8], -1)
    lit = np.clip(0.45 - 0.5 * np.sin(turns) + rng.normal(0, 0.12, turns.shape), 0, 1).ravel()
    reds = ramp("7f1420 c41f26 e8402a f4742f f7a05a", lit.astype(np.float32))
    brush = Brush(length=petal, width=petal * 0.75, pointed=0.25, ridge=2.4, light=0.05, hue=0.05, dry=0.2)
    dab(sheet, brush, at.reshape(-1, 2), turns.ravel() + 1.2, reds, rng)
    if petal > 12:
        dark = Brush(length=petal * 0.35, width=petal * 0.3, ridge=1.2, light=0.03)
        dab(sheet, dark, hearts, rng.uniform(0, 3, len(hearts)), np.tile(rgb("241018"), (len(hearts), 1)), rng)
