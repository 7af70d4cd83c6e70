"""Style image of an embroidery: satin stitches in silk."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import shapes
from tools.paint_styles.noise import Field, Rng, fractal, spread
from tools.paint_styles.palette import Color, over, ramp, rgb
from tools.paint_styles.strokes import Brush, VariationSheet, flow, lay
from tools.paint_styles.surface import develop, light

_PEONIES = (
    (0.30, 0.27, 0.21),
    (0.76, 0.40, 0.19),
    (0.36, 0.74, 0.22),
    (0.86, 0.86, 0.19),
    (0.93, 0.06, 0.15),
    (0.02, 0.55, 0.13),
    (0.06, 0.98, 0.14),
)
_PETALS = ("8f1f4a d0406f f08aa0 fbd4d0", "b04a1f e8803a f6b86a fdeac0", "5a2a7a 9a5ab8 cfa0d8 f2e0f0")
_LEAF = "174a30 2f7a45 7aa84a c9cf7a"


def silk_peonies(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate an embroidery of peonies and leaves on teal silk, as uint8 RGB (size, size, 3)."""
    side = size * 3 // 2
    picture, angle = _silk(side, rng)
    ways = flow(angle)
    sheet = VariationSheet.primed(picture * 0.55)
    thread = Brush(
        length=44,
        width=5.6,
        light=0.05,
        hue=0.03,
        streak=0.10,
        ridge=1.5,
        dry=0.0,
        pointed=0.25,
        loaded=0.3,
        uneven=0.25,
    )
    for count in (14000, 14000):
        lay(sheet, thread, spread(count, rng), ways, picture, rng)
    fine = Brush(length=26, width=4.4, light=0.06, hue=0.03, streak=0.10, ridge=1.6, dry=0.0, pointed=0.25, loaded=0.3)
    lay(sheet, fine, spread(16000, rng), ways, picture, rng)
    sheen = 0.5 + 0.5 * np.cos(2 * (angle - 0.6))
    color = np.clip(sheet.color * (0.86 + 0.22 * sheen)[..., None], 0, 1)
    return develop(light(color, sheet.height, 0.5, 0.16, soft=0.9), size)


def _silk(side: int, rng: Rng) -> tuple[Color, Field]:
    """Return the motif as an image (S, S, 3), and the stitch angle of each pixel in radians; `side` is S."""
    angle = 0.5 + 0.9 * fractal((side, side), side * 0.28, rng, octaves=2)
    color = ramp("0f3a4a 17586a 1f7a80 3f9a90", 0.5 + 0.25 * fractal((side, side), side * 0.2, rng))
    for cx, cy, _ in _PEONIES:
        for _ in range(9):
            root = (cx + rng.normal(0, 0.03), cy + rng.normal(0, 0.03))
            long = rng.uniform(0.20, 0.30)
            _stitch(color, angle, (root, long, long * 0.32, rng.uniform(0, 6.3)), _LEAF, rng)
    for number, (cx, cy, radius) in enumerate(_PEONIES):
        for ring, count in ((1.0, 13), (0.78, 11), (0.56, 9), (0.36, 7)):
            for turn in np.arange(count) * 2 * np.pi / count + rng.uniform(0, 6):
                size = radius * ring * rng.uniform(0.9, 1.1)
                _stitch(color, angle, ((cx, cy), size, size * 0.62, turn), _PETALS[number % 3], rng)
        color = over(color, shapes.disc(side, (cx, cy), radius * 0.13), rgb("f6cf4a"))
    return color, angle


def _stitch(
    color: Color, angle: Field, place: tuple[tuple[float, float], float, float, float], codes: str, rng: Rng
) -> None:
    """Draw a petal or leaf, shaded from its root, into the image `color` and its stitches into `angle`.

    `place` is (root, length, width, angle) and `codes` are the hexadecimal colors from root to tip. Stitches fan out
    from the middle line.
    """
    (cx, cy), long, wide, turn = place
    piece = shapes.cut(len(color), shapes.leaf(*place))
    window, mask = piece.window, piece.masks[0]
    dx, dy = piece.x - cx, piece.y - cy
    along = (dx * np.cos(turn) + dy * np.sin(turn)) / long
    aside = (-dx * np.sin(turn) + dy * np.cos(turn)) / (wide / 2)
    tone = 0.05 + 0.95 * along - 0.22 * np.abs(aside) + rng.normal(0, 0.05)
    fill = ramp(codes, tone) * np.where(mask < 0.8, 0.72, 1.0)[..., None]
    color[window] = np.where(mask[..., None] > 0.02, fill, color[window])
    angle[window] = np.where(mask > 0.5, turn + 0.75 * np.clip(aside, -1, 1), angle[window])
