"""The sRGB transfer function (IEC 61966-2-1) and its inverse, with lookup tables for uint8."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def decoded(values: Values) -> Values:
    """Convert sRGB values in [0, 1] to linear light in [0, 1]."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def encoded(light: Values) -> Values:
    """Convert linear light in [0, 1] to sRGB values in [0, 1]."""
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


# Linear light of the 256 uint8 values, and uint8 values of 65536 levels of light; a level is at most 1/20 of a value.
DECODED = decoded(np.arange(256) / 255).astype(np.float32)
ENCODED = np.rint(encoded(np.arange(65536) / 65535) * 255).astype(np.uint8)


def to_srgb(light: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Convert linear light, clipped to [0, 1], to uint8 sRGB values of the same shape."""
    values: NDArray[np.uint8] = ENCODED[(np.clip(light, 0, 1) * 65535 + 0.5).astype(np.uint16)]
    return values
