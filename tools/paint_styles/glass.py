"""Style image of stained glass: streaky pieces of glass in lead strips."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Rng, cells, fractal, grid, spread, step
from tools.paint_styles.palette import Color, enrich, over, ramp, rgb, vary
from tools.paint_styles.pieces import piece_means, seams
from tools.paint_styles.surface import develop, light, relief

_TULIPS = (
    (0.06, 0.86),
    (0.18, 0.93),
    (0.13, 0.76),
    (0.70, 0.90),
    (0.80, 0.80),
    (0.90, 0.92),
    (0.95, 0.74),
    (0.56, 0.96),
    (0.31, 0.97),
)
_PETALS = (("e0324a", "a81f45"), ("f26a3a", "c9402f"), ("d04a9a", "8f3090"), ("f7c23a", "e89a2a"))


def cathedral_garden(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate stained glass of a sun over hills, a winding river and tulips, as uint8 RGB (size, size, 3)."""
    side = size * 3 // 2
    picture, regions = _garden(side, rng)
    bend = 0.004 * fractal((side, side), side * 0.06, rng, octaves=2)
    index, _, _ = cells(side, spread(420, rng), (bend, bend[::-1]))
    numbered, means = piece_means(index + 10_000 * regions, picture)
    tint = vary(means, 0.05, 0.045, rng)[numbered]
    point = side / 1024
    away = seams(numbered) / point
    streaks = fractal((side, side), (side * 0.012, side * 0.07), rng)
    bubbles = fractal((side, side), side * 0.02, rng)
    glow = 1.0 + 0.13 * streaks + 0.10 * bubbles + 0.22 * (1 - np.exp(-away / 14)) - 0.16
    glass = enrich(np.clip(tint * glow[..., None] + 0.05 * np.maximum(streaks, 0)[..., None], 0, 1), 1.18)
    glass = light(glass, 0.5 * bubbles + 0.4 * streaks, 0.16, 0.05, soft=1.5)
    width = 3.1 + 0.5 * fractal((side, side), side * 0.05, rng, octaves=2)
    came = np.sqrt(np.maximum(1 - (away / width) ** 2, 0)) * 5 * point
    shine = relief(came + 0.25 * fractal((side, side), 4 * point, rng, octaves=2), 0.8 * point)
    lead = rgb("1c1b22") + 0.30 * np.maximum(shine, 0)[..., None] * rgb("b9c0cc")
    return develop(over(glass, step(1.0, 0.75, away / width), lead), size)


def _garden(side: int, rng: Rng) -> tuple[Color, NDArray[np.int64]]:
    """Return the design of the window, an image (S, S, 3), and the piece label of each pixel; `side` is S."""
    x, y = grid(side)
    sun = (0.62, 0.27)
    turn = np.arctan2(y - sun[1], x - sun[0])
    far = shapes.distance(side, sun)
    rays = np.floor((turn + np.pi) / (2 * np.pi) * 26 + 0.15 * np.sin(far * 30)).astype(np.int64) % 26
    picture = ramp("ffe9a0 f7b64a e8743b b8478a 5a4fb0 2f6fc0 2a8fc8", far * 1.7 + 0.06 * (rays % 2))
    regions = rays + 1
    for radius, code, number in ((0.145, "f9a63a", 60), (0.105, "ffd24a", 61), (0.055, "ffe27a", 62)):
        inside = far < radius
        regions = np.where(inside, number + (rays % 13) * (number == 60) * 10, regions)
        picture = over(picture, inside.astype(np.float32), rgb(code))
    hills = ((0.50, 0.035, "3f5fb0"), (0.57, 0.03, "2f8a8f"), (0.65, 0.028, "3fa05a"), (0.75, 0.02, "1f7a4a"))
    for number, (level, swing, code) in enumerate(hills):
        line = shapes.skyline(side, level, swing, 0.3, rng, octaves=2)
        inside = y > line[None]
        stripe = ((y - line[None]) / 0.035).astype(np.int64) % 3
        picture = over(picture, inside.astype(np.float32), np.clip(rgb(code) * (0.8 + 0.25 * stripe[..., None]), 0, 1))
        regions = np.where(inside, 300 + 10 * number + stripe, regions)
    middle = 0.42 + 0.13 * np.sin(9 * y + 0.4) * (y - 0.5) * 2.2
    river = (np.abs(x - middle) < 0.015 + 0.24 * (y - 0.57)) & (y > 0.57)
    band = ((x - middle) / 0.03 + 40).astype(np.int64)
    water = ramp("1f4fae 4fa0dc a8dcf0", 0.5 + 0.5 * np.sin(band * 2.0))
    picture, regions = over(picture, river.astype(np.float32), water), np.where(river, 400 + band, regions)
    return _tulips(picture, regions, rng)


def _tulips(picture: Color, regions: NDArray[np.int64], rng: Rng) -> tuple[Color, NDArray[np.int64]]:
    """Return image and piece labels with tulips of two leaves and three petals, each a separate piece."""
    number = 600
    for kind, (cx, cy) in enumerate(_TULIPS):
        bright, deep = _PETALS[kind % len(_PETALS)]
        up = rng.normal(0, 0.12) - np.pi / 2
        parts = [(shapes.leaf((cx, cy + 0.15), 0.16, 0.04, up - 0.35, 0.1), "2f9a4a")]
        parts += [(shapes.leaf((cx, cy + 0.15), 0.15, 0.04, up + 0.35, 0.1), "57b04a")]
        parts += [(shapes.leaf((cx, cy + 0.05), 0.115, 0.05, up + lean), bright) for lean in (-0.42, 0.42)]
        parts += [(shapes.leaf((cx, cy + 0.05), 0.115, 0.05, up), deep)]
        for outline, code in parts:
            inside = shapes.polygons(len(regions), [outline]) > 0.5
            picture, number = over(picture, inside.astype(np.float32), rgb(code)), number + 1
            regions = np.where(inside, number, regions)
    return picture, regions
