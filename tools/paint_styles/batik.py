"""Style image of a batik: dyed cloth with lines and dots of wax resist and wax crackle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, cells, fractal, grid, spread, step
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.surface import develop, weave


def batik_garden(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate a batik of flowers and tendrils in indigo, rust and cream, as uint8 RGB (size, size, 3)."""
    side = size * 3 // 2
    point = side / 1024
    _x, _y = grid(side)
    shade = fractal((side, side), side * 0.2, rng)
    color = ramp("101c44 1c3468 2a4f86 28406f", 0.5 + 0.28 * shade)
    color = _ground_dots(color, rng)
    for cx, cy, radius in _places():
        color = _tendrils(color, (cx, cy), radius, rng)
    for number, (cx, cy, radius) in enumerate(_places()):
        color = _flower(color, (cx, cy), radius, number, rng)
    bleed = fractal((side, side), side * 0.012, rng, octaves=4, gain=0.75)
    color = color * (1 + 0.07 * bleed + 0.05 * shade)[..., None]
    crackle = np.zeros((side, side), np.float32)
    for count, width in ((170, 1.9), (700, 0.9)):
        bend = [0.012 * fractal((side, side), side * 0.05, rng, octaves=5, gain=0.6) for _ in range(2)]
        _, _, edge = cells(side, spread(count, rng), (bend[0], bend[1]))
        thin = width * np.clip(0.55 + 0.6 * fractal((side, side), side * 0.08, rng), 0, 2)
        crackle = np.maximum(crackle, step(1.0, 0.2, edge * 1024 / np.maximum(thin, 0.05)))
    bright = color.max(-1)
    color = over(color, 0.75 * crackle * step(0.25, 0.6, bright), rgb("1a2450"))
    color = over(color, 0.35 * crackle * step(0.5, 0.2, bright), rgb("5f86b0"))
    threads = weave(side, 3.0) + 0.1 * fractal((side, side), (2 * point, 30 * point), rng, octaves=1)
    return develop(np.clip(color * (0.90 + 0.14 * threads)[..., None], 0, 1), size)


def _places() -> list[tuple[float, float, float]]:
    return [
        (0.30, 0.30, 0.20),
        (0.76, 0.22, 0.15),
        (0.70, 0.66, 0.22),
        (0.22, 0.76, 0.16),
        (0.99, 0.95, 0.16),
        (0.02, 0.02, 0.13),
        (0.46, 0.99, 0.13),
        (1.0, 0.46, 0.1),
        (0.0, 0.5, 0.1),
        (0.5, 0.02, 0.1),
    ]


def _ground_dots(color: Color, rng: Rng) -> Color:
    """Return the image with wax dots scattered over the ground, in cream and some tints."""
    side = len(color)
    bend = [0.01 * fractal((side, side), side * 0.15, rng, octaves=2) for _ in range(2)]
    index, near, _ = cells(side, spread(2600, rng), (bend[0], bend[1]))
    size = rng.uniform(0.0016, 0.0048, index.max() + 1).astype(np.float32)[index]
    tint = ramp("f2e6c8 d9a860 7fb0b8", rng.uniform(0, 1, index.max() + 1).astype(np.float32))[index]
    return over(color, 0.9 * step(0.0010, -0.0006, near - size), tint)


def _tendrils(color: Color, center: tuple[float, float], radius: float, rng: Rng) -> Color:
    side = len(color)
    leaves, veins, stems = [], [], []
    for turn in np.arange(5) * 2 * np.pi / 5 + rng.uniform(0, 6):
        curl = rng.choice([-1.0, 1.0]) * rng.uniform(1.2, 2.2)
        t = np.linspace(0, 1, 60)
        way = turn + curl * t
        reach = radius * (0.9 + 1.05 * t)
        line = np.stack([center[0] + np.cos(way) * reach, center[1] + np.sin(way) * reach], -1)
        stems.append(_ribbon(line, 0.0035))
        for k in range(12, 60, 9):
            heading = np.arctan2(*(line[k] - line[k - 1])[::-1])
            for sign in (-1, 1):
                leaf = ((line[k, 0], line[k, 1]), 0.05, 0.021, heading + sign * 0.95)
                leaves.append(shapes.leaf(*leaf))
                veins.append(shapes.leaf(leaf[0], 0.04, 0.003, leaf[3]))
    for outlines, codes, grow in (
        (leaves, "4f8f8a 2f6f7a 8a9a5a", 1.0),
        (veins, "f2e6c8 e0c890", 1.0),
        (stems, "d9a048 c07a3a", 1.0),
    ):
        tint = ramp(codes, 0.5 + 0.3 * fractal((side, side), side * 0.06, rng))
        mask = shapes.polygons(side, outlines)
        color = over(color, _dilate(mask, side) * 0.85, rgb("f2e6c8")) if outlines is leaves else color
        color = over(color, mask * np.float32(grow), tint)
    return color


def _dilate(mask: Field, side: int) -> Field:
    """Dilate a mask (S, S) by the width of a wax line; `side` is S."""
    from scipy import ndimage

    return step(0.02, 0.2, ndimage.gaussian_filter(mask, side * 0.0018))


def _ribbon(line: Points, width: float) -> Points:
    heading = np.gradient(line, axis=0)
    normal = np.stack([-heading[:, 1], heading[:, 0]], -1) / np.linalg.norm(heading, axis=1, keepdims=True)
    half = normal * width / 2
    return np.concatenate([line + half, (line - half)[::-1]])


def _flower(color: Color, center: tuple[float, float], radius: float, number: int, rng: Rng) -> Color:
    """Return the image with a flower: rings of petals with wax outlines, and rings of dots.

    `center` and `radius` are in units of the image's side; `number` selects petals and colors.
    """
    side = len(color)
    x, y = grid(side)
    wob = 0.006 * radius / 0.2 * fractal((side, side), side * 0.07, rng, octaves=2)
    far = (np.hypot(x - center[0], y - center[1]) + wob) / radius
    turn = np.arctan2(y - center[1], x - center[0]) + rng.uniform(0, 6)
    petals = (8, 9, 7, 10)[number % 4]
    warm = (
        "8f2a2a c9502f e89a4a f4d08a",
        "a8622a d99a3a f0d070 f6ecc8",
        "7a2248 b83f4f e07f5a f4c49a",
        "2f6f80 5fa0a0 b0cfa8 f2e6c8",
    )[number % 4]
    for ring, (outer, shift) in enumerate(((1.0, 0.0), (0.72, 0.5), (0.45, 0.0))):
        lobe = np.abs(((turn * petals / (2 * np.pi) + shift) % 1) - 0.5) * 2
        edge = outer * (1 - 0.42 * lobe**2.2)
        away = (edge - far) * radius
        fill = ramp(warm, 1.05 - far / outer + 0.12 * ring + 0.10 * np.cos(lobe * 14))
        color = over(color, step(-0.0045, -0.0030, away), rgb("f4e8cc"))
        color = over(color, step(-0.0008, 0.0008, away), fill)
        inner = np.abs(away - 0.012 * outer)
        color = over(color, 0.9 * step(0.0018, 0.0008, inner), rgb("f4e8cc"))
        vein = step(0.10, 0.05, lobe * far / outer) * step(0.25, 0.5, far / outer) * step(0.012, 0.02, away)
        color = over(color, 0.8 * vein, rgb("5a1f2a"))
    return _seeds(color, far, turn, radius)


def _seeds(color: Color, far: Field, turn: Field, radius: float) -> Color:
    color = over(color, step(0.225, 0.215, far), rgb("f4e8cc"))
    color = over(color, step(0.205, 0.195, far), rgb("3a2038"))
    for ring, count in ((0.15, 14), (0.085, 8), (0.6, 48), (0.02, 1)):
        aside = np.abs((turn * count / (2 * np.pi)) % 1 - 0.5) * 2 * np.pi * ring / count
        spot = np.hypot(aside, far - ring) * radius
        color = over(color, step(0.0036, 0.0022, spot), rgb("f0c060"))
    return color
