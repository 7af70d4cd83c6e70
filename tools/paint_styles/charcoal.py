"""Charcoal: smudged tone, grainy strokes and white chalk on toned paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Rng, fractal, grid, spread, step
from tools.paint_styles.palette import over, ramp, rgb
from tools.paint_styles.strokes import Brush, VariationSheet, flow, lay
from tools.paint_styles.surface import develop, paper

_LAMP = (0.685, 0.285)


def storm_light(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Draw a lighthouse on a cliff above a stormy sea in charcoal and white chalk."""
    side = size * 3 // 2
    tone, angle = _storm(side, rng)
    tooth = paper(side, rng, tooth=2.4)
    marks = VariationSheet.primed(np.repeat(ndimage.gaussian_filter(tone, 0.006 * side)[..., None], 3, -1))
    for length, width, count, turn in ((54, 7.0, 7000, 0.0), (40, 4.5, 9000, 0.30), (30, 3.4, 12000, -0.12)):
        ways = flow(angle + turn + 0.12 * fractal((side, side), side * 0.05, rng, octaves=2))
        stick = Brush(length=length, width=width, light=0.12, hue=0.0, dry=0.4, pointed=0.5, streak=0.25)
        lay(marks, stick, spread(count, rng), ways, np.repeat(tone[..., None], 3, -1), rng)
    dark = 0.55 * marks.color[..., 0] + 0.45 * tone
    ground = ramp("b5a58a c9b99d d6c8ae", 0.5 + 0.15 * fractal((side, side), side * 0.2, rng) + 0.10 * tooth)
    smudge = np.clip(ndimage.gaussian_filter(dark, 0.004 * side) - 0.15, 0, 1)
    color = over(ground, 0.55 * smudge * (1 + 0.08 * tooth), rgb("4a423e"))
    coal = ramp("2f2b2a 1b1818 100e0f", dark)
    color = over(color, 0.93 * step(-0.30, 0.34, dark - 0.54 + 0.17 * tooth), coal)
    return develop(over(color, 0.9 * step(0.16, -0.10, dark - 0.18 + 0.10 * tooth), rgb("fbf4e4")), size)


def _storm(side: int, rng: Rng) -> tuple[Field, Field]:
    """Return the tone (0 is chalk, 1 is black) and the direction of the strokes in radians."""
    x, y = grid(side)
    angle = 0.25 * fractal((side, side), side * 0.2, rng, octaves=2) - 0.35
    billow = np.abs(fractal((side, side), (side * 0.13, side * 0.22), rng, octaves=5))
    east, south = np.cos(angle), np.sin(angle)
    for cx, cy, radius in ((0.20, 0.20, 0.20), (0.46, 0.07, 0.13), (0.93, 0.13, 0.14), (0.05, 0.48, 0.12)):
        around, weight = shapes.swirl(side, (cx, cy), radius, 0.15)
        east, south = east + 2.2 * weight * np.cos(around), south + 2.2 * weight * np.sin(around)
        arms = np.sin(shapes.distance(side, (cx, cy)) / radius * 9 + 2 * np.arctan2(y - cy, x - cx))
        billow = billow + 0.45 * weight * arms
    angle = np.arctan2(south, east)
    tone = 0.66 - 0.30 * billow + 0.18 * step(0.35, 0.0, y) - 0.12 * step(0.4, 0.56, y)
    tone = np.clip(tone, 0.14, 0.9) - 0.6 * _beam(x, y)
    tone, angle = _sea(tone, angle, rng)
    tone, angle = _cliff(tone, angle, rng)
    return np.clip(_tower(tone), 0, 1).astype(np.float32), angle.astype(np.float32)


def _beam(x: Field, y: Field) -> Field:
    """Return the light of the lamp: two beams and a halo."""
    dx, dy = x - _LAMP[0], y - _LAMP[1]
    far = np.hypot(dx, dy)
    rays = np.zeros_like(x)
    for turn, wide in ((np.pi + 0.22, 0.12), (-0.12, 0.14)):
        off = np.abs((np.arctan2(dy, dx) - turn + np.pi) % (2 * np.pi) - np.pi)
        rays = np.maximum(rays, step(wide, 0.3 * wide, off) * np.exp(-far * 1.3))
    shine: Field = np.maximum(rays, np.exp(-((far / 0.075) ** 2)))
    return shine


def _sea(tone: Field, angle: Field, rng: Rng) -> tuple[Field, Field]:
    """Add breaking waves below the horizon."""
    side = len(tone)
    x, y = grid(side)
    sea = step(0.560, 0.564, y)
    tone = tone * (1 - sea) + sea * (0.62 + 0.1 * fractal((side, side), (side * 0.01, side * 0.07), rng))
    for number in range(6):
        level, pitch = 0.59 + 0.02 * number + 0.012 * number**2, 0.16 + 0.055 * number
        along = x / pitch + rng.uniform() * 3 + 0.25 * np.sin(x * 5 + number)
        rough = fractal((side, side), side * 0.03, rng, octaves=3)
        tall = 0.012 + 0.012 * number
        crest = level - tall * (1.6 * np.abs(np.sin(np.pi * along)) ** 1.7 - 0.5) + 0.1 * tall * rough
        depth = (y - crest) / (tall * 2.4)
        mask = step(-0.02, 0.04, depth)
        foam = step(0.30, 0.0, depth + 0.16 * rough) + 0.45 * step(
            0.7, 1.5, rough + 0.8 * np.sin(depth * 9 + along * 3)
        )
        hollow = 0.88 - 0.85 * np.clip(foam, 0, 1) - 0.18 * np.clip(depth - 0.6, 0, 1)
        tone = tone * (1 - mask) + mask * hollow
        slope = np.arctan(np.gradient(crest, axis=1) * side * 0.9)
        angle = np.where(mask > 0.5, slope + 0.5 * np.clip(depth, 0, 1), angle)
    return tone, angle


def _cliff(tone: Field, angle: Field, rng: Rng) -> tuple[Field, Field]:
    """Add the cliff at the right, with lit and dark facets of rock."""
    side = len(tone)
    x, y = grid(side)
    crag = fractal((1, side), (1.0, side * 0.06), rng, octaves=5)[0]
    top = 0.51 + 0.008 * crag + 1.5 * np.clip(0.615 - x[0], 0, 1) + 0.16 * np.clip(x[0] - 0.76, 0, 1)
    notch = 0.03 * fractal((side, side), (side * 0.03, side * 0.06), rng, octaves=4)
    mask = step(-0.002, 0.002, y - top[None]) * step(0.0, 0.01, x - 0.44 - notch - 0.04 * np.sin(y * 20))
    facets = fractal((side, side), (side * 0.05, side * 0.035), rng, octaves=5, gain=0.7)
    rock = 0.62 + 0.30 * np.tanh(1.5 * facets) - 0.5 * step(0.03, 0.0, y - top[None] + 0.008 * facets)
    return tone * (1 - mask) + mask * rock, np.where(mask > 0.5, 1.25 + 0.35 * facets, angle)


def _tower(tone: Field) -> Field:
    """Add the lighthouse: a round striped tower, a gallery and a lantern."""
    x, y = grid(len(tone))
    cx, head = _LAMP
    half = 0.034 + 0.07 * (y - head)
    across = (x - cx) / half
    shaft = step(1.03, 0.97, np.abs(across)) * step(head + 0.028, head + 0.031, y) * step(0.53, 0.525, y)
    stripe = step(0.45, 0.55, ((y - head) / 0.088) % 1.0) * step(1.0, 0.9, ((y - head) / 0.088) % 1.0)
    round_ = 0.10 + 0.55 * step(-0.7, 1.0, across) + 0.45 * stripe
    tone = tone * (1 - shaft) + shaft * round_
    for low, high, wide, dark in (
        (0.018, 0.032, 0.047, 1.1),
        (-0.028, 0.018, 0.026, -0.2),
        (-0.038, -0.026, 0.036, 1.1),
    ):
        part = step(wide + 0.001, wide - 0.001, np.abs(x - cx)) * step(low - 0.001, low + 0.001, y - head)
        part = part * step(high + 0.001, high - 0.001, y - head)
        tone = tone * (1 - part) + part * dark
    roof = step(0.002, -0.002, np.abs(x - cx) - 0.55 * (y - head + 0.088)) * step(-0.034, -0.037, y - head)
    return tone * (1 - roof) + roof * 0.95
