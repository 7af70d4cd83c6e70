"""Gold leaf: spirals and inlaid ornament in gold, with a meadow of small flowers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, cells, fractal, grid, spread, step
from tools.paint_styles.palette import Color, over, ramp, rgb, vary
from tools.paint_styles.surface import develop, light

_MEADOW = 0.74
_RIM, _PUPIL = "1a1a24", "fbeaac"  # of eyes


def golden_tree(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Paint a tree of golden spirals on gold leaf above a meadow of small flowers."""
    side = size * 3 // 2
    color, height = _leafed(side, rng)
    color, height = _meadow(color, height, rng)
    branches = _tree(rng)
    dark = shapes.polygons(side, [piece for line, width in branches for piece in shapes.ribbon(line, width + 0.0065)])
    bark = shapes.polygons(side, [piece for line, width in branches for piece in shapes.ribbon(line, width)])
    color = over(color, dark, rgb("3a2014"))
    fleck = fractal((side, side), (side * 0.010, side * 0.007), rng, octaves=3)
    color = over(color, bark, ramp("4a2a16 7f4a20 b07a30 e0b450", 0.5 + 0.24 * fleck))
    color, height = _inlay(color, height + 1.6 * dark, branches, rng)
    return develop(light(color, height, 0.42, 0.22, soft=1.1), size)


def _leafed(side: int, rng: Rng) -> tuple[Color, Field]:
    """Return squares of gold leaf with small whorls stamped in, and their height."""
    x, y = grid(side)
    bend = 0.004 * fractal((side, side), side * 0.05, rng)
    columns, rows = (
        np.floor((x + bend) * 11).astype(int),
        np.floor((y + bend) * 11 + 0.5 * (np.floor(x * 11) % 2)).astype(int),
    )
    tone = rng.normal(0, 0.09, (16, 16))[rows % 16, columns % 16]
    rub = fractal((side, side), side * 0.09, rng, octaves=6, gain=0.65)
    color = ramp("7a5420 a8792c cf9f3f e8c464 f6e09a", 0.52 + tone + 0.15 * rub)
    points = spread(1500, rng)
    index, near, edge = cells(side, points)
    start = rng.uniform(0, 6.3, len(points))[index]
    swing = np.arctan2(y - points[index, 1], x - points[index, 0])
    whorl = np.sin(near * 760 + np.where(index % 2, 1, -1) * swing + start)
    mark = step(0.55, 0.85, whorl) * step(0.0015, 0.004, edge)
    color = over(color, 0.55 * mark, rgb("7f5a1f"))
    color = over(color, 0.45 * step(0.6, 0.9, -whorl) * step(0.0015, 0.004, edge), rgb("fbeaac"))
    return color, (1.2 * whorl * step(0.0, 0.005, edge) + 0.35 * rub + tone * 3).astype(np.float32)


def _spiral(start: Points, heading: float, radius: float, look: int, turns: float = 1.9) -> Points:
    """Return a spiral that leaves `start` along `heading` and winds inwards."""
    t = np.linspace(0, 1, 110)
    center = start + radius * np.array([np.cos(heading + look * np.pi / 2), np.sin(heading + look * np.pi / 2)])
    angle = heading - look * np.pi / 2 + look * t * turns * 2 * np.pi
    shrink = radius * (1 - t) ** 0.85 + 0.05 * radius
    shrink = shrink * (radius / shrink[0])
    line: Points = center + np.stack([np.cos(angle), np.sin(angle)], -1) * shrink[:, None]
    return line


def _tree(rng: Rng) -> list[tuple[Points, Points]]:
    """Return the branches as lines with widths: a trunk, main limbs, and spirals from each."""
    trunk = shapes.curve([(0.485, 0.90), (0.50, 0.76), (0.475, 0.62), (0.50, 0.50)], 80)
    lines: list[tuple[Points, Points]] = [(trunk, np.interp(np.linspace(0, 1, 80), [0, 0.2, 1], [0.13, 0.080, 0.062]))]
    limbs = (
        ((0.495, 0.56), (0.36, 0.48), (0.22, 0.52), (0.10, 0.46)),
        ((0.495, 0.53), (0.40, 0.36), (0.27, 0.30), (0.12, 0.26)),
        ((0.495, 0.52), (0.47, 0.34), (0.38, 0.18), (0.26, 0.10)),
        ((0.500, 0.52), (0.53, 0.34), (0.60, 0.20), (0.72, 0.09)),
        ((0.500, 0.53), (0.60, 0.38), (0.72, 0.30), (0.87, 0.27)),
        ((0.500, 0.56), (0.62, 0.50), (0.76, 0.53), (0.90, 0.47)),
        ((0.498, 0.52), (0.51, 0.30), (0.49, 0.16), (0.50, 0.09)),
    )
    for number, knots in enumerate(limbs):
        line = shapes.curve(knots, 80)
        lines.append((line, np.linspace(0.040, 0.017, 80)))
        for step_, t in enumerate((0.30, 0.47, 0.64, 0.82, 0.99)):
            at = int(t * 79)
            heading = np.arctan2(*(line[min(at + 1, 79)] - line[at - 1])[::-1])
            look = 1 if (step_ + number) % 2 else -1
            radius = rng.uniform(0.043, 0.062) * (1.15 - 0.25 * abs(t - 0.6))
            curl = _spiral(line[at], float(heading - 0.3 * look), radius, look)
            lines.append((curl, np.linspace(0.016, 0.0065, len(curl))))
    for cx, heading, look in ((0.43, -2.9, -1), (0.55, -0.3, 1), (0.42, 2.6, 1), (0.56, 0.5, -1)):
        curl = _spiral(np.array([cx, 0.72]), heading, 0.055, look, 1.6)
        lines.append((curl, np.linspace(0.020, 0.007, len(curl))))
    return lines


def _inlay(color: Color, height: Field, branches: list[tuple[Points, Points]], rng: Rng) -> tuple[Color, Field]:
    """Add eyes, triangles and enamel drops along the branches and in the centers of the spirals."""
    side = len(color)
    enamel = ("1f7f8a", "c8402c", "f4ead0", "2f9a5f", "3a5fb8", "e8842f")
    marks: list[tuple[str, Points]] = []
    for number, (line, width) in enumerate(branches):
        for at in range(6, len(line) - 4, 13):
            wide = float(width[at])
            turn = float(np.arctan2(*(line[at + 2] - line[at - 2])[::-1]))
            if wide > 0.024:
                marks += _eye(line[at] + rng.normal(0, 0.16 * wide, 2), 0.15 * wide + 0.006, enamel[(number + at) % 6])
            elif wide > 0.009:
                place = (float(line[at][0]), float(line[at][1]))
                marks.append((enamel[(at + number) % 6], shapes.leaf(place, 0.012, 0.6 * wide, turn)))
        if width[-1] < 0.010:
            marks += _eye(line[-1], 0.0115, enamel[number % 6])
    for code in (_RIM, *enamel, _PUPIL):
        mask = shapes.polygons(side, [outline for each, outline in marks if each == code])
        color, height = over(color, mask, rgb(code)), height + 0.9 * mask
    return color, height


def _eye(at: Points, radius: float, code: str) -> list[tuple[str, Points]]:
    """Return a dark rim, an enamel disc and a light pupil."""
    circle = np.stack([np.cos(np.linspace(0, 6.28, 24)), np.sin(np.linspace(0, 6.28, 24))], -1)
    return [(_RIM, at + radius * circle), (code, at + radius * 0.76 * circle), (_PUPIL, at + radius * 0.34 * circle)]


def _meadow(color: Color, height: Field, rng: Rng) -> tuple[Color, Field]:
    """Add the meadow: tiles of color, small flowers and gold dots."""
    side = len(color)
    x, y = grid(side)
    line = _MEADOW + 0.030 * np.sin(x * 5 + 0.8) + 0.012 * np.sin(x * 17)
    mask = step(-0.001, 0.001, y - line)
    index, near, edge = cells(side, spread(3600, rng))
    depth = np.clip((y - line) * 4, 0, 1)
    tints = vary(ramp("16342a 1f5a3f 3f8a4f 7aa84a 1f6f7a 2a4a7a", rng.uniform(0, 1, index.max() + 1)), 0.05, 0.04, rng)
    ground = tints[index] * (1.05 - 0.4 * depth)[..., None]
    ground = over(ground, step(0.0020, 0.0008, edge), rgb("12201a"))
    ground = over(ground, 0.8 * step(0.0034, 0.0022, near) * (index % 3 == 0), rgb("e8c464"))
    color = over(color, mask, ground)
    color = over(color, step(0.0065, 0.0050, np.abs(y - line)), rgb("e8c464"))
    height = height * (1 - mask) + mask * np.minimum(edge * 400, 1.6)
    return _flowers(color, height, line, rng)


def _flowers(color: Color, height: Field, line: Field, rng: Rng) -> tuple[Color, Field]:
    side = len(color)
    codes = ("e8503a", "f4ead0", "f2a03a", "d86a9a", "8a6ad0", "fbd35a")
    petals: list[list[Points]] = [[] for _ in codes]
    hearts: list[Points] = []
    for number, (cx, cy) in enumerate(spread(620, rng)):
        ground = line[0, int(np.clip(cx, 0, 0.999) * side)]
        radius = (0.008 + 0.016 * max(cy - ground, 0) / 0.26) * rng.uniform(0.8, 1.3)
        if cy < ground + radius:
            continue
        count = 5 + number % 4
        for turn in rng.uniform(0, 6) + np.arange(count) * 2 * np.pi / count:
            petals[number % 6].append(shapes.leaf((cx, cy), radius, radius * 0.85, float(turn)))
        hearts.append(shapes.leaf((cx - radius * 0.28, cy), radius * 0.56, radius * 0.56, 0.0))
    for code, outlines in zip(codes, petals, strict=True):
        mask = shapes.polygons(side, outlines)
        grown = shapes.polygons(side, [np.add(outline, (0.0, 0.0022)) for outline in outlines])
        color = over(over(color, grown, rgb("16201a")), mask, rgb(code))
        height = height + 0.9 * mask
    return over(color, shapes.polygons(side, hearts), rgb("7a3a1a")), height
