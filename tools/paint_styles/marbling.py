"""Style image of marbled paper: drops of ink on a bath, drawn with a stylus and a comb."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tools.paint_styles.noise import Field, Rng, fractal, grid
from tools.paint_styles.palette import Color, box
from tools.paint_styles.surface import develop, paper


def ebru_comb(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate marbled paper with drops of ink drawn with a stylus and a comb, as uint8 RGB (size, size, 3)."""
    side = size * 2
    x, y = grid(side)
    px = x + 0.004 * fractal((side, side), side * 0.12, rng, octaves=2)
    py = y + 0.004 * fractal((side, side), side * 0.12, rng, octaves=2)
    # Moves are inverted, last first: each pixel is traced back to the place of its drop.
    for cx, cy, radius, twist in (
        (0.28, 0.34, 0.16, 3.4),
        (0.72, 0.66, 0.18, -3.4),
        (0.80, 0.18, 0.10, 2.8),
        (0.2, 0.82, 0.11, -2.8),
    ):
        px, py = _twirl(px, py, (cx, cy), radius, twist)
    for turn, shift, pull, gap, sharp in (
        (np.pi / 2, 0.0, 0.06, 0.062, 0.011),
        (0.0, 0.01, -0.10, 0.125, 0.03),
        (0.0, 0.073, 0.10, 0.125, 0.03),
    ):
        px, py = _comb(px, py, turn, shift, pull, gap, sharp)
    # Removes dotted lines, where twirls make veins thinner than a pixel.
    color = ndimage.median_filter(_drops(px, py, rng), size=(3, 3, 1))
    grain = paper(side, rng, tooth=3.0)
    clouds = 0.035 * fractal((side, side), side * 0.01, rng, octaves=4, gain=0.8) + 0.018 * grain
    return develop(np.clip(color * (1 + clouds[..., None]), 0, 1), size)


def _comb(
    px: Field, py: Field, turn: float, shift: float, pull: float, gap: float, sharp: float
) -> tuple[Field, Field]:
    """Return the positions from which a comb stroke has moved the paint to the positions (px, py).

    The comb moves in the direction `turn` (radians). Its teeth are `gap` apart, offset by `shift`, and drag the paint
    by `pull`, which decays with the distance from a tooth over `sharp`. Lengths are in units of the image's side.
    """
    cos, sin = np.cos(turn), np.sin(turn)
    across = -sin * px + cos * py + shift
    nearest = np.abs((across / gap + 0.5) % 1 - 0.5) * gap
    drag = pull * np.exp(-nearest / sharp)
    return px - cos * drag, py - sin * drag


def _twirl(px: Field, py: Field, center: tuple[float, float], radius: float, twist: float) -> tuple[Field, Field]:
    dx, dy = px - center[0], py - center[1]
    angle = -twist * np.exp(-((np.hypot(dx, dy) / radius) ** 2))
    cos, sin = np.cos(angle), np.sin(angle)
    return center[0] + cos * dx - sin * dy, center[1] + sin * dx + cos * dy


def _drops(px: Field, py: Field, rng: Rng) -> Color:
    """Return the colors of the bath with drops of ink at the positions (px, py), as (H, W, 3).

    Each drop pushes earlier ones outwards and preserves their area.
    """
    inks = box("16304f 1f5f7a 2f9a98 e9dcc0 d9a23a c4502f 8a2438 f4ead6 3a6f5a")
    count = 300
    centers = rng.uniform(-0.12, 1.12, (count, 2)).astype(np.float32)
    radii = rng.uniform(0.018, 0.055, count).astype(np.float32)
    picks = rng.choice(len(inks), count, p=[0.17, 0.13, 0.14, 0.09, 0.13, 0.13, 0.08, 0.06, 0.07])
    # Every second drop falls near the one before, which gives concentric rings.
    centers[1::2] = centers[0::2] + rng.normal(0, 0.004, (count // 2, 2))
    number = np.zeros(px.shape, np.int64)
    open_ = np.ones(px.shape, bool)
    dx, dy = np.empty_like(px), np.empty_like(px)
    for n in range(count - 1, -1, -1):
        np.subtract(px, centers[n, 0], out=dx)
        np.subtract(py, centers[n, 1], out=dy)
        square = dx * dx + dy * dy
        inside = square < radii[n] ** 2
        number[inside & open_] = n
        open_ &= ~inside
        shrink = np.sqrt(np.maximum(1 - radii[n] ** 2 / np.maximum(square, 1e-9), 0))
        px, py = centers[n, 0] + dx * shrink, centers[n, 1] + dy * shrink
    return np.where(open_[..., None], _bath(px, py, inks), inks[picks][number])


def _bath(px: Field, py: Field, inks: Color) -> Color:
    """Return the colors of the bath before the drops at the positions (px, py): contour bands of ink."""
    level = np.sin(9 * px + 3 * np.sin(7 * py)) + np.sin(11 * py + 2 * np.sin(8 * px + 1))
    order = np.array([0, 1, 2, 3, 4, 5, 1, 6, 2, 8])
    tints: Color = inks[order[np.floor(level * 5).astype(np.int64) % len(order)]]
    return tints
