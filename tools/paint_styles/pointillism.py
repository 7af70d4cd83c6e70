"""Style image in pointillism: dots of pure color side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Rng, fractal, grid, spread, step
from tools.paint_styles.palette import Color, box, enrich, over, ramp, rgb
from tools.paint_styles.strokes import Brush, VariationSheet, flow, lay
from tools.paint_styles.surface import develop, light, weave

# The pure colors of a divisionist palette.
_TUBES = "f7f0d8 f5d547 f09a2c e2572b c22f45 7a3f86 3b3f8f 2f74b5 58b0c4 2f8f66 86b53f 1d3f3c d98fa6"


def river_afternoon(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate sails on a river, trees and their shadows in dots, as uint8 RGB (size, size, 3)."""
    side = size * 3 // 2
    picture = _river(side, rng)
    tilt = flow(1.2 * fractal((side, side), side * 0.2, rng, octaves=2))
    sheet = VariationSheet.primed(over(picture, np.full((side, side), 0.45, np.float32), rgb("efe0b8")))
    dot = {"pointed": 0.0, "square": 2.2, "streak": 0.06, "ridge": 0.8, "dry": 0.05, "loaded": 0.2}
    for length, width, count, purity in ((13, 11, 9000, 0.25), (9.5, 8, 15000, 0.45), (7.5, 6.5, 12000, 0.6)):
        brush = Brush(length=length, width=width, light=0.07, hue=0.07, **dot)
        lay(sheet, brush, spread(count, rng), tilt, _divide(picture, purity, rng), rng)
    height = sheet.height + 0.12 * weave(side, 4.5)
    return develop(light(sheet.color, height, 0.25, 0.06), size)


def _divide(picture: Color, purity: float, rng: Rng) -> Color:
    """Return the image with each color blended with a random pure color; similar ones are likelier.

    `purity` is the share of the pure color, 0 to 1. The pure colors are those in _TUBES.
    """
    tubes = box(_TUBES)
    small = picture[::2, ::2]
    gap = np.linalg.norm(small[..., None, :] - tubes, axis=-1)
    gap += 0.16 * rng.gumbel(size=gap.shape).astype(np.float32)
    pure = tubes[gap.argmin(-1)]
    divided: Color = (small * (1 - purity) + pure * purity).astype(np.float32)
    return divided


def _river(side: int, rng: Rng) -> Color:
    x, y = grid(side)
    cloud = fractal((side, side), (side * 0.06, side * 0.2), rng)
    sky = ramp("6fa8d0 a9d0d8 f4e8c4 f8cf9a f4b08a", y * 2.5 + 0.13 * cloud)
    sky = over(sky, 0.9 * step(0.3, 1.6, cloud) * step(0.34, 0.1, y), rgb("fff4e4"))
    bank = shapes.skyline(side, 0.36, 0.012, 0.2, rng)
    far = ramp("5a6fae 6f9fa0 9fc27f", 0.5 + 0.3 * fractal((side, side), side * 0.04, rng))
    sky = over(sky, shapes.below(bank, side), far)
    ripple = fractal((side, side), (side * 0.006, side * 0.07), rng, octaves=2)
    water = ramp("24589a 3f8fc4 86c4d0 f0dca8 f7c07f", 0.95 - 1.6 * (y - 0.38) + 0.2 * ripple)
    picture = over(sky, step(0.40, 0.408, y), water)
    picture = _boats(picture, side)
    shore = 0.70 + 0.10 * np.sin(2.6 * x[0] + 2.2) + 0.006 * fractal((1, side), (1.0, side * 0.05), rng)[0]
    meadow = fractal((side, side), side * 0.05, rng)
    grass = ramp("3f8f4f 7fb54a b9cf52 f0dc5f", 0.65 + 0.2 * meadow - 0.9 * (y - 0.75))
    picture = over(picture, shapes.below(shore.astype(np.float32), side), grass)
    return enrich(_trees(picture, side, rng), 1.15)


def _boats(picture: Color, side: int) -> Color:
    for cx, foot, tall in ((0.52, 0.52, 0.20), (0.74, 0.45, 0.10), (0.30, 0.44, 0.08), (0.88, 0.58, 0.17)):
        for flip, shade in ((-1.0, 0.42), (1.0, 1.0)):
            top = foot - flip * tall
            sail = np.array([[cx, foot], [cx, top], [cx + 0.42 * tall, foot - flip * 0.02 * tall]])
            jib = np.array([[cx - 0.02 * tall, foot], [cx, top + flip * tall * 0.15], [cx - 0.3 * tall, foot]])
            tint = rgb("fff2dc") if cx != 0.74 else rgb("e8704a")
            mask = shapes.polygons(side, [sail, jib], [255, 205]) * np.float32(shade)
            picture = over(picture, mask, tint)
        hull = np.array([[-0.4, 0.0], [0.5, 0.0], [0.36, 0.1], [-0.3, 0.1]]) * tall + [cx, foot]
        picture = over(picture, shapes.polygons(side, [hull]), rgb("5a2a48"))
    return picture


def _trees(picture: Color, side: int, rng: Rng) -> Color:
    """Return the image with round crowns lit from the left, trunks, and shadows on the grass."""
    x, y = grid(side)
    for cx, crown, radius, foot in ((0.10, 0.33, 0.17, 0.80), (0.30, 0.50, 0.085, 0.79), (0.93, 0.36, 0.13, 0.76)):
        shadow = np.exp(-((((x - cx - 0.10) / (radius * 1.5)) ** 2 + ((y - foot - 0.02) / 0.028) ** 2) ** 2))
        picture = over(picture, (0.85 * shadow).astype(np.float32), rgb("2c5a6c"))
        trunk = np.array([[cx - 0.012, crown], [cx + 0.012, crown], [cx + 0.017, foot], [cx - 0.017, foot]])
        picture = over(picture, shapes.polygons(side, [trunk]), rgb("4a2f52"))
        lumps = 0.18 * fractal((side, side), side * 0.07, rng)
        inside = shapes.distance(side, (cx, crown)) / radius + lumps
        lit = 0.55 - 0.35 * ((x - cx) + (y - crown)) / radius + 0.16 * fractal((side, side), side * 0.03, rng)
        leaves = ramp("1d3f5a 226b52 4f9a44 a9c043 f5dc5a", lit)
        picture = over(picture, step(1.03, 0.97, inside), leaves)
    return picture
