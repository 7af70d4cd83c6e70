"""Folk embroidery: a mirrored tree of life in cross-stitch on linen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Points, Rng, fractal, step, warp
from tools.paint_styles.palette import box, over, rgb, vary
from tools.paint_styles.surface import develop, light, weave

_CELLS = 128
_THREADS = "f3e6cb ead6b0 c4202f 8f1226 e8503f f2a03a f6cf5a 1f5f5a 3f8f6a 8fb860 1f3f78 4f86c0 e07a9a 2a1a20 fbf6e8"
_GROUND, _SAND, _RED, _WINE, _CORAL, _ORANGE, _YELLOW, _TEAL, _GREEN, _LIME, _BLUE, _SKY, _PINK, _BLACK, _WHITE = range(
    15
)

_Motif = NDArray[np.int64]


def stitched_garden(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Paint a tree of life with flowers and birds between borders, in 128 x 128 cross-stitches."""
    per_cell = max(round(size * 1.5 / _CELLS), 1)
    side = per_cell * _CELLS
    cells = vary(box(_THREADS)[_motif()], 0.035, 0.018, rng)
    thread, height = _cross(per_cell)
    many = np.ones((_CELLS, _CELLS), np.float32)
    yarn = np.kron(cells, np.ones((per_cell, per_cell, 1), np.float32))
    linen = rgb("b9a888") * (0.70 + 0.35 * weave(side, 3.2))[..., None]
    color = over(linen, np.kron(many, thread), yarn * (0.72 + 0.34 * np.kron(many, height))[..., None])
    relief = np.kron(many, height) * per_cell / 3.2
    # Stitches of a hand: slightly off the grid.
    point = side / 1024
    dx, dy = (1.1 * point * fractal((side, side), 14 * point, rng, octaves=3) for _ in range(2))
    color = np.stack([warp(layer, dx, dy) for layer in np.moveaxis(color, -1, 0)], -1)
    fiber = fractal((side, side), 2.2 * point, rng, octaves=2)
    sway = fractal((side, side), side * 0.2, rng)
    color = np.clip(color * (1 + 0.05 * fiber + 0.02 * sway)[..., None], 0, 1)
    return develop(light(color, warp(relief, dx, dy) + 0.2 * fiber, 0.38, 0.05, soft=0.9), size)


def _cross(width: int) -> tuple[Field, Field]:
    """Return the mask and the height of one stitch (width, width): two twisted threads, one over the other."""
    if width < 4:
        return np.ones((width, width), np.float32), np.full((width, width), 0.8, np.float32)
    line = (np.arange(width) + 0.5) / width * 2 - 1
    u, v = np.meshgrid(line, line)
    mask, height = np.zeros_like(u), np.zeros_like(u)
    for sign, lift in ((1.0, 0.55), (-1.0, 0.95)):
        across, along = (u - sign * v) / np.sqrt(2), (u + sign * v) / np.sqrt(2)
        body = step(0.46, 0.30, np.abs(across)) * step(1.36, 1.20, np.abs(along))
        twist = 0.10 * np.sin(9 * along + 7 * across)
        rise = lift * np.sqrt(np.clip(1 - (across / 0.48) ** 2, 0, 1)) + twist
        height = height * (1 - body) + body * rise
        mask = np.maximum(mask, body)
    return mask.astype(np.float32), np.clip(height, 0, 1.1).astype(np.float32)


def _motif() -> _Motif:
    """Return the color of each stitch: the left half is drawn, and mirrored to the right."""
    motif = np.full((_CELLS, _CELLS), _GROUND)
    rows, cols = np.indices(motif.shape)
    motif[(rows % 4 == 0) & ((cols + 2 * (rows // 4 % 2)) % 4 == 0)] = _SAND
    _tree(motif)
    for place in (
        ((0.150, 0.48), 0.105, _RED),
        ((0.150, 0.245), 0.088, _BLUE),
        ((0.335, 0.36), 0.075, _ORANGE),
        ((0.30, 0.60), 0.078, _PINK),
    ):
        _flower(motif, *place)
    _flower(motif, (0.5, 0.245), 0.125, _RED)
    _flower(motif, (0.5, 0.47), 0.085, _BLUE)
    for at, long, turn, code in (
        ((0.295, 0.215), 0.085, -2.1, _CORAL),
        ((0.385, 0.545), 0.07, -1.2, _YELLOW),
        ((0.06, 0.36), 0.06, -2.0, _PINK),
        ((0.41, 0.20), 0.055, -2.2, _YELLOW),
        ((0.235, 0.40), 0.045, 2.2, _SKY),
    ):
        _tulip(motif, at, long, turn, code)
    _bird(motif)
    _vase(motif)
    for row in (0, _CELLS - 14):
        _border(motif, row)
    motif[:, _CELLS // 2 :] = motif[:, _CELLS // 2 - 1 :: -1]
    return motif


def _put(motif: _Motif, outlines: list[Points], code: int, least: float = 0.5) -> None:
    motif[shapes.polygons(_CELLS, outlines) > least] = code


def _flower(motif: _Motif, at: tuple[float, float], radius: float, code: int) -> None:
    """Add a round flower: outer petals in two tones, inner petals and a heart."""
    tones = {
        _RED: (_RED, _WINE, _CORAL),
        _BLUE: (_BLUE, _BLACK, _SKY),
        _ORANGE: (_ORANGE, _RED, _YELLOW),
        _PINK: (_PINK, _WINE, _WHITE),
    }[code]
    for turn in np.arange(8) * np.pi / 4 + np.pi / 8:
        _put(motif, [shapes.leaf(at, radius * 1.05, radius * 0.80, float(turn))], tones[1], 0.4)
    for turn in np.arange(8) * np.pi / 4:
        _put(motif, [shapes.leaf(at, radius * 1.12, radius * 0.58, float(turn))], tones[0])
        _put(motif, [shapes.leaf(at, radius * 0.80, radius * 0.22, float(turn))], tones[2], 0.45)
    disc = np.stack([np.cos(np.linspace(0, 6.28, 24)), np.sin(np.linspace(0, 6.28, 24))], -1)
    for reach, tone in ((0.40, _BLACK), (0.34, _YELLOW), (0.17, _CORAL)):
        _put(motif, [np.array(at) + radius * reach * disc], tone)


def _tulip(motif: _Motif, at: tuple[float, float], long: float, turn: float, code: int) -> None:
    for spread_, tone, wide in ((-0.55, _WINE, 0.5), (0.55, _WINE, 0.5), (0.0, code, 0.55), (0.0, _WHITE, 0.18)):
        _put(motif, [shapes.leaf(at, long, long * wide, turn + spread_)], tone, 0.45)


def _tree(motif: _Motif) -> None:
    """Add the stems and leaves."""
    stems = (
        ((0.5, 0.82), (0.5, 0.55), (0.5, 0.25)),
        ((0.5, 0.78), (0.36, 0.72), (0.20, 0.64), (0.15, 0.48)),
        ((0.5, 0.70), (0.42, 0.60), (0.37, 0.47), (0.335, 0.36)),
        ((0.5, 0.76), (0.40, 0.70), (0.30, 0.60)),
        ((0.20, 0.60), (0.08, 0.50), (0.06, 0.38), (0.15, 0.25)),
        ((0.335, 0.42), (0.30, 0.30), (0.295, 0.22)),
        ((0.5, 0.62), (0.42, 0.60), (0.385, 0.55)),
        ((0.5, 0.42), (0.43, 0.34), (0.41, 0.20)),
        ((0.21, 0.64), (0.25, 0.50), (0.235, 0.41)),
    )
    for number, knots in enumerate(stems):
        line = shapes.curve(knots, 60)
        for place in range(8, 58, 9):
            turn = float(np.arctan2(*(line[place] - line[place - 2])[::-1]))
            for sign in (-1, 1):
                at = (float(line[place][0]), float(line[place][1]))
                code = (_GREEN, _LIME, _TEAL)[(place // 9 + number + sign) % 3]
                _put(motif, [shapes.leaf(at, 0.052, 0.024, turn + sign * 0.95)], code, 0.4)
        _put(motif, shapes.ribbon(line, 0.0125), _TEAL, 0.4)


def _bird(motif: _Motif) -> None:
    """Add a bird at the foot of the tree, which looks to the middle."""
    body = shapes.curve(
        [
            (0.33, 0.715),
            (0.31, 0.69),
            (0.27, 0.70),
            (0.235, 0.76),
            (0.16, 0.79),
            (0.07, 0.745),
            (0.10, 0.81),
            (0.17, 0.845),
            (0.25, 0.84),
            (0.31, 0.79),
            (0.33, 0.715),
        ],
        90,
    )
    _put(motif, [body], _BLUE)
    for number in range(5):
        _put(
            motif,
            [shapes.leaf((0.15, 0.80), 0.125, 0.026, 3.35 + 0.24 * number)],
            (_RED, _YELLOW, _TEAL, _ORANGE, _SKY)[number],
            0.4,
        )
    _put(motif, [shapes.leaf((0.285, 0.765), 0.125, 0.062, 2.95)], _SKY, 0.5)
    _put(motif, [shapes.leaf((0.275, 0.77), 0.085, 0.032, 2.95)], _YELLOW, 0.5)
    _put(motif, [np.array([(0.325, 0.695), (0.365, 0.715), (0.325, 0.728)])], _ORANGE, 0.4)
    for turn in (-1.9, -1.5, -1.1):
        _put(motif, [shapes.leaf((0.308, 0.695), 0.042, 0.014, turn)], _RED, 0.3)
    motif[90, 39] = _WHITE
    for left in (0.225, 0.265):
        _put(motif, shapes.ribbon(np.array([(left, 0.835), (left, 0.885)]), 0.009), _ORANGE, 0.4)


def _vase(motif: _Motif) -> None:
    outline = np.array(
        [
            (0.42, 0.79),
            (0.58, 0.79),
            (0.545, 0.825),
            (0.60, 0.86),
            (0.55, 0.895),
            (0.45, 0.895),
            (0.40, 0.86),
            (0.455, 0.825),
        ]
    )
    _put(motif, [outline], _WINE, 0.4)
    _put(motif, [0.76 * (outline - (0.5, 0.845)) + (0.5, 0.845)], _RED)
    rows, cols = np.indices(motif.shape)
    diamond = (np.abs(cols - 63.5) % 8 + np.abs(rows - 108)) < 4
    motif[diamond & (motif == _RED) & (rows > 98)] = _YELLOW


def _border(motif: _Motif, top: int) -> None:
    """Add a border of 14 rows: zigzags, diamonds and crosses."""
    rows, cols = np.indices((14, _CELLS))
    off = np.abs(cols - 63.5)
    band = np.full((14, _CELLS), _RED)
    far = np.abs((off % 16) - 8) + np.abs(rows - 6.5)
    for least, code in ((7.5, _WINE), (6.5, _GROUND), (5.0, _BLACK), (4.0, _YELLOW), (2.4, _BLUE), (1.2, _WHITE)):
        band[far < least] = code
    between = np.abs(((off + 8) % 16) - 8) + np.minimum(rows, 13 - rows)
    band[between < 3.5] = _TEAL
    band[between < 1.6] = _YELLOW
    band[[0, 13]] = np.where((cols[0] % 4) < 2, _BLACK, _ORANGE)
    motif[top : top + 14] = band
    edge = top + 14 if top == 0 else top - 1
    motif[edge] = np.where((cols[0] % 4) < 2, _WINE, _GROUND)
