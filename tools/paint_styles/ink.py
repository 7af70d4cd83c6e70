"""Style image in alcohol ink: bright bands with gold veins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles.noise import Rng, fractal, step, warp
from tools.paint_styles.palette import over, ramp, rgb
from tools.paint_styles.surface import develop, light


def ink_geode(size: int, rng: Rng) -> NDArray[np.uint8]:
    """Generate agate bands in alcohol ink with gold veins on dark blue, as uint8 RGB (size, size, 3)."""
    side = size * 3 // 2
    point = side / 1024
    field = fractal((side, side), side * 0.34, rng, octaves=4, gain=0.45)
    for reach in (0.10, 0.05):
        field = warp(field, *(side * reach * fractal((side, side), side * 0.22, rng, octaves=3) for _ in range(2)))
    ripple = 0.05 * fractal((side, side), side * 0.03, rng, octaves=3)
    level = field * 1.15 + ripple
    bands = level * 5.2
    number = np.floor(bands).astype(np.int64)
    inner = (bands - number).astype(np.float32)
    glow = ramp(
        "0a0f2e 16206a 5a2aa8 c02fa8 f2588a ff9a5a ffe08a 5ff0d8 1f9ad0 12347f 0a0f2e", (level * 0.22 + 0.5) % 1.0
    )
    feather = fractal((side, side), side * 0.02, rng, octaves=4, gain=0.7)
    shade = 0.42 + 0.75 * inner**1.6 + 0.13 * feather
    color = np.clip(glow * shade[..., None] + 0.10 * (inner**6)[..., None], 0, 1)
    slope = np.maximum(np.hypot(*np.gradient(bands)), 1e-4).astype(np.float32)
    hair = np.abs((bands * 3 + 0.5) % 1 - 0.5) / (3 * slope) / point
    color = over(color, 0.35 * step(1.6, 0.4, hair), np.clip(glow * 1.5 + 0.12, 0, 1))
    rim = np.minimum(inner, 1 - inner) / slope / point
    width = 1.2 + 1.3 * np.clip(fractal((side, side), side * 0.05, rng), 0, 2) * (number % 3 == 0)
    gold = ramp("7a4a14 d9a03a fff0b0 e0b050", 0.5 + 0.3 * fractal((side, side), 6 * point, rng))
    color = over(color, step(1.0, 0.6, rim / width) * (number % 3 == 0), gold)
    dust = fractal((side, side), 3.2 * point, rng, octaves=2)
    color = over(color, 0.8 * step(2.3, 2.8, dust + 0.5 * feather), rgb("ffe9b0"))
    return develop(light(color, 2.2 * inner * point + 0.25 * feather, 0.22, 0.08, soft=1.2), size)
