"""Style image of a woodcut: color blocks under a key block with gouge cuts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Rng, fractal, grid, step
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.surface import develop

_INK = "161826"


def pine_lake_woodcut(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate a woodcut of a sun over mountains, pines and a lake, as uint8 RGB (size, size, 3)."""
    side = size * 2
    point = side / 1024
    color, tone, phase = _cartoon(side, rng)
    wobble = 0.22 * fractal((side, side), 26 * point, rng, octaves=3)
    swell = 0.11 * fractal((side, side), (30 * point, 30 * point), rng, octaves=2)
    cut = 0.5 + 0.5 * np.cos(2 * np.pi * (phase + wobble))
    key = step(-0.05, 0.05, tone + swell - cut)
    worn = fractal((side, side), 5 * point, rng, octaves=3, gain=0.8)
    grain = fractal((side, side), (5 * point, 170 * point), rng, octaves=3, gain=0.7)
    inked = key * (1 - 0.85 * step(1.9, 2.4, worn + 0.5 * grain))
    sheet = color * (1 + 0.045 * grain + 0.03 * worn)[..., None]
    sheet = over(sheet, 0.75 * step(2.0, 2.5, worn - 0.4 * grain), rgb("f1e4c8"))
    return develop(over(sheet, inked, rgb(_INK) * (1 + 0.2 * np.clip(grain, -1, 1))[..., None]), size)


def _cartoon(side: int, rng: Rng) -> tuple[Color, Field, Field]:
    """Return three fields of the motif: color blocks, ink of the key block, and phase of its gouge cuts.

    The color blocks are an image (S, S, 3), the ink is its coverage in 0..1, (S, S).
    """
    x, y = grid(side)
    sun = (0.66, 0.27)
    far = shapes.distance(side, sun)
    turn = np.arctan2(y - sun[1], x - sun[0])
    color = ramp("f6d27a f2a65a e9824f dd6a4f c9545a", np.floor(far * 9 + 0.3 * np.sin(turn * 15)) / 7)
    tone = 0.12 + 0.75 * step(0.12, 0.75, far)
    phase = turn * 15 * np.floor(1 + np.log2(1 + far * 6)) + 0.25 * np.sin(far * 60)
    disc = shapes.disc(side, sun, 0.125, 0.001)
    color = over(color, disc, rgb("fbe9b0"))
    tone, phase = tone * (1 - disc) + disc * 0.1, np.where(disc > 0.5, far * 46, phase)
    color, tone, phase = _mountains((color, tone, phase), x, y, rng)
    color, tone, phase = _lake((color, tone, phase), x, y, rng)
    return _pines((color, tone, phase), x, y, rng)


def _lay(
    block: tuple[Color, Field, Field], mask: Field, color: Color, tone: Field | float, phase: Field
) -> tuple[Color, Field, Field]:
    base, old_tone, old_phase = block
    inside = mask > 0.5
    return (
        over(base, mask, color),
        np.where(inside, tone, old_tone).astype(np.float32),
        np.where(inside, phase, old_phase).astype(np.float32),
    )


def _mountains(block: tuple[Color, Field, Field], x: Field, y: Field, rng: Rng) -> tuple[Color, Field, Field]:
    side = len(x)
    for level, peak, at, wide, lit, dark in (
        (0.46, 0.30, 0.30, 0.30, "e8d8c0", "5f7f9a"),
        (0.55, 0.15, 0.85, 0.30, "7fa0a0", "3f6a80"),
        (0.585, 0.07, 0.05, 0.4, "4f8a80", "2a5a66"),
    ):
        tent = np.maximum(1 - np.abs(x[0] - at) / wide, 0) ** 1.15
        line = level - peak * tent + 0.012 * fractal((1, side), (1.0, side * 0.06), rng, octaves=5)[0]
        depth = y - line[None]
        crease = at + 0.05 * fractal((side, 1), (side * 0.07, 1.0), rng, octaves=4) + 0.15 * (y - level + peak)
        shade = step(-0.006, 0.006, x - crease)
        tint: Color = rgb(lit) * (1 - shade[..., None]) + rgb(dark) * shade[..., None]
        tint = over(tint, step(0.05, 0.22, depth) * 0.7, rgb(dark))
        slope = np.where(shade > 0.5, x * 46 + y * 46, -x * 34 + y * 56)
        tone: Field = np.where(np.abs(depth) < 0.004, 1.2, np.clip(0.18 + 0.45 * shade + 1.1 * depth, 0.05, 0.86))
        block = _lay(block, shapes.below(line, side, 0.0008), tint, tone, slope + 1.2 * np.sin(x * 24))
    return block


def _lake(block: tuple[Color, Field, Field], x: Field, y: Field, rng: Rng) -> tuple[Color, Field, Field]:
    side = len(x)
    level = np.full(side, 0.605, np.float32)
    glow = np.exp(-(((x - 0.66) / (0.05 + 0.25 * (y - 0.6))) ** 2))
    blocks = np.floor(5 * np.clip(glow + 0.05 * np.sin(y * 160 + 4 * np.sin(x * 15)), 0, 1)) / 5
    water = ramp("2f6f86 4f97a0 a8c9a8 f4cf80 f6b65f", blocks)
    lap = 0.01 * fractal((side, side), (side * 0.03, side * 0.12), rng, octaves=2)
    phase = 26 * np.log(np.maximum(y - 0.53, 0.02)) + 40 * lap + 0.35 * np.sin(x * 30 + 60 * y)
    tone = np.clip(0.62 - 0.62 * glow + 0.25 * (y - 0.6), 0.05, 0.9)
    return _lay(block, shapes.below(level, side, 0.0008), water, tone, phase)


def _pines(block: tuple[Color, Field, Field], x: Field, y: Field, rng: Rng) -> tuple[Color, Field, Field]:
    side = len(x)
    bank = 0.90 - 0.15 * np.exp(-(((x[0] - 0.0) / 0.22) ** 2)) - 0.10 * np.exp(-(((x[0] - 1.0) / 0.16) ** 2))
    bank = (bank + 0.006 * fractal((1, side), (1.0, side * 0.05), rng)[0]).astype(np.float32)
    tufts = x * 70 + 0.9 * np.sin(y * 70)
    land = ramp("c98f3f 7f8a3f 3f6a4a", (y - bank[None]) * 7)
    block = _lay(block, shapes.below(bank, side, 0.0008), land, np.clip(0.4 + 2.2 * (y - bank[None]), 0, 0.9), tufts)
    for cx, foot, tall in (
        (0.035, 0.80, 0.50),
        (0.15, 0.84, 0.62),
        (0.26, 0.90, 0.40),
        (0.93, 0.85, 0.56),
        (0.83, 0.92, 0.36),
        (1.0, 0.9, 0.44),
    ):
        block = _pine(block, x, y, (cx, foot, tall), rng)
    return block


def _pine(
    block: tuple[Color, Field, Field], x: Field, y: Field, place: tuple[float, float, float], rng: Rng
) -> tuple[Color, Field, Field]:
    cx, foot, tall = place
    down = (y - foot + tall) / tall
    tier = (down * 8.5 + 0.12 * np.sin(x * 130)) % 1
    aside = x - cx - 0.006 * np.sin(9 * y + 10 * cx)
    ragged = 0.006 * fractal(x.shape, len(x) * 0.011, rng, octaves=2)
    half = tall * (0.035 + 0.20 * down) * (0.42 + 0.58 * tier) * (down > 0.0) + ragged * (down > 0)
    inside = (np.abs(aside) < half) & (down > 0) & (down < 0.93)
    trunk = (np.abs(aside) < 0.018 * tall) & (down > 0.85) & (down < 1.04)
    lit = step(0.4, -0.6, aside / np.maximum(half, 1e-3))
    green = ramp("1f4a4a 2f6a55 8a9a4f", lit * 0.9)
    phase = 60 * (down * tall) + 70 * np.abs(aside)
    tone = np.clip(0.98 - 0.62 * lit, 0.1, 1.0)
    block = _lay(block, trunk.astype(np.float32), rgb("6a3f30"), 0.8, x * 200)
    return _lay(block, inside.astype(np.float32), green, tone, phase)
