"""Surfaces: shading of thick paint, paper grain, canvas weave, and conversion to uint8."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from tools.paint_styles.noise import Field, Rng, fractal
from tools.paint_styles.palette import Color


def relief(height: Field, soft: float = 0.8) -> Field:
    """Return the slope of `height` (S, S) towards a light at the upper left, about -1 to 1.

    `soft` is the standard deviation of a blur in pixels, applied first.
    """
    calm = ndimage.gaussian_filter(height, soft)
    down, across = np.gradient(calm)
    slope: Field = np.tanh(1.6 * (across + down) / np.float32(np.sqrt(2))).astype(np.float32)
    return slope


def light(color: Color, height: Field, strength: float = 0.3, gloss: float = 0.12, soft: float = 0.8) -> Color:
    """Return the image `color` shaded as a surface of thickness `height` (S, S), lit from the upper left.

    `strength` is the contrast of the shading, `gloss` the brightness of highlights, and `soft` a blur in pixels.
    """
    slope = relief(height, soft)
    shaded = color * (1 - strength * np.maximum(-slope, 0) * 1.1)[..., None]
    lit = np.maximum(slope, 0)[..., None]
    bright = shaded + strength * 0.55 * lit * (0.35 + shaded) * (1 - shaded * 0.5)
    return np.clip(bright + gloss * lit**3, 0, 1).astype(np.float32)


def paper(size: int, rng: Rng, tooth: float = 5.0) -> Field:
    """Return the grain of cold-pressed paper, (size, size), mean 0, standard deviation about 1.

    `tooth` is the size of the grain in points (1/1024 of the side).
    """
    point = size / 1024
    coarse = fractal((size, size), tooth * point * 2, rng, octaves=3, gain=0.75)
    fibers = fractal((size, size), (tooth * point * 0.8, tooth * point * 5), rng, octaves=2)
    return 0.85 * coarse + 0.4 * fibers


def weave(size: int, thread: float = 5.0) -> Field:
    """Return the height map of plain-woven canvas, (size, size), in 0..1.

    `thread` is the width of a thread in points (1/1024 of the side).
    """
    place = np.arange(size) * (np.pi * 1024 / size / thread)
    x, y = place[None, :], place[:, None]
    over_under = np.sign(np.sin(x)) * np.sign(np.sin(y))
    threads = np.where(over_under > 0, np.abs(np.sin(x)), np.abs(np.sin(y)))
    cloth: Field = ndimage.gaussian_filter(threads.astype(np.float32), 0.5)
    return cloth


def develop(color: Color, size: int) -> NDArray[np.uint8]:
    """Resample float RGB (S, S, 3) in 0..1 to uint8 RGB (size, size, 3)."""
    full = Image.fromarray((np.clip(color, 0, 1) * 255 + 0.5).astype(np.uint8))
    if full.width != size:
        full = full.resize((size, size), Image.Resampling.LANCZOS)
    return np.asarray(full, np.uint8).copy()
