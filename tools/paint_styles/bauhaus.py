"""Geometric abstraction: transparent discs, bars and grids over scumbled grounds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, fractal, grid, step
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.surface import develop, light, paper, weave

_INK = "1a1a22"


def circle_concert(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Paint an abstract concert of circles, bars, grids and arcs in primary colors."""
    side = size * 3 // 2
    color = _ground(side, rng)
    scumble = fractal((side, side), (side * 0.006, side * 0.05), rng, octaves=4, gain=0.7)
    for place in _DISCS:
        color = _disc(color, place, scumble)
    color = _quarters(color, scumble)
    for outline, code, alpha in _bars():
        mask = shapes.polygons(side, [outline])
        color = over(color, mask * alpha * np.clip(0.92 + 0.10 * scumble, 0, 1), rgb(code))
    color = _checkers(color)
    color = _lines(color)
    tooth = paper(side, rng, tooth=3.0)
    worn = step(1.7, 2.6, tooth + 0.5 * scumble)
    color = over(color * (1 + 0.03 * tooth + 0.035 * scumble)[..., None], 0.35 * worn, rgb("f4e9d0"))
    height = 0.35 * scumble + 0.5 * weave(side, 4.0) + 0.3 * tooth
    return develop(light(color, height, 0.20, 0.0), size)


_DISCS = (
    (0.33, 0.34, 0.225, "16324f 1f5f9a 2f86b8", 5),
    (0.33, 0.34, 0.145, "d9382c e8552f f28a3a", 3),
    (0.33, 0.34, 0.070, "f6c83a fbe08a", 2),
    (0.74, 0.66, 0.190, "f2b52a f6cf5a f4a22a", 4),
    (0.74, 0.66, 0.105, "1a1a22 2c2f3f", 2),
    (0.77, 0.63, 0.052, "d9382c f06a4a", 2),
    (0.79, 0.22, 0.105, "e08aa0 d9607f", 3),
    (0.79, 0.22, 0.055, "f4ead2 fbf6e6", 1),
    (0.19, 0.80, 0.110, "2a8a80 4fb09a 1f6f74", 4),
    (0.19, 0.80, 0.048, "1a1a22 3a3f55", 1),
    (0.56, 0.47, 0.042, "1f5f9a 3f86c0", 1),
    (0.50, 0.88, 0.055, "7a4a9a a06ab8", 2),
    (0.94, 0.42, 0.035, "2a8a80 4fb09a", 1),
    (0.07, 0.56, 0.036, "f2b52a f6cf5a", 1),
    (0.56, 0.10, 0.036, "f28a3a d9382c", 1),
)


def _ground(side: int, rng: Rng) -> Color:
    """Return fields of warm and cool color, divided by crossing lines, brushed unevenly."""
    x, y = grid(side)
    cloud = fractal((side, side), side * 0.12, rng, octaves=5, gain=0.6)
    color = ramp("d9c39a ecdcb6 f4e8cc f0d8a8", 0.5 + 0.20 * cloud)
    fields = (
        (x + 0.35 * y - 0.40, y - 0.58, "a8c4c4 c8d8cc 8fb4bc"),
        (0.62 - x + 0.15 * y, 0.60 - y, "e8bfa0 f0d2b4 d99f80"),
        (x - 0.60 - 0.2 * y, 0.50 - y, "b8c0d4 d4d8dc 98a8c8"),
        (0.44 - x - 0.1 * y, y - 0.60 - 0.1 * x, "e0c070 ecd690 cfa850"),
        (x - 0.86, y + 0.3 * x - 0.4, "c8705a d98a6a b8584a"),
    )
    for across, down, codes in fields:
        mask = step(-0.001, 0.001, np.minimum(across, down))
        fade = np.clip(1.0 - 1.1 * np.minimum(across, down), 0.25, 0.9)
        color = over(color, mask * fade, ramp(codes, 0.5 + 0.25 * cloud))
    return color


def _disc(color: Color, place: tuple[float, float, float, str, int], scumble: Field) -> Color:
    """Paint a disc in rings of two tones, which let a little of the ground through."""
    cx, cy, radius, codes, rings = place
    side = len(color)
    x, y = grid(side)
    away = shapes.distance(side, (cx, cy))
    ring = np.floor(away / radius * rings)
    half = step(-0.002, 0.002, (x - cx) * 0.8 - (y - cy)) * 0.16
    tint = ramp(codes, (ring + 0.5) / rings * 0.8 + half - 0.05 + 0.06 * scumble)
    mask = step(radius + 0.0012, radius - 0.0012, away)
    color = over(color, 0.95 * mask, tint)
    nearest = np.maximum(np.round(away / radius * rings), 1)
    seam = np.abs(away / radius * rings - nearest) * radius / rings
    halo = step(radius + 0.030, radius, away) * (1 - mask) * 0.20
    color = over(color, halo * np.clip(0.8 + 0.4 * scumble, 0, 1), rgb(codes.split()[0]))
    return over(color, 0.85 * step(0.0020, 0.0010, seam) * step(radius + 0.004, radius + 0.001, away), rgb(_INK))


def _quarters(color: Color, scumble: Field) -> Color:
    """Paint a block of tiles with quarter circles, as a frieze at the upper edge and the right."""
    side = len(color)
    x, y = grid(side)
    codes = ("d9382c", "1f5f9a", "f2b52a", "1a1a22", "2a8a80", "f4ead2")
    tile = 0.0625
    columns, rows = np.floor(x / tile).astype(int), np.floor((y - 0.0) / tile).astype(int)
    inside = (
        ((rows >= 14) & (columns >= 9)) | ((columns < 2) & (rows < 5)) | ((columns == 15) & (rows > 2) & (rows < 8))
    )
    u, v = (x / tile) % 1, (y / tile) % 1
    turn = (columns * 7 + rows * 5) % 4
    corner_x, corner_y = (turn % 2).astype(np.float32), (turn // 2).astype(np.float32)
    round_ = step(1.0, 0.97, np.hypot(u - corner_x, v - corner_y))
    hole = step(0.50, 0.47, np.hypot(u - corner_x, v - corner_y))
    first, second = (columns * 3 + rows * 5) % 6, (columns * 5 + rows * 2 + 1) % 6
    second = np.where(second == first, (first + 1) % 6, second)
    third = np.where(hole > 0, first, second)
    table = np.stack([rgb(code) for code in codes])
    tint = over(over(table[first], round_, table[second]), hole, table[third])
    return over(color, inside * np.clip(0.95 + 0.06 * scumble, 0, 1), tint)


def _bars() -> list[tuple[Points, str, float]]:
    """Return slanting bars, triangles and wedges: outline, color and opacity."""
    bars = [
        ([(0.44, 0.60), (0.96, 0.06), (0.985, 0.085), (0.465, 0.625)], _INK, 0.95),
        ([(0.50, 0.62), (0.93, 0.17), (0.94, 0.18), (0.51, 0.63)], "d9382c", 0.95),
        ([(0.05, 0.47), (0.60, 0.70), (0.593, 0.716), (0.043, 0.486)], "1f5f9a", 0.92),
        ([(0.10, 0.93), (0.50, 0.53), (0.54, 0.80)], "d9382c", 0.72),
        ([(0.42, 0.95), (0.63, 0.58), (0.68, 0.97)], "1f5f9a", 0.62),
        ([(0.52, 0.18), (0.70, 0.33), (0.50, 0.42)], "f2b52a", 0.85),
        ([(0.60, 0.38), (0.98, 0.45), (0.97, 0.475), (0.60, 0.41)], "2a8a80", 0.9),
        ([(0.03, 0.66), (0.20, 0.60), (0.12, 0.72)], _INK, 0.92),
        ([(0.36, 0.04), (0.40, 0.04), (0.46, 0.56), (0.43, 0.57)], "f4ead2", 0.75),
    ]
    return [(np.array(outline), code, alpha) for outline, code, alpha in bars]


def _checkers(color: Color) -> Color:
    """Paint tilted checkerboards and ladders."""
    side = len(color)
    x, y = grid(side)
    for cx, cy, turn, wide, tall, cells, light_, dark in (
        (0.61, 0.29, -0.75, 0.10, 0.050, 0.0165, "f4ead2", _INK),
        (0.33, 0.67, 0.40, 0.075, 0.075, 0.0214, "f6cf5a", "16324f"),
        (0.90, 0.82, 0.30, 0.045, 0.105, 0.0150, "f4ead2", "d9382c"),
        (0.13, 0.42, -0.25, 0.10, 0.022, 0.0110, "f4ead2", _INK),
    ):
        u = (x - cx) * np.cos(turn) + (y - cy) * np.sin(turn)
        v = -(x - cx) * np.sin(turn) + (y - cy) * np.cos(turn)
        soft = 0.8 / side
        mask = step(soft, -soft, np.maximum(np.abs(u) - wide, np.abs(v) - tall))
        wave = np.sin(np.pi * u / cells) * np.sin(np.pi * v / cells)
        cell = step(-0.12, 0.12, wave)
        color = over(color, 0.96 * mask, rgb(light_))
        color = over(color, 0.96 * mask * cell, rgb(dark))
    return color


def _lines(color: Color) -> Color:
    """Draw thin lines, arcs, fans and staves in ink."""
    side = len(color)
    strokes: list[Points] = []
    for number in range(6):
        shift = 0.011 * number
        stave = shapes.curve(
            [(0.02, 0.90 + shift), (0.22, 0.955 + shift), (0.44, 0.985 - 0.4 * shift), (0.62, 0.90 + shift)]
        )
        strokes += shapes.ribbon(stave, 0.0018)
        arc = np.linspace(-0.4 + 0.05 * number, 1.9, 60)
        strokes += shapes.ribbon(
            np.stack([0.74 + (0.205 + shift) * np.cos(arc), 0.66 + (0.205 + shift) * np.sin(arc)], -1), 0.0018
        )
        fan = np.array([(0.36, 0.03), (0.60 + 0.050 * number, 0.175 - 0.022 * number)])
        strokes += shapes.ribbon(fan, 0.0018)
        strokes += shapes.ribbon(np.array([(0.965, 0.53 + shift), (0.985 - shift, 0.62 + shift)]), 0.002)
    for radius, start, end in ((0.25, 2.2, 4.4), (0.268, 2.5, 4.0), (0.29, 2.0, 4.7)):
        arc = np.linspace(start, end, 80)
        strokes += shapes.ribbon(np.stack([0.33 + radius * np.cos(arc), 0.34 + radius * np.sin(arc)], -1), 0.0042)
    for first, last in (((0.02, 0.30), (0.98, 0.78)), ((0.24, 0.02), (0.70, 0.98)), ((0.02, 0.74), (0.72, 0.02))):
        strokes += shapes.ribbon(np.array([first, last]), 0.0028)
    snake = shapes.curve([(0.52, 0.72), (0.56, 0.68), (0.60, 0.73), (0.64, 0.70), (0.68, 0.76)])
    strokes += shapes.ribbon(snake, 0.007 * shapes.taper(60, 0.3))
    return over(color, 0.92 * shapes.polygons(side, strokes), rgb(_INK))
