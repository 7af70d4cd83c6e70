"""Ink wash: diluted and dry black ink on rice paper, with one red."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, fractal, grid, step, warp
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.surface import develop, paper

_SUN = (0.70, 0.25)


def crane_marsh(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Paint two cranes in a misty marsh below mountains, with bamboo leaves in front, in ink wash."""
    side = size * 3 // 2
    tooth = paper(side, rng, tooth=3.0)
    ink = _mountains(side, rng)
    ink = ink + _water(side, tooth, rng)
    white, strokes, red = _cranes(side)
    ink = _brush(ink, _reeds(0.28, 70, rng), 0.40, tooth, 0.25, rng)
    ink = ink * (1 - 0.95 * _bleed(white, side, rng, 0.5))
    ink = _brush(ink, strokes, 1.0, 0.5 * tooth - 0.5, 0.3, rng)
    for depth, count in ((0.55, 55), (0.85, 50)):
        ink = _brush(ink, _reeds(depth, count, rng), 0.35 + 0.6 * depth, tooth, 0.3, rng)
    for depth in (0.38, 0.9):
        ink = _brush(ink, _bamboo(depth, rng), depth, tooth, 0.6, rng)
    ink = ink + _drops(side, rng)
    return develop(_sheet(ink, red, tooth, rng), size)


def _sheet(ink: Field, red: list[Points], tooth: Field, rng: Rng) -> Color:
    """Return the paper with the ink, the sun and the seal."""
    side = len(ink)
    x, y = grid(side)
    fibers = fractal((side, side), (side * 0.004, side * 0.05), rng, octaves=3)
    ground = ramp("e2d2ae efe3c6 f8f0dc", 0.55 + 0.10 * fractal((side, side), side * 0.3, rng) + 0.06 * fibers)
    sun = _bleed(shapes.disc(side, _SUN, 0.105), side, rng, 2.0)
    wash = 0.62 + 0.16 * fractal((side, side), side * 0.06, rng) + 0.30 * np.clip((y - _SUN[1]) / 0.1, -1, 1)
    ground = over(ground, np.clip(sun * np.clip(wash, 0.2, 1.0) * (1 - 0.6 * ink), 0, 1), rgb("cf3f2a"))
    granules = 1 + 0.16 * tooth + 0.12 * fractal((side, side), side * 0.012, rng, octaves=3)
    density = np.clip(ink * granules, 0, 1.15)
    hue = ramp("5f6f86 3c4656 1e2027 131116", density)
    color = over(ground, (1 - np.exp(-2.6 * density)).astype(np.float32), hue)
    color = over(color, shapes.polygons(side, red), rgb("c93324"))
    return _seal(color, x, y, rng) * (1 + 0.022 * tooth)[..., None]


def _seal(color: Color, x: Field, y: Field, rng: Rng) -> Color:
    """Stamp a red seal with carved bars."""
    u, v = (x - 0.925) / 0.032, (y - 0.925) / 0.040
    worn = fractal(x.shape, len(x) * 0.004, rng, octaves=3)
    plate = step(1.05, 0.95, np.maximum(np.abs(u), np.abs(v)) + 0.03 * worn)
    bars = np.zeros_like(x)
    for cu, cv, wide, tall in (
        (-0.4, -0.5, 0.3, 0.06),
        (-0.4, 0, 0.06, 0.7),
        (-0.4, 0.2, 0.28, 0.06),
        (0, 0, 0.03, 0.8),
    ):
        bars = np.maximum(bars, step(1.2, 0.8, np.maximum(np.abs(u - cu) / wide, np.abs(v - cv) / tall)))
    for cu, cv, wide, tall in (
        (0.42, -0.6, 0.3, 0.06),
        (0.42, -0.2, 0.3, 0.06),
        (0.42, 0.45, 0.06, 0.45),
        (0.5, 0.6, 0.25, 0.06),
    ):
        bars = np.maximum(bars, step(1.2, 0.8, np.maximum(np.abs(u - cu) / wide, np.abs(v - cv) / tall)))
    return over(color, plate * (1 - bars) * step(1.9, 1.2, worn) * 0.92, rgb("b92a20"))


def _bleed(mask: Field, side: int, rng: Rng, reach: float) -> Field:
    """Return a mask with the soft irregular edge of wet paint; `reach` is in points."""
    point = side / 1024
    dx, dy = (reach * 1.6 * point * fractal((side, side), 9 * point, rng, octaves=3) for _ in range(2))
    wet: Field = ndimage.gaussian_filter(warp(mask, dx, dy), 0.5 * reach * point)
    return wet


def _brush(ink: Field, strokes: list[Points], load: float, tooth: Field, wet: float, rng: Rng) -> Field:
    """Add brush strokes with edges as `wet` as those of _bleed(), and gaps where the brush runs dry."""
    side = len(ink)
    point = side / 1024
    mask = _bleed(shapes.polygons(side, strokes), side, rng, wet)
    edge = np.clip(mask - ndimage.gaussian_filter(mask, 4 * point), 0, 1)
    dry = fractal((side, side), side * 0.09, rng, octaves=3)
    gaps = step(0.4, 1.6, 0.9 * tooth + 1.0 * dry - 0.5)
    pool = 0.78 + 0.30 * fractal((side, side), side * 0.04, rng, octaves=3)
    stroke = mask * load * (np.clip(pool, 0.35, 1.2) + 0.7 * edge) * (1 - 0.8 * gaps)
    both: Field = np.maximum(ink * (1 - 0.4 * mask), stroke)
    return both


def _mountains(side: int, rng: Rng) -> Field:
    """Return the ink of ridges that are dark at the top and dissolve in mist."""
    x, y = grid(side)
    point = side / 1024
    ink = 0.05 + 0.05 * fractal((side, side), (side * 0.08, side * 0.25), rng) + 0.10 * step(0.35, 0.0, y)
    ink = ink * (1 - 0.8 * np.exp(-((shapes.distance(side, _SUN) / 0.17) ** 4)))
    for level, dark, fade, peaks in (
        (0.40, 0.20, 0.10, ((0.10, 0.16, 0.14), (0.42, 0.10, 0.10), (0.93, 0.20, 0.12))),
        (0.47, 0.36, 0.11, ((0.25, 0.24, 0.11), (0.36, 0.14, 0.06), (1.02, 0.20, 0.14))),
        (0.56, 0.62, 0.09, ((0.02, 0.20, 0.11), (0.13, 0.10, 0.07), (0.85, 0.13, 0.10), (0.98, 0.06, 0.06))),
    ):
        crag = fractal((1, side), (1.0, side * 0.10), rng, octaves=6, gain=0.55)[0]
        rise = sum(tall * np.exp(-((np.abs(x[0] - at) / wide) ** 1.5)) for at, tall, wide in peaks)
        depth = y - (level - rise + 0.016 * crag)[None]
        folds = fractal((side, side), (side * 0.16, side * 0.028), rng, octaves=4, gain=0.6)
        folds = warp(folds, 30 * point * fractal((side, side), side * 0.1, rng), np.zeros_like(folds))
        body = np.exp(-np.maximum(depth, 0) / (fade * (1 + 0.45 * folds.clip(-1.5, 2))))
        dry = step(0.9, -0.4, folds + 0.6 * fractal((side, side), side * 0.006, rng, octaves=2))
        rim = np.exp(-((depth - 0.004) ** 2) / 0.00002) * (0.55 + 0.3 * folds)
        mask = step(-0.0015, 0.002, depth)
        ink = ink * (1 - mask * np.clip(body * 1.2, 0, 1)) + mask * dark * (body * (0.35 + 0.75 * dry) + 0.5 * rim)
    ridges: Field = np.clip(ink, 0, 1.2).astype(np.float32)
    return ridges


def _water(side: int, tooth: Field, rng: Rng) -> Field:
    """Return the ink of broken horizontal strokes of water, and of low banks."""
    x, y = grid(side)
    bands = fractal((side, side), (side * 0.012, side * 0.16), rng, octaves=3)
    water = 0.30 * step(0.5, 1.5, bands + 0.25 * tooth) * step(0.60, 0.72, y)
    bank = np.zeros_like(x)
    for level, left, wide in ((0.66, 0.30, 0.22), (0.74, 0.78, 0.26), (0.86, 0.16, 0.24), (0.93, 0.72, 0.30)):
        hump = np.exp(-(((x - left) / wide) ** 4))
        depth = (y - level + 0.012 * hump + 0.004 * bands) / 0.03
        bank = np.maximum(bank, hump * np.exp(-np.abs(depth - 0.3) * 2.2) * 0.55 * step(-0.8, 0.4, bands + 0.3 * tooth))
    return (water + bank).astype(np.float32)


def _reeds(depth: float, count: int, rng: Rng) -> list[Points]:
    """Return thin bent stalks with leaves, nearer and longer with `depth`."""
    strokes: list[Points] = []
    middle = rng.choice([0.22, 0.35, 0.62, 0.86], count)
    for cx in middle + rng.normal(0, 0.09, count):
        foot = 0.62 + 0.40 * depth + rng.normal(0, 0.02)
        tall = (0.08 + 0.16 * depth) * rng.uniform(0.5, 1.25)
        lean = rng.normal(0.25, 0.25) * tall
        line = shapes.curve([(cx, foot), (cx + 0.2 * lean, foot - 0.6 * tall), (cx + lean, foot - tall)], 24)
        strokes += shapes.ribbon(line, (0.0013 + 0.0022 * depth) * shapes.taper(24, 0.6, 0.2))
        if rng.uniform() < 0.35:
            tip = shapes.curve([line[-1], line[-1] + (0.012, -0.01), line[-1] + (0.03, 0.004 + 0.02 * depth)], 12)
            strokes += shapes.ribbon(tip, (0.003 + 0.006 * depth) * shapes.taper(12, 0.3))
    return strokes


def _bamboo(depth: float, rng: Rng) -> list[Points]:
    """Return culms of bamboo at the left and leaves that hang from above."""
    strokes: list[Points] = []
    for cx, wide in ((0.055, 0.020), (0.13, 0.012)) if depth > 0.5 else ((0.19, 0.012), (0.94, 0.014)):
        top = 1.02
        while top > -0.1:
            tall = rng.uniform(0.13, 0.19)
            x = cx + 0.05 * (1 - top) ** 2
            line = shapes.curve([(x, top), (x + 0.004, top - tall + 0.006)], 20)
            strokes += shapes.ribbon(line, wide * (1.0 + 0.35 * np.linspace(-1, 1, 20) ** 8))
            top -= tall
    clumps = ((0.10, 0.10), (0.20, 0.02), (0.30, 0.09), (0.07, 0.34), (0.16, 0.23), (0.96, 0.02), (0.44, 0.0))
    for cx, cy in clumps:
        at = (cx + rng.normal(0, 0.02) + 0.04 * (1 - depth), cy + rng.normal(0, 0.015) + 0.03 * (1 - depth))
        for _ in range(7):
            turn = rng.normal(1.15, 0.62)
            long = rng.uniform(0.08, 0.16)
            strokes.append(shapes.leaf(at, long, long * rng.uniform(0.10, 0.16), turn, rng.normal(0, 0.07)))
        twig = shapes.curve([(cx - 0.08, cy - 0.07), (cx - 0.03, cy - 0.02), at], 20)
        strokes += shapes.ribbon(twig, 0.003)
    return strokes


def _cranes(side: int) -> tuple[Field, list[Points], list[Points]]:
    """Return the white of two cranes, their ink strokes and their red crowns."""
    white: list[Points] = []
    strokes: list[Points] = []
    red: list[Points] = []
    for cx, cy, tall, look in ((0.47, 0.70, 0.36, 1), (0.71, 0.735, 0.28, -1)):
        at = np.array([cx, cy])
        scale = np.array([look * tall, tall])

        def put(*knots: tuple[float, float] | Points, at: Points = at, scale: Points = scale) -> Points:
            return shapes.curve(np.array(knots) * scale + at, 40)

        body = put(
            (0.17, -0.22), (0.04, -0.27), (-0.14, -0.17), (-0.27, 0.01), (-0.05, 0.03), (0.13, -0.06), (0.17, -0.22)
        )
        neck = put((0.12, -0.17), (0.23, -0.34), (0.13, -0.50), (0.17, -0.66), (0.25, -0.69))
        white += [body, *shapes.ribbon(neck, 0.045 * tall)]
        line = 0.011 * tall
        strokes += shapes.ribbon(body[:22], line * shapes.taper(22, 0.4, 0.5)) + shapes.ribbon(neck, 0.030 * tall)
        for drop in (0.0, 0.035, 0.07, 0.105):
            tail = put(
                (-0.10 - drop, -0.10 + drop),
                (-0.25 - 0.4 * drop, -0.01 + drop),
                (-0.33 - 0.2 * drop, 0.10 + 0.5 * drop),
            )
            strokes += shapes.ribbon(tail, 0.05 * tall * shapes.taper(40, 0.2))
        for wing in (0.06,):
            strokes += shapes.ribbon(
                put((0.08, -0.16 + wing), (-0.04, -0.08 + wing), (-0.14, -0.02 + wing * 0.6)), line
            )
        for shift in (0.0, 0.06):
            for start, end in (((0.0, -0.01), (-0.03, 0.16)), ((-0.03, 0.16), (0.01, 0.36))):
                strokes += shapes.ribbon(put(np.add(start, (shift, 0)), np.add(end, (shift, 0))), line * 1.1)
            strokes += shapes.ribbon(put((-0.04 + shift, 0.37), (0.01 + shift, 0.355), (0.07 + shift, 0.375)), line)
        strokes += shapes.ribbon(
            put((0.25, -0.69), (0.33, -0.675), (0.42, -0.65)), 0.022 * tall * shapes.taper(40, 1.0)
        )
        red += shapes.ribbon(
            put((0.18, -0.70), (0.225, -0.722), (0.27, -0.705)), 0.032 * tall * shapes.taper(40, 0.5, 0.3)
        )
    return shapes.polygons(side, white), strokes, red


def _drops(side: int, rng: Rng) -> Field:
    """Return sprinkled ink."""
    spots = [
        shapes.leaf((rng.uniform(), rng.uniform()), radius, radius * 0.9, rng.uniform(0, 6.3))
        for radius in 0.0012 + 0.003 * rng.uniform(0, 1, 160) ** 4
    ]
    return 0.4 * shapes.polygons(side, spots)
