"""Colors: conversion of hexadecimal codes to float32 RGB in 0..1, gradients, variation and blending."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles.noise import Field, Rng

Color: TypeAlias = NDArray[np.floating[Any]]


def rgb(code: str) -> Color:
    """Convert a hexadecimal code, such as "e0a030", to float32 (3,) in 0..1."""
    return np.array([int(code[i : i + 2], 16) for i in (0, 2, 4)], np.float32) / 255


def box(codes: str) -> Color:
    """Convert N space-separated hexadecimal codes to float32 RGB (N, 3) in 0..1."""
    return np.stack([rgb(code) for code in codes.split()])


def ramp(codes: str, at: Field) -> Color:
    """Return the colors at the positions `at` (...), in 0..1, of a gradient: RGB (..., 3).

    `codes` are the hexadecimal codes of the gradient's evenly spaced stops, separated by spaces.
    """
    stops = box(codes)
    place = np.clip(at, 0.0, 1.0) * (len(stops) - 1)
    low = np.clip(place.astype(np.int64), 0, len(stops) - 2)
    part = (place - low)[..., None].astype(np.float32)
    return stops[low] * (1 - part) + stops[low + 1] * part


def vary(colors: Color, light: float, hue: float, rng: Rng) -> Color:
    """Vary each color (..., 3) at random, in lightness by `light` and in hue by `hue` (standard deviations)."""
    shape = (*colors.shape[:-1], 1)
    value = rng.normal(0, light, shape)
    warm = rng.normal(0, hue, shape) * np.array([1.0, 0.15, -1.0])
    green = rng.normal(0, hue * 0.6, shape) * np.array([-0.6, 1.0, -0.4])
    # Dark colors vary less, because noise is more visible in shadows.
    room = 0.35 + 0.65 * colors.max(-1, keepdims=True)
    varied: Color = np.clip(colors + (value + warm + green) * room, 0, 1).astype(np.float32)
    return varied


def enrich(colors: Color, amount: float) -> Color:
    """Multiply the saturation of colors (..., 3) by `amount`, relative to each color's gray value."""
    gray = colors @ np.array([0.3, 0.59, 0.11], np.float32)
    return np.clip(gray[..., None] + (colors - gray[..., None]) * amount, 0, 1).astype(np.float32)


def over(base: Color, mask: Field, top: Color) -> Color:
    """Blend `top` over the image `base` (H, W, 3) with the opacity `mask` (H, W) in 0..1.

    `top` is one color (3,) or an image (H, W, 3).
    """
    alpha = mask[..., None]
    return (base * (1 - alpha) + top * alpha).astype(np.float32)
