"""Scene of a mountain lake in late afternoon, with a flowering meadow in front."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tools.paint_scenes import terrain
from tools.paint_scenes.sky import BOTTOM, OVERSAMPLED, clouded, photo
from tools.paint_scenes.terrain import HORIZON, Land, View
from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Rng, fractal, grid, step
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.strokes import Brush, VariationSheet, flow, lay

# Depth ranges of the meadow (far, near), far to near, with the number of grass blades.
_SWATHS = ((4.4, 3.6, 9000), (3.6, 3.0, 9000), (3.0, 2.5, 8000), (2.5, 2.0, 7000), (2.05, 1.6, 5000))
# Color of a flower, and the noise threshold of its patches (higher is rarer).
_FLOWERS = (("f4d94a", 0.0), ("f6f2ec", -0.2), ("b06fc8", 0.5), ("e8604a", 0.7))


def landscape(width: int, rng: Rng) -> NDArray[np.uint8]:
    """Render a mountain lake as uint8 RGB (2/3 width, width, 3)."""
    side = round(width * OVERSAMPLED)
    land = terrain.raise_land(max(round(width * 1.6), 256), rng)
    view = terrain.look(land, side)
    sky = clouded(side, HORIZON, "3f77b8 6f9fd0 a9c4dc e6dcc8 f3dcb8", -0.15, rng)
    ground = np.stack([terrain.sample(layer, view) for layer in np.moveaxis(land.color, -1, 0)], -1)
    haze = 1 - np.exp(-np.maximum(view.z - 3, 0) / 42)
    ground = over(np.clip(ground, 0, 1), 0.92 * haze, ramp("c9d3de b4c6da", step(HORIZON, 0.25, grid(side)[1])))
    color = over(ground, view.sky.astype(np.float32), sky)
    lake = (terrain.sample(land.height, view) < 0.004) & ~view.sky
    color = _trees(color, land, rng)
    color = _water(color, lake, rng)
    return photo(_meadow(color, land, rng), width, rng)


def _project(x: Field, z: Field, height: Field) -> tuple[Field, Field]:
    """Project world positions to x and y (0..1) in the square image.

    `x` is across, `z` away from the camera, `height` above the lake.
    """
    return 0.5 + x / z, HORIZON - (height - terrain.EYE) / z


def _height(land: Land, x: Field, z: Field) -> Field:
    return terrain.sample(land.height, View(x, z, np.zeros(x.shape, bool)))


def _trees(color: Color, land: Land, rng: Rng) -> Color:
    """Draw single firs along the near shores, far ones first, and return the image."""
    z = np.sort(rng.uniform(4.6, 12.5, 900))[::-1]
    x = rng.uniform(-0.62, 0.62, len(z)) * z
    ground = _height(land, x, z)
    dry = (ground > 0.02) & (ground < 0.5)
    left, foot = _project(x, z, ground)
    tall = rng.uniform(0.22, 0.46, len(z)) / z
    for n in np.flatnonzero(dry):
        _fir(color, (float(left[n]), float(foot[n])), float(tall[n]), float(z[n]), rng)
    return color


def _fir(color: Color, foot: tuple[float, float], tall: float, z: float, rng: Rng) -> None:
    x, y = foot
    t = np.linspace(0, 1, 30)
    half = tall * 0.20 * t**0.9 * (0.62 + 0.38 * ((t * 8 + rng.uniform()) % 1)) * rng.uniform(0.8, 1.2, 30)
    aside = np.concatenate([half, -half[::-1] * rng.uniform(0.85, 1.1, 30)])
    rise = np.concatenate([1 - t, t * 0 + (1 - t)[::-1]])
    piece = shapes.cut(len(color), np.stack([x + aside, y - tall * rise * 0.97 + tall * 0.02], -1))
    lit = 0.42 - 0.42 * (piece.x - x) / (0.16 * tall) + rng.normal(0, 0.2, piece.x.shape)
    green = ramp("0f1f18 1c3322 35502c 6a7a3c", lit) * rng.uniform(0.85, 1.15)
    fog = 1 - np.exp(-max(z - 3, 0) / 42)
    color[piece.window] = over(color[piece.window], piece.masks[0], green * (1 - fog) + rgb("b9c8d8") * fog)


def _water(color: Color, lake: NDArray[np.bool_], rng: Rng) -> Color:
    """Return the image with the reflection of the far shore in the lake, with ripples that shrink with distance.

    `lake` is the mask of the water.
    """
    side = len(color)
    rows = np.arange(side)[:, None]
    first = np.where(lake.any(0), lake.argmax(0), side)
    shore = ndimage.median_filter(first, 31)[None]
    near = np.clip((rows / side - HORIZON) * 6, 0, 1.5)
    ripple = fractal((side, side), (side * 0.0045, side * 0.05), rng, octaves=3, gain=0.7)
    breeze = step(0.2, 1.2, fractal((side, side), (side * 0.018, side * 0.3), rng, octaves=3))
    push = ripple * side * 0.006 * (0.25 + near) * (0.5 + 1.2 * breeze)
    source = np.clip(2 * shore - rows + push - 0.01 * side * breeze, 0, side - 1)
    cols = np.clip(np.arange(side)[None] + 0.25 * push, 0, side - 1)
    mirrored = np.stack([ndimage.map_coordinates(c, [source, cols], order=1) for c in np.moveaxis(color, -1, 0)], -1)
    mirrored = ndimage.gaussian_filter(mirrored, (side * 0.0012, 0, 0))
    deep = ramp("3f7a86 2a5f74", near)
    clear = np.clip(0.92 - 0.34 * near, 0.3, 1)
    water = mirrored * clear[..., None] * 0.93 + deep * (1 - clear)[..., None]
    water = water + (0.05 * breeze + 0.035 * ripple * near)[..., None] * rgb("dfe8f0")
    return over(color, ndimage.gaussian_filter(lake.astype(np.float32), 0.7), np.clip(water, 0, 1))


def _meadow(color: Color, land: Land, rng: Rng) -> Color:
    """Return the image with blades of grass and flowers, larger towards the camera."""
    side = len(color)
    sheet = VariationSheet.primed(color)
    clumps = fractal((side, side), (side * 0.03, side * 0.09), rng, octaves=5)
    _, y = grid(side)
    shade = 0.45 + 0.2 * clumps - 0.5 * (y - 0.72)
    blades = ramp("2a3a18 47602a 71853a a3a552 d6c67c", shade)
    ways = flow(np.pi / 2 + 0.28 * fractal((side, side), side * 0.06, rng, octaves=3))
    for far, near, count in _SWATHS:
        z = rng.uniform(near, far, count)
        x = rng.uniform(-0.56, 0.56, count) * z
        ground = _height(land, x, z)
        left, foot = _project(x, z, ground)
        z_dry = ground > 0.015
        at = np.stack([left, foot - 0.035 / near], -1)[z_dry]
        blade = Brush(length=100 / near, width=6.4 / near, light=0.09, hue=0.05, pointed=0.95, dry=0.1, streak=0.08)
        lay(sheet, blade, at[np.argsort(at[:, 1])], ways, blades, rng)
        _flowers(sheet, at, near, rng)
    return sheet.color


def _flowers(sheet: VariationSheet, at: NDArray[np.float64], near: float, rng: Rng) -> None:
    side = len(sheet.color)
    drifts = fractal((256, 256), (18.0, 50.0), rng, octaves=3)
    for code, share in _FLOWERS:
        drift = np.roll(drifts, int(rng.integers(256)), axis=0)
        place = np.clip((at * 256).astype(np.int64), 0, 255)
        chosen = at[(drift[place[:, 1], place[:, 0]] > share) & (rng.uniform(size=len(at)) < 0.10)]
        heads = np.broadcast_to(rgb(code), (side, side, 3))
        bloom = Brush(length=7 / near, width=6 / near, light=0.07, hue=0.04, pointed=0.0, square=2.0, dry=0.0)
        high = chosen - np.array([0.0, 0.03 / near]) * rng.uniform(0.4, 1.2, (len(chosen), 1))
        lay(sheet, bloom, high[high[:, 1] < BOTTOM + 0.02], flow(np.zeros((1, 1))), heads, rng)
