"""Style image in pen and ink: layers of hatching over thin washes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, choose, fractal, grid, spread, step
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.strokes import Brush, VariationSheet, flow, lay
from tools.paint_styles.surface import develop, paper

_PLASTERS = ["f2e2c0", "f4cf98", "f0b8a0", "f4ead4", "e8b86a"]
_TILES = ["d06a40", "bf5638", "a8583f", "d9884a"]
_SHUTTERS = ["4f86a0", "5f9470", "8a6a4a", "b0584a"]
_BOX = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])


def hill_town(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate a town on a hill in pen and brown ink over thin washes, as uint8 RGB (size, size, 3)."""
    side = size * 3 // 2
    tone, wash, slope = _town(side, rng)
    grain = paper(side, rng, tooth=4.0)
    blot = 0.10 * fractal((side, side), side * 0.12, rng)[..., None] + 0.03 * grain[..., None]
    ground = np.clip(wash * (1 + 0.6 * blot), 0, 1)
    sheet = VariationSheet.primed(ground)
    for turn, least, count, width in (
        (-0.75, 0.13, 9000, 1.5),
        (0.65, 0.42, 8000, 1.5),
        (-1.35, 0.60, 7500, 1.6),
        (0.05, 0.78, 9000, 1.7),
    ):
        ways = flow(turn + 0.5 * slope + 0.12 * fractal((side, side), side * 0.1, rng, octaves=2))
        ink = Brush(length=24, width=width, alpha=0.82, light=0.03, hue=0.015, dry=0.12, pointed=0.7, streak=0.08)
        tint = ramp("2a1a18 3d2a2a 54403c", np.clip(1 - tone, 0, 1))
        lay(sheet, ink, choose(spread(count, rng), tone, least, rng), ways, tint, rng)
    _outline(sheet, tone, wash)
    return develop(sheet.color, size)


def _outline(sheet: VariationSheet, tone: Field, wash: Color) -> None:
    """Draw pen lines on `sheet` along abrupt changes of `tone` (S, S) or `wash` (S, S, 3)."""
    change = sum(np.hypot(*np.gradient(layer)) for layer in (tone, *np.moveaxis(wash, -1, 0)))
    pen = step(0.10, 0.30, np.asarray(change, np.float32))
    sheet.color[:] = over(sheet.color, 0.9 * pen, rgb("2a1a18"))


def _town(side: int, rng: Rng) -> tuple[Field, Color, Field]:
    """Return three fields of the motif: tone in 0..1 (1 is darkest), wash colors (S, S, 3), and slope of the ground."""
    _x, y = grid(side)
    cloud = fractal((side, side), (side * 0.07, side * 0.2), rng)
    tone: Field = (0.16 + 0.15 * cloud + 0.22 * step(0.35, 0.0, y)).astype(np.float32)
    wash = ramp("5f9cc4 a4c8cf f6e0b0 f6c48a", 1.5 * y + 0.15 * cloud)
    lean = np.zeros((side, side), np.float32)
    for level, swing, dark, code in ((0.40, 0.03, 0.30, "93abc4"), (0.50, 0.02, 0.42, "a4b468")):
        hill = shapes.skyline(side, level, swing, 0.3, rng)
        mask = shapes.below(hill, side)
        tone = tone * (1 - mask) + mask * (dark + 0.15 * fractal((side, side), side * 0.08, rng))
        wash = over(wash, mask, rgb(code))
        lean = lean + mask * 0.4
    for number in range(9):
        _street(tone, wash, number, rng)
    return _bushes(np.clip(tone, 0, 1), wash, rng), wash, lean


def _bushes(tone: Field, wash: Color, rng: Rng) -> Field:
    """Paint olive trees in the foreground into `wash`, and return the tone with these trees."""
    side = len(tone)
    x, y = grid(side)
    for cx in np.linspace(-0.02, 1.02, 9) + rng.normal(0, 0.02, 9):
        center, radius = (cx, 0.99 - 0.05 * rng.uniform()), rng.uniform(0.07, 0.12)
        ragged = 0.2 * fractal((side, side), side * 0.03, rng)
        mask = step(1.02, 0.96, shapes.distance(side, center) / radius + ragged)
        lit = 0.55 + 0.4 * ((x - cx) + (y - center[1])) / radius + 0.2 * ragged
        tone = tone * (1 - mask) + mask * np.clip(lit, 0.1, 0.95)
        wash[:] = over(wash, mask, ramp("d4c860 8fb050 4f8450", lit))
    return tone.astype(np.float32)


def _street(tone: Field, wash: Color, number: int, rng: Rng) -> None:
    """Draw a row of houses across the hill into `tone` and `wash`; a higher `number` is nearer and lower."""
    left = 0.02 * rng.standard_normal()
    size = 0.055 + 0.011 * number
    while left < 1.0:
        wide = size * rng.uniform(0.7, 1.3)
        hump = 0.22 * np.exp(-(((left + wide / 2 - 0.55) / 0.26) ** 2)) * (1 - number / 10)
        foot = 0.52 + 0.062 * number - hump + 0.012 * rng.standard_normal()
        if number > 3 or hump > 0.05:
            _house(tone, wash, (left, foot, wide, size * rng.uniform(1.0, 2.0)), rng)
        left += wide * rng.uniform(0.9, 1.25)


def _house(tone: Field, wash: Color, frame: tuple[float, float, float, float], rng: Rng) -> None:
    left, foot, wide, tall = frame
    top, right, floor = foot - tall, left + wide, foot + 0.2
    turn, pitch = left + wide * 0.62, rng.uniform(0.3, 0.5) * wide
    ridge = (turn + right) / 2
    front = np.array([[left, top], [turn, top], [turn, floor], [left, floor]])
    gable = np.array([[turn, top], [ridge, top - pitch], [right, top], [right, floor], [turn, floor]])
    roof = np.array([[left - 0.004, top], [ridge - (turn - left), top - pitch], [ridge, top - pitch], [turn, top]])
    plaster, tile = rng.choice(_PLASTERS), rng.choice(_TILES)
    _draw(tone, wash, [(front, 0.08, plaster), (gable, 0.46, plaster), (roof, 0.27, tile)])
    columns, rows = max(int(wide / 0.045), 1), max(int(tall / 0.042), 1)
    shutters = rng.choice(_SHUTTERS)
    panes = []
    for i in range(columns):
        for j in range(rows):
            at = (left + (turn - left) * (i + 0.5) / columns, top + 0.022 + j * 0.042)
            panes.append((_BOX * (0.0088, 0.0064) + at, 0.35, shutters))
            panes.append((_BOX * (0.0042, 0.0070) + at, 0.95, "6a5a58"))
    _draw(tone, wash, panes)


def _draw(tone: Field, wash: Color, parts: list[tuple[Points, float, str]]) -> None:
    """Draw polygons into `tone` and `wash`; each is (outline (N, 2), tone in 0..1, hexadecimal wash color)."""
    piece = shapes.cut(len(tone), *(outline for outline, _, _ in parts))
    for mask, (_, dark, code) in zip(piece.masks, parts, strict=True):
        tone[piece.window] = tone[piece.window] * (1 - mask) + dark * mask
        wash[piece.window] = over(wash[piece.window], mask, rgb(code))
