"""Style image of a night sky in oil: thick strokes along eddies, lit from the upper left."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Rng, fractal, grid, spread
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.strokes import Brush, VariationSheet, flow, lay
from tools.paint_styles.surface import develop, light, weave

_MOON = (0.74, 0.21)


_EDDIES = ((0.30, 0.24, 0.17), (0.54, 0.40, 0.10), (0.07, 0.46, 0.11), (0.95, 0.46, 0.10))


_STARS = ((0.10, 0.10), (0.47, 0.09), (0.91, 0.07), (0.62, 0.52), (0.17, 0.55), (0.56, 0.23), (0.40, 0.53))


def night_over_the_bay(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate a swirling night sky over a bay with dark hills and lit windows, as uint8 RGB (size, size, 3)."""
    side = size * 3 // 2
    shore = shapes.skyline(side, 0.68, 0.018, 0.35, rng)
    picture = _night(side, shore, rng)
    ways = flow(_night_angles(side, shore, rng))
    sheet = VariationSheet.primed(picture * 0.55)
    lay(sheet, Brush(length=74, width=17, light=0.07, hue=0.05), spread(4200, rng), ways, picture, rng)
    fine = Brush(length=52, width=9.5, light=0.09, hue=0.06, streak=0.16, ridge=1.2)
    lay(sheet, fine, spread(9000, rng), ways, picture, rng)
    _lamps(sheet, picture, ways, rng)
    height = sheet.height + 0.10 * weave(side)
    return develop(light(sheet.color, height, 0.42, 0.16, soft=1.1), size)


def _night(side: int, shore: Field, rng: Rng) -> Color:
    x, y = grid(side)
    turbulence = fractal((side, side), side * 0.12, rng)
    sky = ramp("0b1440 14276b 1f4c9a 3a7fbf 86b9c9 d9cf95", 0.12 + 0.62 * y + 0.10 * turbulence)
    for cx, cy, radius in _EDDIES:
        d = shapes.distance(side, (cx, cy))
        bands = 0.5 + 0.5 * np.sin(d / radius * 13 + 2.5 * np.arctan2(y - cy, x - cx))
        glow = ramp("12245f 2f6fb5 7fb9c4 e9e3b0", bands)
        sky = over(sky, 0.8 * np.exp(-((d / radius) ** 2)), glow)
    for cx, cy in (*_STARS, _MOON):
        radius = 0.115 if (cx, cy) == _MOON else 0.034
        d = shapes.distance(side, (cx, cy)) / radius
        halo = ramp("fff6c8 ffd95e f0a93a b9c98a 5f9fb8", d / 2.0)
        sky = over(sky, np.exp(-(d**4) / 10).astype(np.float32), halo)
    return _land(sky, side, shore, rng)


def _land(sky: Color, side: int, shore: Field, rng: Rng) -> Color:
    x, y = grid(side)
    hills = shapes.skyline(side, 0.60, 0.032, 0.22, rng)
    depth = np.clip((y - hills) / 0.10, 0, 1)
    picture = over(sky, shapes.below(hills, side), ramp("2b4f86 1c3a63 16324a 1f4a44", depth))
    flicker = fractal((side, side), (side * 0.008, side * 0.06), rng, octaves=2)
    glitter = np.exp(-(((x - _MOON[0]) / 0.09) ** 2)) * 1.1 + 0.25 * flicker
    water = ramp("0d1d4d 17407f 2b6aa5 6fa6b4 f2d27a", 0.28 + 0.35 * glitter + 0.2 * (0.7 - y))
    picture = over(picture, shapes.below(shore, side), water)
    bank = shapes.skyline(side, 0.93, 0.03, 0.3, rng) - 0.10 * np.exp(-(((x[0] - 0.1) / 0.16) ** 2))
    grass = ramp("0b1d2c 14403f 2c6b4b 8a8f3c", 0.4 + 0.3 * fractal((side, side), side * 0.05, rng))
    return over(picture, shapes.below(bank, side), grass)


def _night_angles(side: int, shore: Field, rng: Rng) -> Field:
    _, y = grid(side)
    drift = 0.35 * fractal((side, side), side * 0.35, rng, octaves=2) + 0.25 * np.sin(y * 14)
    east, south = np.cos(drift) * 0.35, np.sin(drift) * 0.35
    circles = [(cx, cy, r, 0.12) for cx, cy, r in _EDDIES] + [(*_MOON, 0.13, 0.0)]
    circles += [(cx, cy, 0.05, 0.0) for cx, cy in _STARS]
    for cx, cy, radius, inward in circles:
        around, weight = shapes.swirl(side, (cx, cy), radius, inward)
        east, south = east + 1.6 * weight * np.cos(around), south + 1.6 * weight * np.sin(around)
    wet = shapes.below(shore, side)
    ripples = 0.16 * fractal((side, side), side * 0.1, rng, octaves=2)
    return np.where(wet > 0.5, ripples, np.arctan2(south, east)).astype(np.float32)


def _lamps(sheet: VariationSheet, picture: Color, ways: NDArray[np.float32], rng: Rng) -> None:
    """Paint lit windows along the shore and their reflections on `sheet`.

    `picture` is the motif, (S, S, 3), and `ways` are the directions of strokes, (S, S, 2).
    """
    count = 17
    xs = (np.arange(count) + rng.uniform(0.1, 0.9, count)) / count
    warm = np.broadcast_to(rgb("ffc94a"), picture.shape)
    at = np.stack([xs, 0.66 + rng.uniform(-0.014, 0.014, count)], -1)
    lay(sheet, Brush(length=15, width=13, ridge=2.0, light=0.06, hue=0.08), at, ways, warm, rng)
    drops = 16
    depth = rng.uniform(0, 1, (count, drops)) ** 1.4
    wander = rng.normal(0, 0.003, depth.shape) * (1 + 2 * depth)
    at = np.stack([xs[:, None] + wander, 0.695 + 0.13 * depth], -1).reshape(-1, 2)
    streak = Brush(length=30, width=5, ridge=1.3, light=0.08, hue=0.08, dry=0.3, pointed=0.8)
    lay(sheet, streak, at, ways, over(picture, np.full(picture.shape[:2], 0.75, np.float32), warm), rng)
