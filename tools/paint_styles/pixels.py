"""Pixel art: large square pixels in few colors, mixed by ordered dithering."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Rng, fractal, grid, step
from tools.paint_styles.palette import Color, box, over, ramp, rgb
from tools.paint_styles.surface import develop

_CELLS = 128
_PALETTE = (
    "0d0b26 1b1447 2e1d6b 4b2a8a 7a3a9e b0489a e0567f f5775f fb9f5a fdcb6a fff1b0 ffffff 12324f 1c5a78 2a8a96 5fc2ac "
    "b4e6c0 0f2f2e 1c5240 347a4a 6fae4f c4d65a 3a1f2f 6b3a3a a8603f d9965a f2c890 8aa0d0"
)
_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 - 0.47


def pixel_dusk(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Paint an island with a castle and palms in the evening sun, in 128 x 128 dithered pixels."""
    picture = _dithered(_scene(rng))
    per_cell = max(round(size * 1.5 / _CELLS), 1)
    large = np.kron(picture, np.ones((per_cell, per_cell, 1), np.float32))
    # Each pixel is a beveled tile of light, as on an old screen.
    line = (np.arange(per_cell) + 0.5) / per_cell * 2 - 1
    u, v = np.meshgrid(line, line)
    edge = np.maximum(np.abs(u), np.abs(v)) ** 5
    bevel = 1 - 0.20 * edge - 0.09 * (u + v) * edge if per_cell > 2 else np.ones_like(u)
    large = large * np.kron(np.ones((_CELLS, _CELLS)), bevel)[..., None].astype(np.float32)
    glow = fractal(large.shape[:2], 2.5 * len(large) / 1024, rng, octaves=2)
    return develop(np.clip(large * (1.06 + 0.018 * glow[..., None]), 0, 1), size)


def _dithered(color: Color) -> Color:
    """Return the picture in the colors of the palette, with mixtures as a pattern of 4 x 4 pixels."""
    palette = box(_PALETTE)
    threshold = np.tile(_BAYER, (_CELLS // 4, _CELLS // 4))[..., None]
    nudged = color + 0.17 * threshold
    # Green differences are seen best, blue ones least.
    weights = np.array([0.9, 1.2, 0.7])
    away = ((nudged[:, :, None] - palette) ** 2 * weights).sum(-1)
    nearest: Color = palette[away.argmin(-1)].astype(np.float32)
    return nearest


def _scene(rng: Rng) -> Color:
    x, y = grid(_CELLS)
    far = shapes.distance(_CELLS, (0.60, 0.42))
    color = ramp("1b1447 2e1d6b 4b2a8a 7a3a9e b0489a e0567f f5775f fb9f5a fdcb6a", y * 1.9 + 0.05)
    color = over(color, 0.8 * np.exp(-((far / 0.22) ** 2)), rgb("fdcb6a"))
    stars = (rng.uniform(0, 1, x.shape) > 0.985) & (y < 0.2)
    color = over(color, stars.astype(np.float32), rgb("fff1b0"))
    color = over(color, (far < 0.105).astype(np.float32), ramp("ffffff fff1b0 fdcb6a fb9f5a", (y - 0.31) / 0.2))
    color = _clouds(color, rng)
    color = _hills(color, rng)
    color = _sea(color, rng)
    color = _island(color, rng)
    color = _castle(color)
    color = _shore(color, rng)
    for cx, foot, tall in ((0.10, 0.92, 0.54), (0.93, 0.93, 0.42)):
        color = _palm(color, (cx, foot, tall), rng)
    return color


def _clouds(color: Color, rng: Rng) -> Color:
    """Add heaps of round clouds, lit from the sun below."""
    for cx, cy, wide in (
        (0.18, 0.17, 0.17),
        (0.84, 0.14, 0.15),
        (0.42, 0.27, 0.11),
        (0.97, 0.33, 0.12),
        (0.04, 0.36, 0.12),
    ):
        for _ in range(12):
            u = rng.uniform(-1, 1)
            radius = 0.30 * wide * (1.1 - abs(u)) * rng.uniform(0.7, 1.2) + 0.008
            center = (cx + wide * u, cy - radius * 0.7)
            away = shapes.distance(_CELLS, center, 1.25)
            _, y = grid(_CELLS)
            mask = ((away < radius) & (y < cy)).astype(np.float32)
            color = over(color, mask, ramp("4b2a8a b0489a f5775f fdcb6a fff1b0", 0.5 + (y - center[1]) / radius * 0.5))
    return color


def _hills(color: Color, rng: Rng) -> Color:
    _, y = grid(_CELLS)
    for level, tall, codes in ((0.47, 0.05, "7a3a9e b0489a e0567f"), (0.50, 0.04, "2e1d6b 4b2a8a 7a3a9e")):
        line = shapes.skyline(_CELLS, level, tall, 0.16, rng, octaves=5)
        lit = (y - line[None]) / 0.12 + 0.2 * fractal(y.shape, (8, 4), rng, octaves=2)
        color = over(color, (y > line[None]).astype(np.float32), ramp(codes, lit))
    return color


def _sea(color: Color, rng: Rng) -> Color:
    x, y = grid(_CELLS)
    chop = fractal(x.shape, (2.2, 11), rng, octaves=2)
    near = (y - 0.53) / 0.47
    water = ramp("b0489a 4b2a8a 1c5a78 12324f 12324f", near * 1.3 + 0.07 * chop)
    water = over(water, step(0.7, 1.3, chop) * 0.8, rgb("2a8a96"))
    path = np.exp(-(((x - 0.60 + 0.012 * chop) / (0.07 + 0.16 * near)) ** 2)) + 0.25 * chop
    water = over(water, step(0.55, 1.1, path), ramp("fff1b0 fdcb6a f5775f b0489a", near * 1.2))
    return over(color, (y > 0.53).astype(np.float32), water)


def _island(color: Color, rng: Rng) -> Color:
    x, y = grid(_CELLS)
    line = (
        0.60 - 0.19 * np.exp(-(((x[0] - 0.33) / 0.10) ** 2)) + 0.011 * fractal((1, _CELLS), (1, 9), rng, octaves=4)[0]
    )
    foot = 0.605 + 0.02 * np.sin(x[0] * 30) * 0.5
    mask = (y > line[None]) & (y < foot[None])
    lit = 0.45 + (x - 0.33) * 3.5 + 0.30 * fractal(x.shape, (7, 3), rng, octaves=3)
    color = over(color, mask.astype(np.float32), ramp("1b1447 3a1f2f 6b3a3a a8603f d9965a", lit))
    grass = (y > line[None]) & (y < line[None] + 0.03 + 0.015 * np.sin(x * 90)) & mask
    return over(color, grass.astype(np.float32), ramp("0f2f2e 1c5240 347a4a 6fae4f c4d65a", lit + 0.1))


def _castle(color: Color) -> Color:
    """Add three towers with pointed roofs, battlements and lit windows."""
    x, y = grid(_CELLS)
    for cx, half, top, foot in (
        (0.33, 0.055, 0.36, 0.43),
        (0.275, 0.022, 0.31, 0.44),
        (0.385, 0.022, 0.30, 0.45),
        (0.33, 0.026, 0.24, 0.42),
    ):
        across = (x - cx) / half
        wall = (np.abs(across) < 1) & (y > top) & (y < foot)
        notch = ((x * _CELLS // 2).astype(int) % 2 == 0) & (y < top + 0.016)
        brick = (((y * _CELLS).astype(int) % 3 == 0) & ((x * _CELLS).astype(int) % 4 != 0)) * 0.14
        color = over(
            color, (wall & ~notch).astype(np.float32), ramp("2e1d6b 4b2a8a a8603f f2c890", 0.5 + 0.45 * across - brick)
        )
        if half < 0.03:
            roof = (np.abs(x - cx) < 0.45 * (y - top + 0.085)) & (y < top + 0.005)
            color = over(color, roof.astype(np.float32), ramp("4b2a8a b0489a e0567f fb9f5a", 0.5 + 0.6 * across))
        pane = (np.abs(x - cx) < 0.008) & (np.abs(y - (top + foot) / 2 + 0.01) < 0.013)
        color = over(color, pane.astype(np.float32), rgb("fff1b0"))
    return color


def _shore(color: Color, rng: Rng) -> Color:
    """Add the beach and the bushes in front."""
    x, y = grid(_CELLS)
    sand = 0.86 + 0.07 * np.sin(x[0] * 5.2 + 0.4) + 0.010 * fractal((1, _CELLS), (1, 14), rng)[0]
    depth = y - sand[None]
    color = over(color, ((depth > -0.022) & (depth < 0)).astype(np.float32), rgb("b4e6c0"))
    grain = 0.14 * fractal(x.shape, (3, 5), rng, octaves=2)
    color = over(color, (depth > 0).astype(np.float32), ramp("f2c890 d9965a a8603f 6b3a3a 3a1f2f", depth * 5.5 + grain))
    for cx, cy, radius in (
        (0.02, 0.99, 0.10),
        (0.15, 1.03, 0.10),
        (0.86, 1.02, 0.10),
        (0.99, 0.98, 0.11),
        (0.50, 1.06, 0.09),
    ):
        ragged = 0.24 * fractal(x.shape, 4, rng, octaves=2)
        mask = shapes.distance(_CELLS, (cx, cy)) / radius + ragged < 1
        lit = 0.40 + 0.5 * ((x - cx) - (y - cy)) / radius + 0.30 * fractal(x.shape, 3, rng, octaves=2)
        color = over(color, mask.astype(np.float32), ramp("0f2f2e 0f2f2e 1c5240 347a4a 6fae4f c4d65a", lit))
        bloom = mask & (rng.uniform(0, 1, x.shape) > 0.93)
        color = over(color, bloom.astype(np.float32), rgb(("e0567f", "fdcb6a")[int(cx * 50) % 2]))
    return color


def _palm(color: Color, place: tuple[float, float, float], rng: Rng) -> Color:
    cx, foot, tall = place
    lean = 0.14 * (0.5 - cx)
    trunk = shapes.curve([(cx, foot), (cx + 0.2 * lean, foot - 0.5 * tall), (cx + lean, foot - tall)], 40)
    mask = shapes.polygons(_CELLS, shapes.ribbon(trunk, np.linspace(0.030, 0.017, 40)))
    _, y = grid(_CELLS)
    rings = (y * _CELLS).astype(int) % 3 == 0
    color = over(color, (mask > 0.45).astype(np.float32), np.where(rings[..., None], rgb("3a1f2f"), rgb("a8603f")))
    for turn in np.linspace(-3.7, 0.6, 9) + rng.normal(0, 0.06, 9):
        long = tall * rng.uniform(0.36, 0.48)
        tip = trunk[-1] + long * np.array([np.cos(turn), np.sin(turn) * 0.6 + 0.35])
        bend = trunk[-1] + 0.55 * long * np.array([np.cos(turn), np.sin(turn) * 0.9 - 0.15])
        rib = shapes.curve([trunk[-1], bend, tip], 24)
        frond = shapes.polygons(_CELLS, shapes.ribbon(rib, 0.030 * shapes.taper(24, 0.5)))
        tint = ramp("0f2f2e 1c5240 347a4a 6fae4f", 0.5 - 0.4 * np.sin(turn) + 0.25 * rng.normal())
        comb = ((np.indices(frond.shape).sum(0) % 3) > 0) | (frond > 0.9)
        color = over(color, ((frond > 0.4) & comb).astype(np.float32), tint)
    return color
