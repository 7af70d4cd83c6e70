"""Miniature: a walled garden in opaque pigments and gold, finely outlined, with a pavilion of tiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, fractal, grid, spread, step
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.surface import develop, light, paper

_INK = "3a2418"
_LAPIS = "1f3f8a"
_GOLD = "d9ae4a"
_TURN = np.linspace(0, 2 * np.pi, 40)
_CIRCLE = np.stack([np.cos(_TURN), np.sin(_TURN)], -1)


def shiraz_garden(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Paint cypresses, blossoming trees and a pavilion at a stream below rosy rocks and a golden sky."""
    side = size * 3 // 2
    color = _sky(side, rng)
    _clouds(color)
    _rocks(color, rng)
    _meadow(color, rng)
    _stream(color)
    _tufts(color, rng)
    for place in ((0.335, 0.56, 0.34), (0.455, 0.535, 0.27), (0.915, 0.60, 0.36)):
        _cypress(color, place, rng)
    color = _pavilion(color)
    for place in ((0.175, 0.80, 0.42), (0.51, 0.72, 0.26), (0.885, 0.90, 0.30)):
        _blossom_tree(color, place, rng)
    color = _border(color)
    grain = paper(side, rng, tooth=2.4)
    rubbed = fractal((side, side), side * 0.1, rng, octaves=5)
    color = np.clip(color * (1 + 0.025 * grain + 0.025 * rubbed)[..., None], 0, 1)
    return develop(light(color, 0.30 * grain, 0.16, 0.0), size)


def _shape(color: Color, outline: Points, tint: Color, line: float = 0.0020) -> None:
    """Fill an outline and draw its contour in brown ink."""
    shapes.fill(color, [outline], tint)
    shapes.fill(color, shapes.ribbon(np.concatenate([outline, outline[:2]]), line), rgb(_INK))


def _sky(side: int, rng: Rng) -> Color:
    """Return a sky of burnished gold with fine punched dots."""
    x, y = grid(side)
    wash = fractal((side, side), side * 0.08, rng, octaves=5)
    color = ramp("b8862f d9ae4a efd078 e4bc5a", 0.45 + 0.14 * wash + 0.5 * (y - 0.2))
    u, v = x * 68, y * 68
    dots = step(0.20, 0.13, np.hypot((u + 0.5 * (np.floor(v) % 2)) % 1 - 0.5, v % 1 - 0.5))
    return over(color, 0.45 * dots, rgb("8f6420"))


def _clouds(color: Color) -> None:
    """Add ribbons of cloud that end in curls."""
    for cx, cy, long, look in (
        (0.25, 0.13, 0.17, 1),
        (0.56, 0.105, 0.15, -1),
        (0.79, 0.165, 0.13, 1),
        (0.43, 0.215, 0.10, -1),
    ):
        for lane, code in enumerate(("6f94c8", "f8f0e0", "a8c4e0", "f4d8d0")):
            t = np.linspace(0, 1, 90)
            across = cx + look * (t - 0.5) * 2 * long
            down = cy + 0.016 * np.sin(t * 9 + lane * 0.6) + 0.010 * lane - 0.012
            line = np.stack([across, down], -1)
            curl = np.linspace(0, 4.6, 50)
            radius = 0.026 * (1 - curl / 5.6)
            spiral = line[-1] + np.stack([look * radius * np.sin(curl), -0.026 + radius * np.cos(curl)], -1)
            path, width = np.concatenate([line, spiral]), 0.0125 * shapes.taper(140, 0.1, 0.35)
            shapes.fill(color, shapes.ribbon(path, width + 0.0030), rgb(_INK))
            shapes.fill(color, shapes.ribbon(path, width), rgb(code))
        for number in range(7):
            at = np.array([cx + look * long * (number / 3.5 - 1) * 0.8, cy + 0.022 + 0.010 * np.sin(number * 2)])
            _shape(color, at + 0.0145 * _CIRCLE * (1.2, 0.9), rgb(("f8f0e0", "a8c4e0")[number % 2]))


def _rocks(color: Color, rng: Rng) -> None:
    """Add ridges of rounded rocks in rose, lilac and blue, each shaded from its rim."""
    side = len(color)
    x, y = grid(side)
    palettes = ("f6d8d8 d89ab0 9a6a9a", "d8d4ec a498cc 6a6aa8", "f8e0c4 e0a488 b06a6a", "c4e0dc 84b4b8 4a7f98")
    for row in range(4):
        for left in np.arange(-0.02, 1.05, 0.058) + rng.uniform(-0.012, 0.012):
            base = (
                0.375
                + 0.040 * row
                - 0.09 * np.exp(-(((left - 0.20) / 0.16) ** 2))
                - 0.07 * np.exp(-(((left - 0.72) / 0.14) ** 2))
            )
            at = np.array([left + 0.02 * (row % 2), base + rng.normal(0, 0.018)])
            reach = rng.uniform(0.034, 0.054)
            lobes = 1 + 0.10 * np.sin(_TURN * 5 + rng.uniform(0, 6)) + 0.05 * np.sin(_TURN * 9 + rng.uniform(0, 6))
            outline = at + reach * lobes[:, None] * _CIRCLE * (1.0, 1.35)
            piece = shapes.cut(side, outline)
            away = np.hypot(x[piece.window] - at[0] + 0.2 * reach, y[piece.window] - at[1] + 0.8 * reach) / reach
            tint = ramp(palettes[rng.integers(0, 4)], away * 0.55 + 0.06 * np.sin(away * 22))
            color[piece.window] = over(color[piece.window], piece.masks[0], tint)
            shapes.fill(color, shapes.ribbon(np.concatenate([outline, outline[:2]]), 0.0022), rgb("6a4048"))
            for inner in (0.70, 0.45):
                arc = at + inner * reach * lobes[22:36, None] * _CIRCLE[22:36] * (1.0, 1.35)
                shapes.fill(color, shapes.ribbon(arc, 0.0016), rgb("8f5a68"))


def _meadow(color: Color, rng: Rng) -> None:
    side = len(color)
    x, y = grid(side)
    line = 0.50 + 0.018 * np.sin(x * 9 + 1) + 0.010 * np.sin(x * 23)
    wash = fractal((side, side), side * 0.06, rng, octaves=4)
    ground = ramp("a8d0b0 84bc9c 5fa488 3f8a78", 1.5 * (y - 0.48) + 0.12 * wash)
    stipple = fractal((side, side), 4.0 * side / 1024, rng, octaves=2)
    ground = over(ground, 0.5 * step(0.9, 1.4, stipple), rgb("d4e4a8"))
    ground = over(ground, 0.4 * step(0.9, 1.4, -stipple), rgb("2f7468"))
    color[:] = over(color, step(-0.001, 0.001, y - line), ground)
    color[:] = over(color, step(0.0022, 0.0012, np.abs(y - line)), rgb(_INK))


def _stream(color: Color) -> None:
    """Add a winding stream with ripples between rows of stones."""
    middle = shapes.curve(
        [(0.60, 0.545), (0.50, 0.62), (0.36, 0.665), (0.40, 0.76), (0.52, 0.84), (0.44, 0.93), (0.36, 1.02)], 150
    )
    width = np.linspace(0.030, 0.115, 150)
    shapes.fill(color, shapes.ribbon(middle, width + 0.005), rgb(_INK))
    shapes.fill(color, shapes.ribbon(middle, width), rgb("b8d0e0"))
    heading = np.gradient(middle, axis=0)
    normal = np.stack([-heading[:, 1], heading[:, 0]], -1) / np.linalg.norm(heading, axis=1, keepdims=True)
    t = np.linspace(0, 1, 150)
    for number, lane in enumerate(np.linspace(-0.42, 0.42, 9)):
        wave = lane + 0.035 * np.sin(t * 90 + 2.2 * number)
        line = middle + normal * (wave * width)[:, None]
        shapes.fill(color, shapes.ribbon(line, 0.0030), rgb(("4a78b0", "f4f8fa", "7aa4c8")[number % 3]))
    for sign in (-1, 1):
        for at in range(2, 149, 3):
            place = middle[at] + sign * normal[at] * width[at] * 0.56
            reach = 0.006 + 0.09 * width[at]
            tint = rgb(("e8c4b8", "c8b8dc", "f4e4c8", "b4ccd8")[(at * 7 + sign) % 4])
            _shape(color, place + reach * _CIRCLE[::3] * (1.15, 0.9), tint, 0.0016)


def _tufts(color: Color, rng: Rng) -> None:
    """Add small plants with blades and blossoms all over the meadow, larger in front."""
    blades: list[Points] = []
    petals: dict[str, list[Points]] = {code: [] for code in ("d8402f", "f6e8d0", "e88aa0", "f2b53a", "6a5ab8")}
    at = spread(560, rng)
    for number, (cx, cy) in enumerate(at[at[:, 1] > 0.535]):
        tall = 0.013 + 0.030 * (cy - 0.5)
        for turn in np.linspace(-2.6, -0.55, 5) + rng.normal(0, 0.1, 5):
            blades.append(shapes.leaf((cx, cy), tall, 0.24 * tall, float(turn)))
        head = (cx + rng.normal(0, 0.2) * tall, cy - 1.15 * tall)
        code = list(petals)[number % 5]
        for turn in np.arange(5) * 2 * np.pi / 5:
            petals[code].append(shapes.leaf(head, 0.42 * tall, 0.32 * tall, float(turn)))
    shapes.fill(color, [np.add(blade, (0.0012, 0.0006)) for blade in blades], rgb("1f4a40"))
    shapes.fill(color, blades, rgb("2f7a54"))
    for code, outlines in petals.items():
        shapes.fill(color, [np.add(outline, (0.0010, 0.0012)) for outline in outlines], rgb(_INK))
        shapes.fill(color, outlines, rgb(code))


def _cypress(color: Color, place: tuple[float, float, float], rng: Rng) -> None:
    """Add a slender cypress, with rows of small pointed leaves."""
    cx, foot, tall = place
    shapes.fill(color, shapes.ribbon(np.array([(cx, foot), (cx, foot - 0.2 * tall)]), 0.012), rgb("5a3a24"))
    t = np.linspace(0, 1, 50)
    half = 0.118 * tall * np.sin(np.pi * np.clip(t, 0, 1) ** 0.55) ** 0.9
    left = np.stack([cx - half, foot - 0.09 * tall - 0.93 * tall * t], -1)
    outline = np.concatenate([left, (left * (-1, 1) + (2 * cx, 0))[::-1]])
    _shape(color, outline, rgb("173f34"), 0.0030)
    for level in np.linspace(0.97, 0.02, 60):
        reach = float(np.interp(level, t, half))
        for across in np.linspace(-0.82, 0.82, max(int(reach / 0.0042), 2)):
            at = (cx + across * reach, foot - 0.09 * tall - 0.93 * tall * level)
            code = ("24604a", "3a7f54", "6fa460")[rng.choice(3, p=[0.5, 0.33, 0.17])]
            shapes.fill(color, [shapes.leaf(at, 0.0125, 0.0048, -np.pi / 2 + 0.5 * across)], rgb(code))


def _blossom_tree(color: Color, place: tuple[float, float, float], rng: Rng) -> None:
    """Add a bent tree with pink and white blossoms and small leaves."""
    cx, foot, tall = place
    trunk = shapes.curve(
        [(cx, foot), (cx + 0.035, foot - 0.3 * tall), (cx - 0.02, foot - 0.58 * tall), (cx + 0.01, foot - 0.8 * tall)],
        60,
    )
    lines = [(trunk, np.linspace(0.030, 0.010, 60) * tall / 0.36)]
    tips: list[Points] = []
    for number, at in enumerate((18, 25, 32, 38, 44, 50, 55, 59)):
        side = 1 if number % 2 else -1
        long = tall * (0.44 - 0.026 * number)
        end = trunk[at] + long * np.array([side * 0.86, -0.50 - 0.06 * number])
        bough = shapes.curve([trunk[at], trunk[at] + 0.5 * long * np.array([side * 0.9, -0.12]), end], 40)
        lines.append((bough, np.linspace(0.012, 0.0025, 40) * tall / 0.36))
        tips += list(bough[12::2])
    for extra, code in ((0.0045, _INK), (0.0, "8a6040")):
        shapes.fill(color, [piece for line, width in lines for piece in shapes.ribbon(line, width + extra)], rgb(code))
    for number, tip in enumerate(np.repeat(np.array(tips), 3, 0) + rng.normal(0, 0.075 * tall, (3 * len(tips), 2))):
        head, reach = (float(tip[0]), float(tip[1])), 0.0085 + 0.010 * tall
        if number % 3 == 0:
            _shape(color, shapes.leaf(head, 1.7 * reach, 0.75 * reach, rng.uniform(0, 6.3)), rgb("4f8a4a"), 0.0012)
            continue
        turns = rng.uniform(0, 6) + np.arange(5) * 2 * np.pi / 5
        petals = [shapes.leaf(head, reach, 0.85 * reach, float(turn)) for turn in turns]
        shapes.fill(color, [1.16 * (petal - head) + head for petal in petals], rgb("9a4a5a"))
        shapes.fill(color, petals, rgb(("f6b8c0", "fdf0ec")[number % 2]))
        shapes.fill(color, [tip + 0.26 * reach * _CIRCLE[::4]], rgb("d8402f"))


def _tiles(x: Field, y: Field, pitch: float, codes: tuple[str, str, str, str]) -> Color:
    """Return a pattern of eight-pointed stars and crosses: ground, star, heart and seam colors."""
    u, v = (x / pitch) % 1 - 0.5, (y / pitch) % 1 - 0.5
    square = np.maximum(np.abs(u), np.abs(v))
    diamond = (np.abs(u) + np.abs(v)) / np.sqrt(2)
    star = np.minimum(square, diamond)
    color = np.broadcast_to(rgb(codes[0]), (*x.shape, 3))
    color = over(color, step(0.345, 0.325, star), rgb(codes[1]))
    color = over(color, step(0.20, 0.18, np.maximum(square, diamond)), rgb(codes[2]))
    color = over(color, step(0.075, 0.055, np.hypot(u, v)), rgb(codes[3]))
    return over(color, step(0.030, 0.018, np.abs(star - 0.335)), rgb(codes[3]))


def _arch(left: float, right: float, spring: float, top: float, foot: float) -> Points:
    """Return the outline of a pointed arch."""
    middle = (left + right) / 2
    rise = shapes.curve(
        [
            (left, spring),
            (left + 0.10 * (middle - left), spring - 0.50 * (spring - top)),
            (left + 0.55 * (middle - left), top + 0.16 * (spring - top)),
            (middle, top),
        ],
        40,
    )
    return np.concatenate([[(left, foot)], rise, (rise * (-1, 1) + (2 * middle, 0))[::-1], [(right, foot)]])


def _pavilion(color: Color) -> Color:
    """Add the pavilion: a tiled front with an arch, side niches, an inscription band and a dome."""
    side = len(color)
    x, y = grid(side)
    dome = shapes.curve(
        [(0.625, 0.375), (0.612, 0.31), (0.65, 0.24), (0.71, 0.175), (0.77, 0.24), (0.808, 0.31), (0.795, 0.375)], 80
    )
    scroll = np.sin(70 * (x - 0.71) / (0.4 + 2 * (y - 0.15))) * np.sin(y * 150)
    _shape(
        color,
        dome,
        over(
            over(np.broadcast_to(rgb("2a9aa0"), color.shape), step(0.2, 0.4, scroll), rgb(_LAPIS)),
            step(0.1, -0.1, np.abs(scroll) - 0.15),
            rgb("f4e8c8"),
        ),
        0.0034,
    )
    shapes.fill(color, shapes.ribbon(np.array([(0.71, 0.178), (0.71, 0.130)]), 0.006), rgb(_GOLD))
    brick = _tiles(x, y, 0.026, ("c8785a", "f0dcb8", "2a9aa0", _LAPIS))
    _shape(color, np.array([(0.575, 0.39), (0.845, 0.39), (0.845, 0.765), (0.575, 0.765)]), brick, 0.0034)
    wall = _tiles(x, y, 0.040, ("2a9aa0", _LAPIS, "f4e8c8", _GOLD))
    _shape(color, np.array([(0.598, 0.445), (0.822, 0.445), (0.822, 0.765), (0.598, 0.765)]), wall, 0.0028)
    letters = step(
        0.15, 0.35, np.sin(x * 330 + 3 * np.sin(y * 300)) * np.sin(x * 140 + y * 200) + 0.25 * np.sin(y * 400)
    )
    _shape(
        color,
        np.array([(0.575, 0.372), (0.845, 0.372), (0.845, 0.415), (0.575, 0.415)]),
        over(np.broadcast_to(rgb(_LAPIS), color.shape), letters, rgb("f2d88a")),
        0.0030,
    )
    _shape(color, _arch(0.638, 0.782, 0.60, 0.490, 0.765), rgb("f4e8c8"), 0.0030)
    inner = _tiles(x, y, 0.021, ("f4d8c0", "d8705a", "f8ecd0", "8a3a3a"))
    _shape(
        color,
        _arch(0.652, 0.768, 0.61, 0.512, 0.765),
        inner * np.clip(0.55 + 1.8 * (y - 0.50), 0.5, 1)[..., None],
        0.0026,
    )
    carpet = _tiles(x, y, 0.015, ("a82a34", "e8b04a", _LAPIS, "f4e8c8"))
    _shape(color, np.array([(0.63, 0.735), (0.79, 0.735), (0.82, 0.785), (0.60, 0.785)]), carpet, 0.0026)
    _shape(
        color,
        np.array([(0.56, 0.775), (0.86, 0.775), (0.872, 0.805), (0.548, 0.805)]),
        _tiles(x, y, 0.020, ("f4e8c8", "2a9aa0", "c8785a", _INK)),
        0.0030,
    )
    return color


def _border(color: Color) -> Color:
    """Add a border of lapis with a golden scroll and rosettes, between lines."""
    side = len(color)
    x, y = grid(side)
    edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y)).astype(np.float32)
    along = np.where(np.minimum(x, 1 - x) < np.minimum(y, 1 - y), y, x) * 14
    scroll = 0.031 + 0.0125 * np.sin(2 * np.pi * along)
    band = np.broadcast_to(rgb(_LAPIS), color.shape)
    band = over(band, step(0.0030, 0.0018, np.abs(edge - scroll)), rgb("e8c464"))
    curl = np.hypot((2 * along) % 1 - 0.5, (edge - 0.031 + 0.006 * np.sign(np.sin(2 * np.pi * along))) * 36)
    angle = np.arctan2(edge - 0.031, (2 * along) % 1 - 0.5)
    petal = curl / (0.30 + 0.07 * np.cos(6 * angle))
    for reach, code in ((1.0, "f4e8c8"), (0.80, "d8503f"), (0.36, "f2d88a")):
        band = over(band, step(reach + 0.06, reach - 0.06, petal), rgb(code))
    color = over(color, step(0.0645, 0.0630, edge), band)
    for low, high, code in ((0.056, 0.064, _GOLD), (0.0, 0.007, _GOLD), (0.0650, 0.0675, "2a9aa0")):
        color = over(
            color, step(low - 0.0006, low + 0.0006, edge) * step(high + 0.0006, high - 0.0006, edge), rgb(code)
        )
    lines = np.minimum.reduce([np.abs(edge - at) for at in (0.007, 0.056, 0.0645, 0.068)])
    return over(color, step(0.0014, 0.0006, lines), rgb(_INK))
