"""Neon: glowing tubes in the rain, with reflections on wet asphalt."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, fractal, grid, step, warp
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.surface import develop

_STREET = 0.66  # y of the far curb


def neon_rain(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Paint a street of glowing signs at night, in rain, mirrored in the wet asphalt."""
    side = size * 5 // 4
    glow = np.zeros((side, side, 3), np.float32)
    for code, tubes in _signs():
        tube = shapes.polygons(side, tubes)
        glow += _shine(tube, rgb(code))
    wall = _walls(side, rng)
    lit = ndimage.gaussian_filter(glow, (0.07 * side, 0.07 * side, 0)) * 0.9
    scene = 1 - (1 - np.clip(wall * (0.24 + 1.5 * lit), 0, 1)) * np.exp(-0.95 * glow)
    scene = _mirrored(scene, rng)
    scene = _rain(scene, rng)
    noise = fractal((side, side), 1.6 * side / 1024, rng, octaves=2)
    return develop(np.clip(scene * (1 + 0.05 * noise[..., None]) + 0.008 * noise[..., None], 0, 1), size)


def _shine(tube: Field, color: Color) -> Color:
    """Return the light of a tube: a nearly white core and two halos."""
    side = len(tube)
    core = ndimage.gaussian_filter(tube, 0.0009 * side)
    near = ndimage.gaussian_filter(tube, 0.006 * side)
    far = ndimage.gaussian_filter(tube, 0.028 * side)
    hot = np.clip(core[..., None] * (2.2 * color + 0.35), 0, 3)
    light: Color = (hot + (1.1 * near + 0.75 * far)[..., None] * color).astype(np.float32)
    return light


def _ring(cx: float, cy: float, radius: float, start: float = 0.0, end: float = 2 * np.pi) -> Points:
    turn = np.linspace(start, end, 70)
    return np.stack([cx + radius * np.cos(turn), cy + radius * np.sin(turn)], -1)


def _box(left: float, top: float, right: float, bottom: float) -> Points:
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return np.concatenate([np.linspace(a, b, 20) for a, b in pairwise(corners)])


def _signs() -> list[tuple[str, list[Points]]]:
    """Return the colors of the tubes and their outlines: frames, arrows, a cocktail, a palm, waves and bars."""
    pink = [_ring(0.30, 0.25, 0.085), _box(0.795, 0.08, 0.885, 0.41), _box(0.05, 0.455, 0.225, 0.525)]
    pink += [np.array([(0.62, 0.50), (0.655, 0.47), (0.69, 0.50), (0.725, 0.47), (0.76, 0.50)])]
    cyan = [
        np.array([(0.255, 0.215), (0.345, 0.215), (0.30, 0.270), (0.255, 0.215)]),
        np.array([(0.30, 0.27), (0.30, 0.315)]),
    ]
    cyan += [np.array([(0.272, 0.317), (0.328, 0.317)]), _box(0.60, 0.455, 0.78, 0.545)]
    cyan += [shapes.curve([(0.067 + 0.02 * k, 0.49 + 0.012 * (-1) ** k) for k in range(8)])]
    cyan += [_ring(0.47, 0.40, 0.030 + 0.014 * k, np.pi, 2 * np.pi) for k in range(3)]
    amber = [_ring(0.335, 0.205, 0.010), _box(0.40, 0.415, 0.545, 0.465)]
    amber += [np.array([(0.815, 0.11 + 0.048 * k), (0.865, 0.11 + 0.048 * k)]) for k in range(6)]
    amber += [np.array([(0.84, 0.11 + 0.048 * k), (0.84, 0.135 + 0.048 * k)]) for k in range(6)]
    amber += [_ring(0.415 + 0.023 * k, 0.44, 0.006) for k in range(6)]
    violet = [_box(0.07, 0.11, 0.135, 0.40), _box(0.915, 0.30, 0.985, 0.54)]
    violet += [
        np.array([(0.085, 0.14 + 0.035 * k), (0.12, 0.155 + 0.035 * k), (0.085, 0.17 + 0.035 * k)]) for k in range(7)
    ]
    green = [shapes.curve([(0.615, 0.395), (0.63, 0.33), (0.655, 0.27)])]
    for turn in np.linspace(-2.9, -0.2, 6):
        tip = np.array([0.655, 0.27]) + 0.085 * np.array([np.cos(turn), 0.65 * np.sin(turn) + 0.42])
        green.append(shapes.curve([(0.655, 0.27), 0.5 * np.add(tip, (0.655, 0.27)) - (0, 0.030), tip]))
    green += [_ring(0.95, 0.35 + 0.05 * k, 0.017) for k in range(4)]
    groups = (("ff2f8a", pink), ("22d4ff", cyan), ("ffa42a", amber), ("8a4aff", violet), ("2aff9a", green))
    return [(code, [piece for line in lines for piece in shapes.ribbon(line, 0.0068)]) for code, lines in groups]


def _walls(side: int, rng: Rng) -> Color:
    """Return the unlit street: a violet sky and houses of brick with windows, pipes and doors."""
    x, y = grid(side)
    cloud = fractal((side, side), (side * 0.05, side * 0.14), rng, octaves=5)
    color = ramp("0c0a24 1f1446 4a1f66 7a2f70", 1.3 * y + 0.15 * cloud)
    for left, right, top, tone in (
        (0.16, 0.40, 0.12, "7a5f9a"),
        (0.52, 0.80, 0.17, "5f6aa4"),
        (-0.02, 0.18, 0.04, "9a5a80"),
        (0.38, 0.56, 0.32, "8a6090"),
        (0.76, 1.02, 0.00, "90589f"),
    ):
        u, v = (x - left) / (right - left), y - top
        mask = step(-0.002, 0.002, np.minimum(u * (right - left), (1 - u) * (right - left))) * step(-0.002, 0.002, v)
        row = np.floor(y / 0.0105)
        joint = np.minimum(np.abs((y / 0.0105) % 1 - 0.5) * 2, np.abs((x / 0.024 + 0.5 * (row % 2)) % 1 - 0.5) * 4)
        brick = (
            rgb(tone)
            * (
                0.62 + 0.25 * step(0.98, 0.72, np.maximum(np.abs((y / 0.0105) % 1 - 0.5) * 2, 0)) - 0.12 * (joint < 0.1)
            )[..., None]
        )
        brick = brick * (1 + 0.18 * fractal((side, side), 8 * side / 1024, rng, octaves=3))[..., None]
        brick = _windows(brick, u * (right - left), v, rng)
        color = over(color, mask, brick * (0.75 + 0.5 * u)[..., None])
    return _shops(color, x, y)


def _windows(brick: Color, u: Field, v: Field, rng: Rng) -> Color:
    """Add rows of windows, some of them lit."""
    columns, rows = np.floor(u / 0.046).astype(int), np.floor(v / 0.062).astype(int)
    a, b = (u / 0.046) % 1, (v / 0.062) % 1
    pane = step(0.02, 0.05, np.minimum(np.minimum(a - 0.22, 0.78 - a), np.minimum(b - 0.25, 0.82 - b)))
    frame = np.minimum(np.abs(a - 0.5) * 0.046, np.abs(b - 0.5) * 0.062)
    draw = rng.uniform(0, 1, (64, 64))[rows % 64, columns % 64]
    glass = np.where((draw > 0.66)[..., None], ramp("a85a2a ffcf7a fff0c0", b), ramp("0a0a1c 1c2448", b + 0.4 * draw))
    glass = glass * np.where(frame < 0.0014, 0.35, 1.0)[..., None]
    return over(brick, pane, glass)


def _shops(color: Color, x: Field, y: Field) -> Color:
    """Add lit shop windows and striped awnings at the street."""
    for left, right, codes in (
        (0.03, 0.24, "ff8a3a ffd98a"),
        (0.28, 0.37, "ff4a8a ffb0c8"),
        (0.41, 0.54, "ffc04a fff0b0"),
        (0.60, 0.78, "3ab4ff b0f0ff"),
        (0.83, 0.97, "ff5aa0 ffc890"),
    ):
        inside = step(0, 0.003, np.minimum(x - left, right - x))
        pane = inside * step(0.575, 0.578, y) * step(_STREET, _STREET - 0.003, y)
        goods = np.sin(x * 160 + 6 * np.sin(y * 130)) * np.sin(y * 210)
        color = over(
            color,
            pane,
            ramp(codes, 0.5 + 0.35 * goods) * np.where(np.abs((x - left) % 0.045) < 0.003, 0.3, 1.0)[..., None],
        )
        awning = inside * step(0.552, 0.554, y) * step(0.580, 0.578, y + 0.005 * np.abs(np.sin(x * 130)))
        color = over(color, awning, np.where((np.sin(x * 220) > 0)[..., None], rgb("d83a6a"), rgb("e8dcd0")) * 0.8)
    return color


def _mirrored(scene: Color, rng: Rng) -> Color:
    """Replace the ground by the mirror image of the street, drawn out and broken by ripples and stones."""
    side = len(scene)
    x, y = grid(side)
    near = np.clip((y - _STREET) / (1 - _STREET), 0, 1)
    ripple = fractal((side, side), (side * 0.006, side * 0.05), rng, octaves=3)
    shift = 0.030 * side * near * ripple
    source = (2 * _STREET - y - 0.06 * near - 0.55 * (y - _STREET) * 0.5) * side
    down = source - np.arange(side)[:, None] + 0.4 * shift
    image = np.stack(
        [warp(ndimage.gaussian_filter1d(c, 0.012 * side, axis=0), shift, down) for c in np.moveaxis(scene, -1, 0)], -1
    )
    depth = 0.045 + 0.9 * near**1.3
    row, column = np.log(np.maximum(y - _STREET + 0.06, 1e-3)) * 15, (x - 0.5) / depth * 2.2
    stone = np.maximum(np.abs(row % 1 - 0.5), np.abs((column + 0.5 * (np.floor(row) % 2)) % 1 - 0.5) * 1.0) * 2
    joint = step(0.86, 0.99, stone)
    wet = (0.80 - 0.35 * joint + 0.20 * ripple) * (1.05 - 0.35 * near)
    ground = np.clip(image * np.clip(wet, 0.1, 1.4)[..., None] * 1.15 + rgb("0c0a20") * 0.8, 0, 1)
    curb = step(0.004, 0.0015, np.abs(y - _STREET - 0.002))
    return over(over(scene, step(_STREET - 0.001, _STREET + 0.001, y), ground), 0.6 * curb, rgb("b8a0d0"))


def _rain(scene: Color, rng: Rng) -> Color:
    """Add slanting streaks of rain that take the color of the light around."""
    side = len(scene)
    strokes: list[Points] = []
    for _ in range(900):
        at, long = rng.uniform(-0.05, 1.0, 2), rng.uniform(0.015, 0.055)
        strokes += shapes.ribbon(np.array([at, np.add(at, (-0.16 * long, long))]), rng.uniform(0.0006, 0.0015))
    streaks = shapes.polygons(side, strokes)
    around = ndimage.gaussian_filter(scene, (0.02 * side, 0.02 * side, 0))
    wet: Color = np.clip(scene + (0.55 * streaks)[..., None] * (0.25 + 1.2 * around), 0, 1).astype(np.float32)
    return wet
