"""Scene of a town with bright houses along a calm harbor, reflected in the water."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tools.paint_scenes.houses import Town, box, house
from tools.paint_scenes.sky import OVERSAMPLED, clouded, photo
from tools.paint_styles import shapes
from tools.paint_styles.noise import Rng, fractal, grid, step
from tools.paint_styles.palette import Color, over, ramp, rgb

QUAY = 0.605


def harbor_town(width: int, rng: Rng) -> NDArray[np.uint8]:
    """Render a harbor town as uint8 RGB (2/3 width, width, 3)."""
    side = round(width * OVERSAMPLED)
    sky = clouded(side, 0.50, "3a78bf 6aa3d6 a3c8e4 d9e4ea f0e6d6", 0.2, rng)
    weather = fractal((side, side), side * 0.02, rng, octaves=6, gain=0.7)
    town = Town(_hills(sky, rng), weather, rng, QUAY)
    for level, count, size in ((0.448, 16, 0.024), (0.475, 26, 0.030), (0.505, 22, 0.038), (0.54, 18, 0.050)):
        _row(town, level, count, size)
        _greenery(town, level + 0.012, rng)
    _tower(town, 0.655)
    _front(town)
    _quay(town)
    town.color = _water(town.color, rng)
    for cx, cy, size in ((0.10, 0.665, 0.055), (0.33, 0.70, 0.075), (0.86, 0.69, 0.085), (0.60, 0.645, 0.045)):
        _boat(town, cx, cy, size)
    return photo(town.color, width, rng)


def _hills(sky: Color, rng: Rng) -> Color:
    side = len(sky)
    _, y = grid(side)
    for level, swing, codes in (
        (0.40, 0.03, "7f96b0 93a8bc b4c4d0"),
        (0.425, 0.026, "4a6c6c 6f8c80 a0b096"),
        (0.455, 0.02, "26442c 4a6a3c 8f9c58"),
    ):
        line = shapes.skyline(side, level, swing, 0.3, rng, octaves=8)
        lumps = fractal((side, side), side * 0.035, rng, octaves=5, gain=0.6)
        slope = lumps - ndimage.shift(lumps, (side * 0.003, side * 0.004), order=1, mode="nearest")
        tone = 0.5 + 0.42 * slope + 0.07 * lumps - 1.2 * (y - line[None])
        sky = over(sky, shapes.below(line, side, 0.0006), ramp(codes, tone))
    return sky


def _row(town: Town, level: float, count: int, size: float) -> None:
    """Draw a row of `count` small houses on the hill behind the harbor, at height `level` (y in 0..1)."""
    rng = town.rng
    for x in np.sort(rng.uniform(-0.02, 1.0, count)):
        wide, tall = size * rng.uniform(0.8, 1.4), size * rng.uniform(0.8, 1.5)
        foot = level + rng.normal(0, 0.008)
        house(town, (x, foot - tall, x + wide, foot + 0.02), rng.uniform(0.25, 0.45) * size)


def _front(town: Town) -> None:
    """Draw the tall houses on the quay, with few gaps, into the image of the town."""
    left = -0.02
    while left < 1.0:
        wide = town.rng.uniform(0.045, 0.085)
        tall = town.rng.uniform(0.075, 0.165) - 0.02 * (0.6 < left < 0.72)
        house(town, (left, QUAY - tall, left + wide, QUAY), town.rng.uniform(0.012, 0.03))
        left += wide + (0.012 if town.rng.uniform() < 0.15 else 0.0)


def _tower(town: Town, x: float) -> None:
    """Draw a bell tower with a clock and a copper spire into the image of the town; `x` is in 0..1."""
    half, top = 0.018, 0.335
    shaft = town.fill(box(x - half, top, x + half, 0.58), rgb("e6d3ae"))
    town.color[shaft.window] *= 1 - (0.45 * step(x - 0.002, x + half, shaft.x) * shaft.masks[0])[..., None]
    for y in (top + 0.045, top + 0.10, top + 0.155):
        town.fill(box(x - half - 0.002, y, x + half + 0.002, y + 0.0035), rgb("f4e8cc"), 0.04)
        town.shade(box(x - half, y + 0.0035, x + half, y + 0.0065), 0.6)
    for at in (x - 0.007, x + 0.007):
        arch = np.stack(
            [
                at + 0.0045 * np.cos(np.linspace(np.pi, 2 * np.pi, 12)),
                top + 0.018 + 0.0045 * np.sin(np.linspace(np.pi, 2 * np.pi, 12)),
            ],
            -1,
        )
        town.fill(np.concatenate([arch, [[at + 0.0045, top + 0.038], [at - 0.0045, top + 0.038]]]), rgb("3a3640"), 0.1)
    round_ = np.linspace(0, 2 * np.pi, 40)
    dial = np.stack([np.cos(round_), np.sin(round_)], -1)
    town.fill(dial * 0.0105 + [x, top + 0.072], rgb("8a6a3a"), 0.0)
    town.fill(dial * 0.0088 + [x, top + 0.072], rgb("f8f2e2"), 0.0)
    town.fill(box(x - 0.0006, top + 0.065, x + 0.0006, top + 0.0725), rgb("2a2a30"), 0.0)
    town.fill(box(x - 0.0005, top + 0.0715, x + 0.0055, top + 0.0727), rgb("2a2a30"), 0.0)
    spire = np.array([[x - half - 0.004, top], [x, top - 0.095], [x + half + 0.004, top]])
    town.fill(spire, rgb("6fa08e"), 0.14)
    town.shade(np.array([[x + 0.002, top], [x, top - 0.095], [x + half + 0.004, top]]), 0.6)
    town.fill(box(x - 0.0008, top - 0.112, x + 0.0008, top - 0.09), rgb("c9a24a"), 0.0)


def _greenery(town: Town, level: float, rng: Rng) -> None:
    """Draw trees with lit leaves between the houses, at height `level` (y in 0..1)."""
    for _ in range(26):
        x, radius = rng.uniform(0, 1), rng.uniform(0.008, 0.02)
        tall = rng.choice([1.0, 1.0, 2.2])
        turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
        ragged = radius * (1 + 0.16 * rng.standard_normal(48)) / tall**0.5
        crown = np.stack([x + ragged * np.cos(turns), level - radius * tall * 0.6 + ragged * tall * np.sin(turns)], -1)
        piece = shapes.cut(len(town.color), crown)
        tufts = np.roll(town.weather, int(rng.integers(len(town.weather))), 0)[piece.window]
        lit = 0.5 - 0.28 * ((piece.x - x) + (piece.y - level + radius * tall * 0.6) / tall) / radius + 0.3 * tufts
        town.color[piece.window] = over(
            town.color[piece.window], piece.masks[0], ramp("16261c 2c4a2a 55742f 93a04a", lit)
        )


def _quay(town: Town) -> None:
    """Draw the quay into the image of the town: a stone wall with a light edge, and people a few pixels in size."""
    rng = town.rng
    town.fill(box(-0.01, QUAY - 0.001, 1.01, QUAY + 0.007), rgb("cdbfa6"), 0.08)
    wall = town.fill(box(-0.01, QUAY + 0.006, 1.01, QUAY + 0.024), rgb("8f8474"), 0.16)
    row = np.floor((wall.y - QUAY) / 0.0058)
    joints = np.minimum(
        np.abs((wall.y - QUAY) / 0.0058 % 1 - 0.5), np.abs((wall.x / 0.016 + 0.5 * row) % 1 - 0.5) * 2.6
    )
    town.color[wall.window] *= 1 - (0.4 * step(0.10, 0.02, joints) * wall.masks[0])[..., None]
    town.shade(box(-0.01, QUAY + 0.018, 1.01, QUAY + 0.024), 0.6)
    for x in rng.uniform(0, 1, 44):
        tint = rgb(str(rng.choice(["2f3f5a", "b03f3a", "e8e0d0", "4a6a4a", "d9a84a", "3a3030"])))
        town.fill(box(x - 0.0013, QUAY - 0.0085, x + 0.0013, QUAY + 0.003), tint, 0.0)
        town.fill(box(x - 0.0009, QUAY - 0.0112, x + 0.0009, QUAY - 0.0085), rgb("c99a78"), 0.0)


def _water(color: Color, rng: Rng) -> Color:
    """Return the image with the reflection of the town, with ripples that grow towards the camera."""
    side = len(color)
    waterline = QUAY + 0.024
    rows, cols = np.indices((side, side), dtype=np.float32)
    near = np.clip((rows / side - waterline) / (0.8333 - waterline), 0, 1)
    fine = fractal((side, side), (side * 0.0035, side * 0.022), rng, octaves=3, gain=0.7)
    broad = fractal((side, side), (side * 0.012, side * 0.09), rng, octaves=3)
    ripple = fine * (1 - 0.55 * near) + broad * near * 1.3
    push = ripple * side * (0.0016 + 0.015 * near)
    source = 2 * waterline * side - rows - 0.15 * (rows - waterline * side) + push
    across = np.clip(cols + 0.18 * push, 0, side - 1)
    mirrored = np.stack(
        [ndimage.map_coordinates(c, [source, across], order=1, mode="mirror") for c in np.moveaxis(color, -1, 0)], -1
    )
    clear = np.clip(0.80 - 0.35 * near + 0.10 * ripple, 0.2, 0.95)
    water = mirrored * clear[..., None] * 0.94 + ramp("2f6674 1f4a62", near) * (1 - clear)[..., None]
    water = water + 0.07 * np.maximum(ripple - 0.6, 0)[..., None] * rgb("e6eef6")
    return over(color, step(waterline - 0.0004, waterline + 0.0004, rows / side), np.clip(water, 0, 1))


def _boat(town: Town, x: float, y: float, size: float) -> None:
    """Draw a fishing boat with mast, sail and reflection at (x, y), in 0..1; `size` is in units of the image's side."""
    rng = town.rng
    hull_tint = rgb(str(rng.choice(["2f6f9a", "c94a3f", "f2ead8", "2f7a5f"])))
    hull = np.array([[-0.55, -0.13], [0.50, -0.10], [0.40, 0.09], [-0.42, 0.09]]) * size
    for flip, strength in ((-0.9, 0.42), (1.0, 1.0)):
        way, base = np.array([1.0, flip]), np.array([x, y + 0.09 * size * (1 - flip)])
        town.fill(box(-0.012 * size, -1.25 * size, 0.012 * size, 0) * way + base, rgb("6a4a34"), 0.05, strength)
        town.fill(
            np.array([[0.03, -1.0], [0.42, -0.22], [0.03, -0.2]]) * size * way + base,
            rgb("ead9b8"),
            0.05,
            strength * 0.95,
        )
        town.fill(hull * way + base, hull_tint, 0.08, strength)
        town.fill(
            box(-0.28 * size, -0.30 * size, -0.02 * size, -0.11 * size) * way + base, rgb("f4eee0"), 0.05, strength
        )
        town.fill(
            box(-0.24 * size, -0.26 * size, -0.06 * size, -0.18 * size) * way + base, rgb("34485a"), 0.05, strength
        )
        rail = np.array([[-0.56, -0.145], [0.51, -0.115], [0.50, -0.09], [-0.55, -0.12]]) * size
        town.fill(rail * way + base, rgb("f6f0e2"), 0.03, strength)
    town.shade(np.array([[0.05, -0.10], [0.50, -0.10], [0.40, 0.09], [0.10, 0.09]]) * size + [x, y], 0.35)
    town.shade(np.array([[-0.44, 0.07], [0.42, 0.07], [0.36, 0.15], [-0.40, 0.15]]) * size + [x, y], 0.6)
