"""Style image of a gouache: overlapping opaque leaves with ribs and dry-brush marks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Rng, fractal, grid, step
from tools.paint_styles.palette import Color, box, over, ramp, rgb
from tools.paint_styles.surface import develop, light, paper

# From back (shaded) to front (lit).
_GREENS = (
    ("123440", "1d4a55", "16405a"),
    ("1a5a58", "2a6a4f", "2f5f78"),
    ("2f8266", "5a8f4a", "3f8f8a"),
    ("86b04f", "4fa880", "c2b24a"),
)


@dataclass(frozen=True)
class _Leaf:
    root: tuple[float, float]
    long: float
    wide: float
    turn: float
    bend: float
    tint: Color
    rib: Color


def jungle_evening(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate a thicket of leaves and hibiscus before a coral evening sky, as uint8 RGB (size, size, 3)."""
    side = size * 3 // 2
    _x, y = grid(side)
    marks = fractal((1024, 1024), (4.0, 100.0), rng, octaves=3, gain=0.7)
    wash = fractal((side, side), (side * 0.02, side * 0.15), rng)
    sheet = ramp("f6c98a f29a6a e0607a 7a3f7f 2a2a5a", y * 1.05 + 0.10 * wash)
    sheet = over(sheet, shapes.disc(side, (0.56, 0.30), 0.16), ramp("fff2c0 fbc96a", (y - 0.14) * 3 + 0.1 * wash))
    for depth, count in enumerate((46, 44, 40, 30)):
        for leaf in _plants(depth, count, rng):
            _paint(sheet, leaf, marks, rng)
        if depth >= 1:
            _blossoms(sheet, depth, marks, rng)
    grain = paper(side, rng, tooth=3.0)
    return develop(light(np.clip(sheet * (1 + 0.025 * grain)[..., None], 0, 1), 0.25 * grain, 0.14, 0.0), size)


def _plants(depth: int, count: int, rng: Rng) -> list[_Leaf]:
    """Return `count` random leaves and fronds of one layer, growing inwards from the edges.

    `depth` is the layer, 0 is farthest; nearer layers start farther outside.
    """
    leaves: list[_Leaf] = []
    for number in range(count):
        way = rng.uniform(0, 2 * np.pi)
        reach = (0.42 + 0.07 * depth) + rng.normal(0, 0.05)
        root = (0.53 + 1.25 * reach * np.cos(way), 0.47 + 1.25 * reach * np.sin(way))
        heading = way + np.pi + rng.normal(0, 0.55)
        tint, rib = rgb(_GREENS[depth][number % 3]), rgb(_GREENS[min(depth + 1, 3)][(number + 1) % 3])
        if number % 3 == 0:
            leaves += _frond(root, heading, 0.30 + 0.03 * depth, (tint, rib), rng)
        else:
            long = rng.uniform(0.20, 0.32)
            leaves.append(_Leaf(root, long, long * rng.uniform(0.3, 0.5), heading, rng.normal(0, 0.12), tint, rib))
    return leaves


def _frond(root: tuple[float, float], heading: float, long: float, tints: tuple[Color, Color], rng: Rng) -> list[_Leaf]:
    leaves = []
    curl = rng.normal(0, 0.5)
    for t in np.linspace(0.15, 1.0, 11):
        way = heading + curl * t
        place = (root[0] + long * t * np.cos(way), root[1] + long * t * np.sin(way))
        for sign in (-1, 1):
            reach = long * 0.55 * (1.15 - 0.75 * t)
            leaves.append(_Leaf(place, reach, reach * 0.19, way + sign * (1.05 - 0.5 * t), sign * 0.08, *tints))
    return leaves


def _blossoms(sheet: Color, depth: int, marks: Field, rng: Rng) -> None:
    spots = {
        1: ((0.24, 0.22), (0.90, 0.30), (0.60, 0.93)),
        2: ((0.80, 0.66), (0.13, 0.55)),
        3: ((0.30, 0.80), (0.93, 0.95)),
    }[depth]
    codes = box("e84a5a f47a4a f8b04a f07a9a")
    for number, (cx, cy) in enumerate(spots):
        petal, rib = codes[(number + depth) % 4], rgb("8f1f4a")
        start = rng.uniform(0, 6)
        for turn in start + np.arange(6) * 2 * np.pi / 6:
            long = (0.08 + 0.016 * depth) * rng.uniform(0.9, 1.1)
            _paint(
                sheet,
                _Leaf((cx, cy), long, long * 0.85, turn, 0.1, np.clip(petal * rng.uniform(0.85, 1.12), 0, 1), rib),
                marks,
                rng,
            )
        for turn in start + rng.uniform(0, 6.3, 9):
            _paint(sheet, _Leaf((cx, cy), 0.05, 0.009, turn, 0.0, rgb("ffe08a"), rgb("fff6d0")), marks, rng)


def _paint(sheet: Color, leaf: _Leaf, marks: Field, rng: Rng) -> None:
    """Paint one opaque leaf into the image `sheet`; `marks` is the texture of brush marks (1024, 1024)."""
    piece = shapes.cut(len(sheet), shapes.leaf(leaf.root, leaf.long, leaf.wide, leaf.turn, leaf.bend))
    tints = _tints(leaf, *_inside(leaf, piece.x, piece.y), marks, rng)
    sheet[piece.window] = over(sheet[piece.window], piece.masks[0], tints)


def _inside(leaf: _Leaf, x: Field, y: Field) -> tuple[Field, Field]:
    """Return coordinates of pixels relative to a leaf: along the rib, 0 to 1, and across the leaf, -1 to 1.

    `x` and `y` are the pixels' coordinates in the image, in 0..1.
    """
    dx, dy = x - leaf.root[0], y - leaf.root[1]
    along = (dx * np.cos(leaf.turn) + dy * np.sin(leaf.turn)) / leaf.long
    across = -dx * np.sin(leaf.turn) + dy * np.cos(leaf.turn)
    middle = leaf.bend * leaf.long * np.sin(np.pi * np.clip(along, 0, 1))
    return along, (across - middle) / (leaf.wide / 2)


def _tints(leaf: _Leaf, along: Field, aside: Field, marks: Field, rng: Rng) -> Color:
    """Return the colors of a leaf's pixels: base color, a darker half, brush marks along the side ribs, and the ribs.

    `along` and `aside` are the pixels' coordinates from _inside().
    """
    slant = along - 0.22 * np.abs(aside)
    at = rng.integers(0, 1024, 2)
    rows = (slant * leaf.long * 900 + at[0]).astype(np.int64) % 1024
    cols = (np.abs(aside) * leaf.wide * 450 + at[1]).astype(np.int64) % 1024
    dry = marks[rows, cols]
    half = np.where(aside > 0, -0.10, 0.07)
    value = 1 + half + 0.10 * dry + 0.22 * (along - 0.4)
    color = np.clip(leaf.tint * value[..., None] + rng.normal(0, 0.015, 3), 0, 1).astype(np.float32)
    bright = step(1.0, 1.6, dry - 0.9 * np.abs(aside - 0.2) + 0.6 * along)
    color = over(color, 0.6 * bright, np.clip(leaf.rib * 1.12, 0, 1).astype(np.float32))
    count = max(leaf.long / 0.030, 3.0)
    beside = np.abs((slant * count) % 1 - 0.5) / count * leaf.long
    thin = step(0.0016, 0.0006, beside.astype(np.float32)) * (leaf.wide > 0.03)
    middle = step(0.0030, 0.0014, (np.abs(aside) * leaf.wide / 2 - 0.0012 * (1 - along)).astype(np.float32))
    return over(color, np.maximum(0.75 * thin, middle * (leaf.wide > 0.012)), leaf.rib)
