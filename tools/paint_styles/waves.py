"""Style image of a block print: flat waves in contour stripes, a graded sky, and wood grain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Rng, fractal, grid, step
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.surface import develop


def great_swell(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate flat waves with foam under a graded sky, printed with wood grain, as uint8 RGB (size, size, 3)."""
    side = size * 2
    point = side / 1024
    x, y = grid(side)
    rings = x * 9 + 0.8 * np.sin(y * 2.2 + 1) + 0.30 * fractal((side, side), (side * 0.5, side * 0.07), rng, octaves=4)
    grain = np.sin(2 * np.pi * rings * 5) * 0.6 + fractal((side, side), (90 * point, 3.5 * point), rng, octaves=2)
    color = _dawn(x, y, rng)
    for number in range(7):
        color = _swell(color, x, y, number, rng)
    baren = fractal((side, side), 16 * point, rng, octaves=5, gain=0.8)
    color = color * (1 + 0.032 * grain + 0.04 * baren)[..., None]
    return develop(over(color, 0.5 * step(1.9, 2.6, baren + 0.5 * grain), rgb("efe3c6")), size)


def _dawn(x: Field, y: Field, rng: Rng) -> Color:
    side = len(x)
    color = ramp("2f5a86 7fa8b0 e6d9b4 f2c79a ee9f7a", y * 2.6)
    color = over(color, shapes.disc(side, (0.27, 0.20), 0.115, 0.001), ramp("d9382f e8643f f0905a", (y - 0.08) * 4.2))
    for level, left, wide in (
        (0.10, 0.74, 0.30),
        (0.122, 0.90, 0.22),
        (0.235, 0.16, 0.24),
        (0.257, 0.32, 0.17),
        (0.045, 0.28, 0.2),
        (0.19, 0.62, 0.16),
    ):
        # Capsule-shaped clouds: straight long sides and round ends.
        past = np.maximum(np.abs(x - left) - wide, 0)
        bar = step(0.0135, 0.0125, np.hypot(past, y - level - 0.003 * np.sin(x * 17)))
        color = over(color, bar, ramp("f6ecd2 f4e2c0 e6c9a8", 0.5 + (y - level) * 40))
    snow = shapes.skyline(side, 0.40, 0.012, 0.1, rng) - 0.13 * np.maximum(1 - np.abs(x[0] - 0.68) / 0.26, 0) ** 1.5
    peak = y - snow[None].astype(np.float32)
    color = over(
        color, step(-0.001, 0.001, peak), ramp("f4ecd8 a9bccb 6f90b0 4f78a0", peak * 8 + 0.08 * np.sin(x * 130))
    )
    return over(color, step(0.003, 0.001, np.abs(peak)), rgb("1f2f55"))


def _swell(color: Color, x: Field, y: Field, number: int, rng: Rng) -> Color:
    """Return the image with one wave: contour stripes parallel to its crest, then foam along the crest.

    A higher `number` is nearer and lower.
    """
    side = len(x)
    pitch = 0.30 + 0.06 * number
    along = x / pitch + 0.37 * number + rng.uniform()
    tall = 0.045 + 0.016 * number
    lean = along + 0.16 * np.sin(2 * np.pi * along)
    crest = 0.42 + 0.088 * number - tall * (np.abs(np.cos(np.pi * lean)) ** 0.8 * 2 - 1)
    crest += 0.003 * fractal((1, side), (1.0, side * 0.03), rng)[0][None]
    depth = ((y - crest) / (0.75 + 0.06 * number)).astype(np.float32)
    stripe = np.floor(depth / 0.013 + 0.35 * np.sin(along * 9) * step(0.02, 0.1, depth))
    shades = np.array([0.55, 0.15, 0.38, 0.05, 0.75, 0.2, 0.5, 0.1, 0.6])
    shade = shades[np.clip(stripe, 0, 60).astype(int) % 9] + 0.9 * step(0.12, 0.0, depth) * 0.15
    water = ramp("14264f 1f4a80 2f7a9f 7fb5b0 cfe0c8", (shade - 0.9 * (depth - 0.04)).astype(np.float32))
    color = over(color, step(-0.0008, 0.0008, depth), water)
    seam = np.abs((depth / 0.013 + 0.35 * np.sin(along * 9) * step(0.02, 0.1, depth) + 0.5) % 1 - 0.5) * 0.013
    color = over(color, step(0.0016, 0.0006, seam) * step(0.0, 0.002, depth), rgb("14264f"))
    return _foam(color, crest, number, rng)


def _foam(color: Color, crest: Field, number: int, rng: Rng) -> Color:
    """Return the image with foam: outlined round lobes along the crest (y of each column), and drops above."""
    side = len(color)
    line = crest[0]
    plate = np.full((side, side), 9.0, np.float32)
    left = -0.02
    while left < 1.03:
        radius = (0.008 + 0.0016 * number) * rng.uniform(0.6, 1.5)
        at = int(np.clip(left * side, 0, side - 1))
        spots = [(left, line[at] + radius * 0.5, radius), (left + radius, line[at] + radius * 1.9, radius * 0.7)]
        if rng.uniform() < 0.55:
            spots.append(
                (left + rng.normal(0, 0.012), line[at] - rng.uniform(0.012, 0.05), radius * rng.uniform(0.2, 0.5))
            )
        for cx, cy, r in spots:
            _stamp(plate, cx, cy, r)
        left += radius * 1.15
    color = over(color, step(0.0008, -0.0008, plate), rgb("f6efdc"))
    return over(color, step(0.0019, 0.0009, np.abs(plate)), rgb("14264f"))


def _stamp(plate: Field, cx: float, cy: float, radius: float) -> None:
    """Add a disc to a field of signed distances (units of the side), in place: the minimum of both distances.

    `plate` is the field (S, S); `cx`, `cy` and `radius` are those of the disc.
    """
    side = len(plate)
    reach = int((radius + 0.006) * side) + 2
    px, py = int(cx * side), int(cy * side)
    rows, cols = slice(max(py - reach, 0), max(py + reach, 0)), slice(max(px - reach, 0), max(px + reach, 0))
    window = plate[rows, cols]
    if window.size == 0:
        return
    down, across = np.mgrid[rows.start : rows.start + window.shape[0], cols.start : cols.start + window.shape[1]]
    away = np.hypot((across + 0.5) / side - cx, (down + 0.5) / side - cy) - radius
    np.minimum(window, away.astype(np.float32), out=window)
