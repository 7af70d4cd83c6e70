"""Style image of a screen-printed poster: flat colors and sprayed grain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Rng, fractal, grid, step
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.surface import develop


def desert_poster(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate a banded sun over mesas, dunes and agaves in flat colors, as uint8 RGB (size, size, 3)."""
    side = size * 2
    point = side / 1024
    _x, _y = grid(side)
    spray = fractal((side, side), 2.6 * point, rng, octaves=2, gain=0.8)
    far = shapes.distance(side, (0.40, 0.33))
    band = np.floor(far / 0.062 + 0.16 * fractal((side, side), side * 0.12, rng, octaves=2))
    color = ramp("fff0c2 fbd27a f7a95a ee7d54 d9566a a8467f 6f3f85 3f3a7a 2a3068", band / 11)
    inner = (far / 0.031 + 0.32 * fractal((side, side), side * 0.12, rng, octaves=2)) % 1.0
    color = over(
        color,
        _grain(inner, spray) * 0.75,
        ramp("fbd27a f7a95a ee7d54 d9566a a8467f 6f3f85 3f3a7a 2a3068 1f2454", band / 11),
    )
    color = _mesas(color, spray, rng)
    color = _dunes(color, spray, rng)
    color = _agaves(color, spray)
    worn = fractal((side, side), 9 * point, rng, octaves=4, gain=0.8)
    color = color * (1 + 0.025 * worn + 0.03 * spray)[..., None]
    return develop(over(color, 0.5 * step(2.0, 2.5, worn), rgb("f8ead0")), size)


def _grain(amount: Field, spray: Field) -> Field:
    """Return a mask of sprayed dots, denser as `amount` goes from 0 to 1; `spray` is the noise that places the dots."""
    return step(-0.12, 0.12, spray + 3.4 * (amount - 0.78))


def _layer(
    color: Color, line: Field, tints: tuple[str, str], spray: Field, lean: float = 0.0, fade: float = 0.12
) -> Color:
    """Return the image with the area below a ridge filled with tints[0], and with grain of tints[1] on it.

    `line` is the ridge, the y of each column. The grain gets denser over the depth `fade` below the line, and towards
    one side by `lean`.
    """
    side = len(color)
    x, y = grid(side)
    depth = (y - line[None]).astype(np.float32)
    mask = step(-0.0006, 0.0006, depth)
    color = over(color, mask, rgb(tints[0]))
    return over(color, mask * _grain(depth / fade + lean * (x - 0.5), spray), rgb(tints[1]))


def _mesas(color: Color, spray: Field, rng: Rng) -> Color:
    side = len(color)
    x = (np.arange(side) + 0.5) / side
    for level, tall, blocks, tints in (
        (0.56, 0.16, ((0.80, 0.10), (0.60, 0.045), (1.01, 0.06)), ("b0507f", "7a3a78")),
        (0.59, 0.20, ((0.10, 0.11), (0.285, 0.035)), ("c4504f", "8a3560")),
        (0.62, 0.07, ((0.50, 0.05), (0.92, 0.06)), ("e07a4a", "b04a55")),
    ):
        crag = fractal((1, side), (1.0, side * 0.03), rng, octaves=5)[0]
        rise = np.zeros(side)
        for at, half in blocks:
            out = (np.abs(x - at) + 0.006 * crag) / half
            cliff = 1.0 - 0.05 * np.abs(crag) - 0.16 * step(0.72, 0.78, out.astype(np.float32))
            skirt = 0.42 * np.clip(1 - (out - 1) / 0.9, 0, 1) ** 1.6
            rise = np.maximum(rise, np.where(out < 1, cliff, skirt))
        line = (level - tall * rise).astype(np.float32)
        color = _layer(color, line, tints, spray, 0.6, fade=tall * 1.3)
        color = _strata(color, line, level, rgb(tints[1]), rng)
    return color


def _strata(color: Color, line: Field, level: float, tint: Color, rng: Rng) -> Color:
    side = len(color)
    _x, y = grid(side)
    bend = 0.006 * fractal((side, side), (side * 0.05, side * 0.16), rng, octaves=3)
    layer = np.abs(((y + bend) / 0.021) % 1 - 0.5) * 0.021
    broken = step(-0.2, 0.3, fractal((side, side), (side * 0.012, side * 0.08), rng, octaves=2))
    inside = step(0.006, 0.012, y - line[None]) * step(level + 0.03, level, y)
    return over(color, 0.8 * inside * broken * step(0.0032, 0.0022, layer), tint)


def _dunes(color: Color, spray: Field, rng: Rng) -> Color:
    side = len(color)
    x, y = grid(side)
    tints = (
        ("f3b45f", "d9784a"),
        ("f7cf84", "e0924f"),
        ("e8935a", "b8505a"),
        ("f9dc9a", "e8a258"),
        ("c9605a", "7f3565"),
        ("5a3570", "33285a"),
    )
    for number, pair in enumerate(tints):
        level = 0.635 + 0.066 * number
        sweep = (0.022 + 0.006 * number) * np.sin(x[0] * (7.5 - 0.7 * number) + 2.4 * number)
        line = (level + sweep + 0.004 * fractal((1, side), (1.0, side * 0.2), rng, octaves=2)[0]).astype(np.float32)
        color = _layer(color, line, pair, spray, 0.9 * (-1) ** number, fade=0.13)
        depth = y - line[None]
        ripple = np.abs(((depth + 0.006 * np.sin(x * 34 + number) + 0.004 * np.sin(x * 81)) / 0.0155) % 1 - 0.5)
        thick = 0.07 + 0.09 * np.sin(x * 9 + 2 * number + y * 20)
        lines = step(0.05, -0.05, ripple - thick) * step(0.008, 0.02, depth) * step(0.10, 0.05, depth)
        color = over(color, 0.7 * lines, rgb(pair[1]))
    return color


def _agaves(color: Color, spray: Field) -> Color:
    for cx, foot, tall in ((0.55, 1.02, 0.17), (0.15, 0.99, 0.27), (0.86, 1.02, 0.33)):
        # From the outermost pair inwards, because the upright leaf covers the bases of the others.
        for turn in np.linspace(-np.pi + 0.1, -0.1, 13)[[0, 12, 1, 11, 2, 10, 3, 9, 4, 8, 5, 7, 6]]:
            _agave_leaf(color, spray, (cx, foot), tall, float(turn))
    return color


def _agave_leaf(color: Color, spray: Field, root: tuple[float, float], tall: float, turn: float) -> None:
    bend, long = 0.22 * np.cos(turn), tall * (0.8 + 0.3 * np.sin(-turn))
    outline = shapes.leaf(root, long, tall * 0.20, turn, bend)
    lit = shapes.leaf(root, long * 0.98, tall * 0.07, turn - 0.04, bend)
    piece = shapes.cut(len(color), outline, lit)
    mask, bright = piece.masks
    away = np.hypot(piece.x - root[0], piece.y - root[1]) / tall
    top = over(color[piece.window], mask, rgb("1f5a66"))
    top = over(top, mask * _grain(away * 0.9, spray[piece.window]), rgb("4fa08a"))
    color[piece.window] = over(top, bright, rgb("a8d09a"))
