"""Pop art: printed dots, flat inks and thick black contours, slightly out of register."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, fractal, grid, step
from tools.paint_styles.palette import Color, over, rgb
from tools.paint_styles.surface import develop

_INK = "17141c"
_PAPER = "fbf3df"


def surf_pop(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Paint a breaking wave under a radiant sun as a comic panel, in printed dots."""
    side = size * 3 // 2
    x, y = grid(side)
    color, key = _sky(x, y)
    color, key = _burst(color, key, x, y)
    color, key = _wave(color, key, x, y)
    color, key = _beach(color, key, x, y, rng)
    color, key = _frame(color, key, x, y)
    speck = fractal((side, side), 2.2 * side / 1024, rng, octaves=2)
    stain = fractal((side, side), side * 0.25, rng)
    sheet = over(color, np.clip(key, 0, 1) * step(2.6, 2.0, speck), rgb(_INK)) * (1 + 0.016 * speck)[..., None]
    return develop(sheet * (1 + 0.02 * stain[..., None] * np.array([0.4, 0.8, 1.6], np.float32)), size)


def _dots(x: Field, y: Field, tone: Field, pitch: float, turn: float) -> Field:
    """Return a screen of round dots that cover the part `tone` (0..1) of the area; `pitch` is in units of the side."""
    u = (x * np.cos(turn) + y * np.sin(turn)) / pitch
    v = (-x * np.sin(turn) + y * np.cos(turn)) / pitch
    away = np.hypot(u - np.round(u), v - np.round(v))
    radius = np.sqrt(np.clip(tone, 0, 1) / np.pi) * 1.08
    soft = 0.7 / len(x) / pitch
    return step(soft, -soft, away - radius) * (tone > 0.01)


def _contour(mask: Field, width: float, x: Field) -> Field:
    """Return a line along the edge of a signed field (0 at the edge); `width` is in the units of the field."""
    soft = 1.0 / len(x)
    return step(width + soft, width - soft, np.abs(mask))


def _sky(x: Field, y: Field) -> tuple[Color, Field]:
    sun = (0.66, 0.30)
    dx, dy = x - sun[0], y - sun[1]
    far, turn = np.hypot(dx, dy), np.arctan2(dy, dx)
    ray = np.cos(turn * 15)
    soft = 12.0 / len(x) / np.maximum(far, 0.02)
    lit = step(-soft.min(), soft.min(), ray)
    color = over(np.broadcast_to(rgb("ffd21f"), (*x.shape, 3)), 1 - lit, rgb(_PAPER))
    color = over(color, (1 - lit) * _dots(x, y, 0.10 + 0.65 * far, 0.0118, 0.26), rgb("2aa5d8"))
    color = over(color, lit * _dots(x, y, 0.55 - 0.62 * far, 0.0118, 1.31), rgb("f2572a"))
    key = step(0.0030, 0.0014, np.abs(ray) / 15 * far) * (far > 0.15)
    disc = far - 0.150
    color = over(color, step(0.001, -0.001, disc), rgb("f6402c"))
    color = over(color, step(0.001, -0.001, disc) * _dots(x, y, 0.75 - 3.2 * (dy + 0.15), 0.0118, 0.26), rgb("ffd21f"))
    return color, np.maximum(key * step(0.0, 0.01, disc), _contour(disc, 0.0042, x))


def _lay(color: Color, key: Field, field: Field, x: Field, ink: tuple[Color | str, float]) -> tuple[Color, Field]:
    """Fill the area where the signed `field` is negative, over the black below, with a contour of its own."""
    inside = step(0.001, -0.001, field)
    fill = rgb(ink[0]) if isinstance(ink[0], str) else ink[0]
    return over(color, inside, fill), np.maximum(key * (1 - inside), _contour(field, ink[1], x))


def _burst(color: Color, key: Field, x: Field, y: Field) -> tuple[Color, Field]:
    """Add round clouds with shaded undersides."""
    for cx, cy, wide in ((0.20, 0.15, 0.20), (0.96, 0.13, 0.13), (0.33, 0.34, 0.09)):
        cloud = np.full_like(x, 9.0)
        for u, v, r in (
            (-0.75, 0.05, 0.32),
            (-0.35, -0.15, 0.42),
            (0.1, -0.28, 0.48),
            (0.5, -0.08, 0.40),
            (0.85, 0.08, 0.28),
        ):
            cloud = np.minimum(cloud, np.hypot(x - cx - u * wide, y - cy - v * wide) - r * wide)
        cloud = np.maximum(cloud, y - cy - 0.16 * wide)
        color, key = _lay(color, key, cloud, x, ("ffffff", 0.0036))
        shade = step(0.001, -0.001, cloud) * _dots(x, y, 0.05 + 2.2 * (y - cy + 0.2 * wide) / wide * 0.4, 0.0100, 0.26)
        color = over(color, shade, rgb("ef5f9a"))
    return color, key


def _wave(color: Color, key: Field, x: Field, y: Field) -> tuple[Color, Field]:
    """Add the sea: flat swells behind, and one great curl with stripes and foam."""
    for number, (level, tall, pitch) in enumerate(((0.50, 0.010, 0.11), (0.55, 0.016, 0.16), (0.61, 0.022, 0.22))):
        crest = y - (level - tall * (2 * np.abs(np.sin(np.pi * (x / pitch + 0.37 * number))) ** 0.8 - 1))
        color, key = _lay(color, key, -crest, x, (("1f6fc0", "2a93d8", "1f5fb4")[number], 0.0028))
        tone = np.maximum(0.6 - 7.0 * crest, 0.10 + 0.10 * np.sin(24 * crest + 6 * x))
        color = over(color, step(0, 0.002, crest) * _dots(x, y, tone, 0.0100, 0.26), rgb("bfe8f2"))
    return _curl(color, key, x, y)


def _curl(color: Color, key: Field, x: Field, y: Field) -> tuple[Color, Field]:
    side = len(x)
    outer = shapes.curve([(-0.05, 0.62), (0.08, 0.47), (0.26, 0.37), (0.44, 0.40), (0.53, 0.52), (0.50, 0.60)], 90)
    inner = shapes.curve(
        [(0.50, 0.60), (0.45, 0.51), (0.36, 0.50), (0.29, 0.58), (0.33, 0.72), (0.52, 0.82), (1.05, 0.86)], 90
    )
    body = np.concatenate([outer, inner, [(1.05, 1.1), (-0.05, 1.1)]])
    mask = shapes.polygons(side, [body])
    color, key = over(color, mask, rgb("1557a8")), key * (1 - mask)
    for number in range(8):
        t = (number + 0.5) / 8
        low = inner * t + np.flip(np.linspace([-0.05, 1.05], [0.30, 0.45], 90), 0) * (1 - t)
        band = shapes.ribbon(low[8:], 0.020 * (0.35 + t) * shapes.taper(82, 0.2, 0.3))
        stripe = shapes.polygons(side, band) * mask
        color = over(color, stripe, rgb(("8fdcf0", "2a93d8", "fbf3df", "2a93d8")[number % 4]))
    tone = 0.62 - 1.9 * np.hypot(x - 0.16, (y - 0.60) * 0.8)
    color = over(color, mask * _dots(x, y, tone, 0.0118, 0.26), rgb("7fd6ee"))
    key = np.maximum(key, shapes.polygons(side, shapes.ribbon(np.concatenate([outer, inner]), 0.0095)))
    edge = np.concatenate([outer[6:], inner[:30]])
    return _foam(color, key, edge, x)


def _foam(color: Color, key: Field, edge: Points, x: Field) -> tuple[Color, Field]:
    """Add white lobes with contours along the crest, and drops thrown off."""
    side = len(x)
    y = x.T
    foam = np.full((side, side), 9.0, np.float32)
    for number in range(0, len(edge), 4):
        radius = 0.016 + 0.013 * abs(np.sin(number * 1.7)) + 0.008 * (number > 60)
        cx, cy = edge[number] + 0.006 * np.array([np.sin(number * 2.3), np.cos(number * 3.1)])
        foam = np.minimum(foam, np.hypot(x - cx, y - cy) - radius)
    for number in range(26):
        turn, reach = -2.3 + 2.9 * ((number * 0.618) % 1), 0.05 + 0.11 * ((number * 0.414) % 1)
        at = edge[30 + number * 2] + reach * np.array([np.cos(turn), np.sin(turn)])
        foam = np.minimum(foam, np.hypot(x - at[0], y - at[1]) - 0.0035 - 0.007 * ((number * 0.77) % 1))
    color, key = _lay(color, key, foam, x, ("ffffff", 0.0034))
    shade = step(0.001, -0.001, foam) * _dots(x, y, 0.42 + 14 * foam, 0.0090, 0.26) * (foam > -0.024)
    return over(color, shade * step(0.0, 0.012, y - 0.40), rgb("2a93d8")), key


def _beach(color: Color, key: Field, x: Field, y: Field, rng: Rng) -> tuple[Color, Field]:
    """Add foam running out on the sand, and leaves at the lower corners."""
    run = 0.86 + 0.020 * np.sin(x * 17) + 0.012 * np.sin(x * 41 + 1)
    color, key = _lay(color, key, run - y, x, ("ffffff", 0.0036))
    sand = run + 0.030 + 0.012 * np.sin(x * 23 + 2)
    color, key = _lay(color, key, sand - y, x, ("ffcf4a", 0.0030))
    color = over(color, step(0.0, 0.002, y - sand) * _dots(x, y, 5.5 * (y - sand) + 0.08, 0.0100, 1.31), rgb("f2572a"))
    for cx, cy in ((0.01, 1.0), (0.99, 0.99)):
        for turn in np.linspace(-2.9, -0.2, 10) + rng.normal(0, 0.05, 10):
            long = rng.uniform(0.17, 0.27)
            key = _leaf(color, key, (cx, cy), long, float(turn))
    return color, key


def _leaf(color: Color, key: Field, root: tuple[float, float], long: float, turn: float) -> Field:
    """Draw a leaf with a lit half in dots into `color`, and return the black with its contour."""
    side = len(color)
    outline = shapes.leaf(root, long, long * 0.26, turn, 0.10)
    piece = shapes.cut(side, shapes.leaf(root, long * 1.05, long * 0.31, turn, 0.10), outline)
    if 0 in piece.x.shape:
        return key
    black, green = piece.masks
    aside = -(piece.x - root[0]) * np.sin(turn) + (piece.y - root[1]) * np.cos(turn)
    # The window is a part of the sheet, so the screen of dots needs the sheet's own scale.
    u, v = piece.x / 0.0085, piece.y / 0.0085
    dot = step(0.36, 0.28, np.hypot(u - np.round(u), v - np.round(v))) * (aside < 0)
    window = over(color[piece.window], green, rgb("1f9a5f"))
    color[piece.window] = over(window, green * dot, rgb("d8e84a"))
    rib = step(0.0030, 0.0015, np.abs(aside - 0.10 * long * 0.8)) * green
    key[piece.window] = np.maximum(np.maximum(key[piece.window] * (1 - black), black - green), rib)
    return key


def _frame(color: Color, key: Field, x: Field, y: Field) -> tuple[Color, Field]:
    """Add the gutter of the page around the panel."""
    border = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y)) - 0.018
    return _lay(color, key, border, x, (_PAPER, 0.0050))
