"""Fresco: a garden in earth pigments on old lime plaster, rubbed, flaked and cracked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, cells, fractal, grid, spread, step
from tools.paint_styles.palette import Color, box, enrich, over, ramp, rgb
from tools.paint_styles.strokes import Brush, VariationSheet, dab
from tools.paint_styles.surface import develop, light

_TREES = (
    (0.17, 0.36, 0.185, "e0822a f2b04a", "2f5a3a 5f8448 9aa860"),
    (0.84, 0.34, 0.190, "a8342a d8603f", "2a5248 4f7f58 8fa86a"),
    (0.50, 0.42, 0.150, "e8c040 f6e08a", "3a6444 6f9450 b4b86a"),
)


def orchard_fresco(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Paint fruit trees, flowers and birds behind a low fence on an ancient plaster wall."""
    side = size * 3 // 2
    sheet = VariationSheet.primed(_sky(side, rng))
    _thicket(sheet, rng)
    for place in _TREES:
        _tree(sheet, place, rng)
    _fence(sheet)
    _flowers(sheet, rng)
    for bird in ((0.335, 0.20, 0.085, 1), (0.645, 0.175, 0.075, -1), (0.40, 0.775, 0.088, 1), (0.70, 0.285, 0.06, -1)):
        _bird(sheet.color, bird)
    return develop(_aged(sheet.color, rng), size)


def _sky(side: int, rng: Rng) -> Color:
    _, y = grid(side)
    wash = fractal((side, side), (side * 0.03, side * 0.10), rng, octaves=5, gain=0.6)
    color = ramp("4f8fa4 74acb4 a4c8bc d4d8b8 d8c890", 1.25 * y + 0.07 * wash)
    ground = ramp("a89850 8f8448 7a6a3f", (y - 0.70) * 3 + 0.15 * wash)
    return over(color, step(0.69, 0.71, y + 0.006 * wash), ground)


def _leaves(sheet: VariationSheet, at: Points, codes: str, tone: Field, scale: float, rng: Rng) -> None:
    """Paint a leaf at each point, with a tone in 0..1, and a lighter touch on some."""
    brush = Brush(
        length=21 * scale, width=8.5 * scale, light=0.05, hue=0.03, dry=0.1, pointed=0.9, square=2.0, streak=0.10
    )
    turns = rng.normal(1.1, 0.9, len(at)) * rng.choice([-1.0, 1.0], len(at)) + np.pi / 2
    order = np.argsort(tone + 0.25 * rng.standard_normal(len(at)))
    dab(sheet, brush, at[order], turns[order], ramp(codes, tone)[order], rng)


def _thicket(sheet: VariationSheet, rng: Rng) -> None:
    """Paint the dense hedge in the distance."""
    at = spread(5200, rng)
    top = 0.50 + 0.05 * np.sin(at[:, 0] * 9) + 0.03 * np.sin(at[:, 0] * 23 + 1)
    at = at[(at[:, 1] > top) & (at[:, 1] < 0.73)]
    tone = np.clip(0.85 - 2.4 * (at[:, 1] - 0.5) + 0.15 * rng.standard_normal(len(at)), 0, 1)
    _leaves(sheet, at, "1f4440 2f5f50 4f8468 86a888", tone, 1.0, rng)


def _tree(sheet: VariationSheet, place: tuple[float, float, float, str, str], rng: Rng) -> None:
    """Paint a trunk, boughs, leaves lit from the upper left, and fruits."""
    cx, cy, radius, _, codes = place
    trunk = shapes.curve([(cx + 0.012, 0.78), (cx - 0.010, 0.62), (cx + 0.008, cy + 0.4 * radius), (cx, cy)], 60)
    strokes = shapes.ribbon(trunk, np.linspace(0.034, 0.012, 60))
    for turn in np.linspace(-2.6, -0.5, 6):
        tip = np.array([cx, cy]) + 0.85 * radius * np.array([np.cos(turn), np.sin(turn)])
        strokes += shapes.ribbon(
            shapes.curve([trunk[38], (trunk[38] + tip) / 2 + (0.01, 0.02), tip], 30), np.linspace(0.013, 0.003, 30)
        )
    shapes.fill(sheet.color, [np.add(piece, (0.004, 0.0)) for piece in strokes], rgb("4a3426"))
    shapes.fill(sheet.color, strokes, rgb("8a6444"))
    count = 1500
    way, far = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.uniform(0.0, 1, count))
    far = far * (0.86 + 0.16 * np.sin(way * 7 + cx * 20) + 0.06 * rng.standard_normal(count))
    at = np.array([cx, cy]) + radius * far[:, None] * np.stack([1.05 * np.cos(way), np.sin(way)], -1)
    lit = 0.50 - 0.42 * ((at[:, 0] - cx) * 0.6 + (at[:, 1] - cy)) / radius + 0.16 * rng.standard_normal(count)
    _leaves(sheet, at, codes, np.clip(lit, 0, 1), 1.15, rng)
    _fruits(sheet, place, rng)


def _fruits(sheet: VariationSheet, place: tuple[float, float, float, str, str], rng: Rng) -> None:
    cx, cy, radius, fruit, codes = place
    x, y = grid(len(sheet.color))
    deep, bright = fruit.split()
    for number in range(19):
        way, far = number * 2.4, np.sqrt((number + 0.6) / 19) * 0.88
        ax, ay = cx + radius * far * np.cos(way), cy + radius * far * np.sin(way)
        ball = radius * rng.uniform(0.075, 0.10)
        turn = np.linspace(0, 2 * np.pi, 32)
        circle = np.stack([ax + ball * np.cos(turn), ay + ball * np.sin(turn)], -1)
        shapes.fill(sheet.color, [1.10 * (circle - (ax, ay)) + (ax + 0.1 * ball, ay + 0.12 * ball)], rgb("2f3a26"))
        window = shapes.cut(len(sheet.color), circle).window
        away = np.hypot(x[window] - ax + 0.35 * ball, y[window] - ay + 0.4 * ball) / ball
        tint = np.zeros_like(sheet.color)
        tint[window] = ramp(f"fbeec0 {bright} {deep} 6a3a26", away * 0.62)
        shapes.fill(sheet.color, [circle], tint)
        leaf = shapes.leaf((ax, ay - ball), 1.5 * ball, 0.7 * ball, rng.uniform(-2.8, -0.3))
        shapes.fill(sheet.color, [leaf], rgb(codes.split()[2]))


def _fence(sheet: VariationSheet) -> None:
    """Paint a lattice fence with posts in ocher."""
    bars: list[Points] = []
    for left in np.arange(-2, 18) / 16:
        bars += [np.array([(left, 0.835), (left + 0.125, 0.715)]), np.array([(left + 0.125, 0.835), (left, 0.715)])]
    rails = [np.array([(-0.1, level), (1.1, level)]) for level in (0.712, 0.838)]
    posts = [np.array([(at, 0.692), (at, 0.855)]) for at in (0.03, 0.265, 0.5, 0.735, 0.97)]
    for lines, wide in ((bars, 0.0085), (rails, 0.0135), (posts, 0.020)):
        pieces = [piece for line in lines for piece in shapes.ribbon(line, wide)]
        shapes.fill(sheet.color, [np.add(piece, (0.003, 0.005)) for piece in pieces], rgb("5a4a30"))
        shapes.fill(sheet.color, pieces, rgb("d8b468"))
        thin = [piece - (0.0010, 0.0016) for line in lines for piece in shapes.ribbon(line, 0.3 * wide)]
        shapes.fill(sheet.color, thin, rgb("f2dca0"))


def _flowers(sheet: VariationSheet, rng: Rng) -> None:
    """Paint grasses and flowers before and behind the fence."""
    at = spread(3000, rng)
    at = at[at[:, 1] > 0.86 + 0.02 * np.sin(at[:, 0] * 14)]
    blade = Brush(length=58, width=5.5, light=0.06, hue=0.04, dry=0.1, pointed=0.9, streak=0.1)
    tone = np.clip(1.0 - 5 * (at[:, 1] - 0.84) + 0.25 * rng.standard_normal(len(at)), 0, 1)
    dab(sheet, blade, at, rng.normal(np.pi / 2, 0.32, len(at)), ramp("24483a 3f6a42 7a8f4a b8b060", tone), rng)
    codes = box("d8503f f2e4c8 e8a03a c4708f f4d060 8f6aa8")
    petal = Brush(length=15, width=9, light=0.05, hue=0.02, dry=0.05, pointed=0.3, square=2.0)
    heads = np.stack([rng.uniform(0, 1, 85), rng.uniform(0.805, 0.985, 85)], -1)
    spokes = np.arange(6) * np.pi / 3
    ends = (heads[:, None] + 0.0105 * np.stack([np.cos(spokes), np.sin(spokes)], -1)).reshape(-1, 2)
    dab(sheet, petal, ends, np.tile(spokes, 85), np.repeat(codes[rng.integers(0, 6, 85)], 6, 0), rng)
    heart = Brush(length=10, width=9, light=0.04, square=2.0, pointed=0.1)
    dab(sheet, heart, heads, np.zeros(85), np.broadcast_to(rgb("7a4a24"), (85, 3)), rng)


def _bird(color: Color, place: tuple[float, float, float, int]) -> None:
    """Paint a small bird with a raised wing; the last value is the side to which it looks."""
    cx, cy, scale, look = place

    def put(*knots: tuple[float, float]) -> Points:
        return shapes.curve(np.array(knots) * (look * scale, scale) + (cx, cy), 60)

    wing = put((0.05, 0.0), (-0.25, -0.62), (-0.55, -0.75), (-0.45, -0.25), (-0.20, 0.10), (0.05, 0.0))
    body = put(
        (0.62, -0.22),
        (0.48, -0.36),
        (0.30, -0.28),
        (0.0, -0.05),
        (-0.55, 0.10),
        (-1.0, 0.18),
        (-0.50, 0.26),
        (0.05, 0.26),
        (0.45, 0.02),
        (0.62, -0.22),
    )
    beak = np.array([(0.58, -0.28), (0.80, -0.20), (0.57, -0.16)]) * (look * scale, scale) + (cx, cy)
    belly = put((0.50, -0.10), (0.20, 0.02), (-0.25, 0.20), (0.05, 0.24), (0.40, 0.05), (0.50, -0.10))
    for outline, code in ((body, "34505f"), (belly, "d8a878"), (wing, "5f7f8f"), (beak, "c87a34")):
        shapes.fill(color, [outline], rgb(code))
    feathers = [
        put((-0.02, 0.0), (-0.28 - 0.05 * k, -0.30 - 0.10 * k), (-0.30 - 0.07 * k, -0.42 - 0.1 * k)) for k in range(4)
    ]
    shapes.fill(color, [piece for line in feathers for piece in shapes.ribbon(line, 0.035 * scale)], rgb("26384a"))
    for line in (body, wing):
        shapes.fill(color, shapes.ribbon(line, 0.030 * scale), rgb("2f2a2c"))
    eye = np.array([0.47 * look * scale + cx, cy - 0.22 * scale])
    turn = np.linspace(0, 2 * np.pi, 16)
    shapes.fill(color, [eye + 0.05 * scale * np.stack([np.cos(turn), np.sin(turn)], -1)], rgb("f8eed0"))


def _aged(color: Color, rng: Rng) -> Color:
    """Return the painting rubbed into plaster, with losses and cracks."""
    side = len(color)
    point = side / 1024
    sand = fractal((side, side), 3.0 * point, rng, octaves=3, gain=0.8)
    trowel = fractal((side, side), (side * 0.05, side * 0.14), rng, octaves=5, gain=0.6)
    plaster = ramp("b89f7a d8c4a0 ece0c4", 0.55 + 0.16 * trowel + 0.10 * sand)
    rubbed = np.clip(0.15 + 0.10 * trowel + 0.13 * sand, 0, 0.7)
    color = over(enrich(color, 0.98), rubbed, plaster)
    flake = fractal((side, side), side * 0.11, rng, octaves=6, gain=0.62)
    lost = step(1.42, 1.47, flake)
    rim = step(1.30, 1.42, flake) * (1 - lost)
    color = over(over(color, 0.35 * rim, rgb("f6ecd4")), lost, plaster * (0.92 + 0.05 * sand)[..., None])
    bend = [0.012 * fractal((side, side), side * 0.05, rng, octaves=4) for _ in range(2)]
    _, _, edge = cells(side, spread(26, rng), (bend[0], bend[1]))
    _, _, fine = cells(side, spread(420, rng), (bend[1], bend[0]))
    open_ = step(-0.3, 0.6, fractal((side, side), side * 0.15, rng))
    crack = np.maximum(step(0.0024, 0.0010, edge) * open_, 0.55 * step(0.0012, 0.0005, fine) * step(0.5, 1.3, flake))
    color = over(color, 0.8 * crack, rgb("4a3a2c"))
    height = 0.55 * sand + 0.9 * trowel - 2.4 * ndimage.gaussian_filter(lost, 1.2 * point) - 1.6 * crack
    return light(np.clip(color * (1 + 0.025 * sand)[..., None], 0, 1), height.astype(np.float32), 0.26, 0.0)
