"""Colors as people name them in a paint box: hexadecimal in, float32 RGB in 0..1 out."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles.noise import Field, Rng

Color: TypeAlias = NDArray[np.floating[Any]]


def rgb(code: str) -> Color:
    """`rgb("e0a030")` is float32 (3,) in 0..1."""
    return np.array([int(code[i : i + 2], 16) for i in (0, 2, 4)], np.float32) / 255


def box(codes: str) -> Color:
    """A paint box: space-separated hexadecimal codes to float32 (N, 3)."""
    return np.stack([rgb(code) for code in codes.split()])


def ramp(codes: str, at: Field) -> Color:
    """Colors along a gradient: `at` in 0..1 of any shape to that shape plus (3,)."""
    stops = box(codes)
    place = np.clip(at, 0.0, 1.0) * (len(stops) - 1)
    low = np.clip(place.astype(np.int64), 0, len(stops) - 2)
    part = (place - low)[..., None].astype(np.float32)
    return stops[low] * (1 - part) + stops[low + 1] * part


def vary(colors: Color, light: float, hue: float, rng: Rng) -> Color:
    """Each color (..., 3) a little lighter or darker and a little warmer, cooler, greener or redder."""
    shape = (*colors.shape[:-1], 1)
    value = rng.normal(0, light, shape)
    warm = rng.normal(0, hue, shape) * np.array([1.0, 0.15, -1.0])
    green = rng.normal(0, hue * 0.6, shape) * np.array([-0.6, 1.0, -0.4])
    # Dark paint varies less than light paint, or shadows turn into confetti.
    room = 0.35 + 0.65 * colors.max(-1, keepdims=True)
    varied: Color = np.clip(colors + (value + warm + green) * room, 0, 1).astype(np.float32)
    return varied


def enrich(colors: Color, amount: float) -> Color:
    """Saturation scaled by `amount` about each color's own gray."""
    gray = colors @ np.array([0.3, 0.59, 0.11], np.float32)
    return np.clip(gray[..., None] + (colors - gray[..., None]) * amount, 0, 1).astype(np.float32)


def over(base: Color, mask: Field, top: Color) -> Color:
    """`top` (a color or a picture) laid over `base` where `mask` (H, W) in 0..1 says."""
    alpha = mask[..., None]
    return (base * (1 - alpha) + top * alpha).astype(np.float32)
