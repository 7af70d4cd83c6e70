"""Style image in colored pencil: layers of thin strokes on paper with visible grain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Rng, choose, fractal, grid, spread, step
from tools.paint_styles.palette import Color, enrich, over, ramp, rgb
from tools.paint_styles.strokes import Brush, VariationSheet, flow, lay
from tools.paint_styles.surface import develop, paper


def autumn_birches(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate white birch trunks in an autumn wood in colored pencil, as uint8 RGB (size, size, 3)."""
    side = size * 3 // 2
    picture, bark = _birches(side, rng)
    sheet = VariationSheet.primed(np.broadcast_to(rgb("f6efdf"), (side, side, 3)))
    sway = 0.35 * fractal((side, side), side * 0.2, rng, octaves=2)
    for turn, count, alpha, width in ((-0.9, 15000, 0.5, 3.4), (-0.35, 11000, 0.45, 3.0), (-1.25, 11000, 0.5, 2.6)):
        ways = flow(np.where(bark > 0.5, 1.5 + 0.25 * sway, turn + sway))
        pencil = Brush(length=50, width=width, alpha=alpha, light=0.09, hue=0.09, dry=0.25, pointed=0.5, streak=0.1)
        lay(sheet, pencil, spread(count, rng), ways, picture, rng)
    ring = Brush(length=17, width=2.8, alpha=0.7, light=0.07, hue=0.05, dry=0.2, pointed=0.6)
    lay(sheet, ring, choose(spread(16000, rng), bark, 0.8, rng), flow(0.1 + 0.4 * sway), picture, rng)
    grain = paper(side, rng, tooth=2.4)
    bare = 0.55 * step(0.35, 1.9, grain)
    color = over(sheet.color * (1 - 0.06 * np.clip(-grain, 0, 2))[..., None], bare, rgb("f8f1e2"))
    return develop(enrich(color, 1.2), size)


def _birches(side: int, rng: Rng) -> tuple[Color, Field]:
    _x, y = grid(side)
    clumps = fractal((side, side), side * 0.10, rng)
    crowns = ramp("3b4f86 7a5fa0 b5506a d9642f f0a02f f6d050 a9b04a", 0.62 - 0.25 * (y - 0.4) + 0.2 * clumps)
    sky = over(crowns, step(0.5, 1.3, fractal((side, side), side * 0.07, rng)) * step(0.55, 0.1, y), rgb("9fd0e0"))
    floor = shapes.skyline(side, 0.76, 0.012, 0.2, rng)
    litter = fractal((side, side), (side * 0.02, side * 0.07), rng)
    ground = ramp("4a2f4f 8f3f3f c4622f e89a3a 8f9a45", 0.5 + 0.24 * litter)
    picture = over(sky, shapes.below(floor, side), ground)
    bark = np.zeros((side, side), np.float32)
    for cx, width, foot in (
        (0.58, 0.016, 0.77),
        (0.33, 0.018, 0.78),
        (0.95, 0.03, 0.83),
        (0.74, 0.042, 0.92),
        (0.46, 0.028, 0.83),
        (0.15, 0.055, 0.97),
    ):
        picture, trunk = _birch(picture, side, (cx, width, foot), rng)
        bark = np.maximum(bark, trunk)
    return picture, bark


def _birch(picture: Color, side: int, place: tuple[float, float, float], rng: Rng) -> tuple[Color, Field]:
    cx, width, foot = place
    x, y = grid(side)
    middle = cx + 0.010 * np.sin(7 * y + 20 * cx) + 0.05 * (0.5 - cx) * (0.8 - y)
    half = width * (0.72 + 0.4 * y) + 0.6 * width * np.exp((y - foot) * 30)
    across = (x - middle) / half
    mask = step(1.04, 0.94, np.abs(across)) * step(foot + 0.004, foot - 0.004, y)
    shade = ramp("fffaf0 f5ead8 c9bfd0 8f86b0 4a4a78", 0.42 + 0.5 * across)
    scars = fractal((side, side), (side * 0.007, side * 0.045), rng, octaves=3)
    shade = over(shade, 0.92 * step(0.75, 1.15, scars), rgb("2d2438"))
    return over(picture, mask, shade), mask
