"""Cubist style image: a scene split into facets, each with its own color, shift and shading."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Rng, fractal, grid, spread, step
from tools.paint_styles.palette import Color, enrich, over, ramp, rgb, vary
from tools.paint_styles.strokes import Brush, VariationSheet, flow, lay
from tools.paint_styles.surface import develop, light, weave

_SAILS = (
    (0.30, 0.70, 0.55, "f3e3c0", "d9a860"),
    (0.55, 0.78, 0.66, "e8c88a", "b9532f"),
    (0.80, 0.68, 0.44, "f0dcc0", "6f93a0"),
    (0.10, 0.64, 0.34, "d9b27a", "8a3f34"),
)


def regatta_facets(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate a scene of sails, sun and harbor, split into shaded facets, as uint8 RGB (size, size, 3)."""
    side = size * 3 // 2
    x, y = grid(side)
    labels, shade = _breaks(x, y, rng)
    count = int(labels.max()) + 1
    shift = (rng.uniform(-0.035, 0.035, (count, 2)) * side)[labels]
    scene = _regatta(side, rng)
    rows, cols = np.indices(labels.shape)
    moved = scene[
        np.clip(rows + shift[..., 1], 0, side - 1).astype(np.int64),
        np.clip(cols + shift[..., 0], 0, side - 1).astype(np.int64),
    ]
    tinted = moved * vary(np.full((count, 3), 0.93, np.float32), 0.05, 0.045, rng)[labels]
    picture = enrich(np.clip(tinted * (1.10 + shade)[..., None], 0, 1), 1.3)
    ways = flow(rng.uniform(0, np.pi, count).astype(np.float32)[labels])
    sheet = VariationSheet.primed(picture)
    broad = Brush(length=34, width=13, light=0.05, hue=0.03, streak=0.13, pointed=0.1, dry=0.35, ridge=1.1)
    lay(sheet, broad, spread(6500, rng), ways, picture, rng)
    small = Brush(length=20, width=6, light=0.05, hue=0.03, streak=0.13, pointed=0.2, dry=0.4, ridge=1.0)
    lay(sheet, small, spread(9000, rng), ways, picture, rng)
    # Strokes blur the facet edges; blending with the facet colors restores the edges.
    sheet.color[:] = over(sheet.color, np.full((side, side), 0.55, np.float32), picture)
    height = sheet.height + 0.12 * weave(side)
    return develop(light(sheet.color, height, 0.36, 0.08), size)


def _breaks(x: Field, y: Field, rng: Rng) -> tuple[NDArray[np.int64], Field]:
    """Return the facet label of each pixel, and a shading: dark on one side of each break, bright on the other.

    Breaks are random lines and arcs; `x` and `y` are the pixels' coordinates in 0..1.
    """
    labels = np.zeros(x.shape, np.int64)
    shade = np.zeros(x.shape, np.float32)
    for number in range(19):
        if number % 4 == 3:
            center, radius = rng.uniform(0, 1, 2), rng.uniform(0.12, 0.42)
            away = np.hypot(x - center[0], y - center[1]) - radius
        else:
            turn = rng.normal((0.35, -0.45, np.pi / 2)[number % 3], 0.16)
            through = rng.uniform(0.05, 0.95, 2)
            away = (x - through[0]) * np.cos(turn) + (y - through[1]) * np.sin(turn)
        along = fractal(x.shape, len(x) * 0.35, rng, octaves=1)
        strong = step(-0.6, 0.4, along)
        dark, bright = np.exp(-np.maximum(away, 0) / 0.05), np.exp(-np.maximum(-away, 0) / 0.05)
        shade += np.where(away > 0, -0.30 * dark, 0.20 * bright) * strong
        labels = labels * 2 + (away > 0)
    numbered = np.unique(labels, return_inverse=True)[1].reshape(x.shape)
    return numbered, np.clip(shade, -0.62, 0.4).astype(np.float32)


def _regatta(side: int, rng: Rng) -> Color:
    x, y = grid(side)
    haze = fractal((side, side), side * 0.15, rng)
    picture = ramp("22406f 4f86a8 a8bfae f2cf86 f0a04f c9583a", y * 1.45 + 0.10 * haze)
    sun = shapes.distance(side, (0.70, 0.22))
    picture = over(picture, step(0.20, 0.18, sun) * 0.55, rgb("f2b65a"))
    picture = over(picture, step(0.115, 0.105, sun), rgb("fbe6a8"))
    picture = _houses(picture, rng)
    bands = np.floor(6 * (0.5 + 0.5 * np.sin(y * 60 + 3 * np.sin(x * 8 + y * 9)))) / 6
    sea = ramp("10274a 16506f 2a8088 7fb8a8 f2c27a", 0.30 + 0.5 * bands * (1.2 - y) + 0.08 * haze)
    picture = over(picture, step(0.625, 0.63, y), sea)
    for cx, foot, tall, bright, dark in _SAILS:
        picture = _boat(picture, (cx, foot, tall), rgb(bright), rgb(dark))
    return picture


def _houses(picture: Color, rng: Rng) -> Color:
    left = -0.03
    while left < 1.0:
        wide, tall = rng.uniform(0.05, 0.10), rng.uniform(0.07, 0.20)
        wall = np.array([[left, 0.64], [left, 0.64 - tall], [left + wide, 0.64 - tall], [left + wide, 0.64]])
        gable = np.array([[left, 0.64 - tall], [left + wide / 2, 0.6 - tall], [left + wide, 0.64 - tall]])
        half = np.array([[left, 0.64], [left, 0.64 - tall], [left + wide / 2, 0.60 - tall], [left + wide / 2, 0.64]])
        tint = rgb(("c98a5a", "a8b09a", "d9b98a", "8f5a4f", "6a7f8a")[rng.integers(5)])
        picture = over(picture, shapes.polygons(len(picture), [wall]), tint)
        picture = over(picture, shapes.polygons(len(picture), [half]) * 0.4, rgb("fff0d0"))
        picture = over(picture, shapes.polygons(len(picture), [gable]), rgb("8a3f2f"))
        left += wide
    return picture


def _boat(picture: Color, place: tuple[float, float, float], bright: Color, dark: Color) -> Color:
    cx, foot, tall = place
    for mirrored, strength in ((-0.55, 0.45), (1.0, 1.0)):
        up = tall * mirrored
        main = np.array([[cx, foot], [cx, foot - up], [cx + 0.40 * tall, foot - 0.05 * up]])
        fold = np.array([[cx, foot], [cx, foot - up], [cx + 0.18 * tall, foot - 0.03 * up]])
        jib = np.array(
            [[cx - 0.015, foot - 0.02 * up], [cx - 0.01, foot - 0.86 * up], [cx - 0.28 * tall, foot - 0.06 * up]]
        )
        for outline, tint in ((main, bright), (fold, dark), (jib, (bright + dark) / 2)):
            picture = over(picture, shapes.polygons(len(picture), [outline]) * np.float32(strength), tint)
    hull = np.array([[-0.32, 0.0], [0.45, -0.01], [0.34, 0.10], [-0.22, 0.10]]) * tall + [cx, foot]
    return over(picture, shapes.polygons(len(picture), [hull]), rgb("2a1f2f"))
