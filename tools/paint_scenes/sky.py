"""Skies with lit clouds, and the conversion of a square image to a 3:2 photo."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from tools.paint_styles.noise import Field, Rng, fractal, grid, step
from tools.paint_styles.palette import Color, over, ramp, rgb

# Scenes are composed on a square; the photo is the middle, from TOP to BOTTOM.
TOP, BOTTOM = 0.1667, 0.8333
OVERSAMPLED = 1.5


def clouded(side: int, horizon: float, blue: str, cover: float, rng: Rng) -> Color:
    """Return an image (S, S, 3) of a sky with clouds above the height `horizon` (y in 0..1); `side` is S.

    `blue` are hexadecimal colors of the sky, from the top down to the horizon; a higher `cover` gives more clouds.
    """
    _, y = grid(side)
    height = np.clip((horizon - y) / (horizon - TOP), 0.02, 1.2)
    sky = ramp(blue, 1 - height)
    # Clouds are flatter and smaller towards the horizon, so sample the noise in perspective.
    noise = fractal((side, side), (side * 0.13, side * 0.20), rng, octaves=7, gain=0.56)
    rows = (1.15 - 0.55 / (height + 0.42)) * side * 0.55
    cols = np.broadcast_to(np.arange(side, dtype=np.float32), (side, side))
    cols = side / 2 + (cols - side / 2) * (0.85 / (height + 0.45))
    density: Field = ndimage.map_coordinates(noise, [rows, cols], order=1, mode="mirror") + cover
    lit = density - ndimage.shift(density, (side * 0.012, side * 0.010), order=1, mode="nearest")
    body = step(0.15, 1.0, density)
    tone = np.clip(0.60 + 1.1 * lit - 0.22 * np.maximum(density - 0.7, 0), 0, 1)
    cloud = ramp("8f9bb0 b4bfce dfe2e6 fbf7f0 fffdf8", tone)
    return over(sky, 0.94 * body * step(0.0, 0.10, height), over(cloud, step(0.35, 0.0, height) * 0.45, rgb("dfe4ea")))


def photo(color: Color, width: int, rng: Rng) -> NDArray[np.uint8]:
    """Crop the middle of a square image to a photo, uint8 RGB (2/3 width, width, 3).

    Lens falloff, contrast and fine grain are added.
    """
    side = len(color)
    rows = slice(round(TOP * side), round(BOTTOM * side))
    x, y = grid(side)
    falloff = 1 - 0.20 * ((x - 0.5) ** 2 + (y - 0.5) ** 2)
    exposed = np.clip(color * falloff[..., None], 0, 1)
    # A mild film curve: darker shadows, compressed highlights.
    curved = exposed * exposed * (3 - 2 * exposed) * 0.35 + exposed * 0.65
    curved += 0.008 * rng.standard_normal((side, side, 1)).astype(np.float32)
    full = Image.fromarray((np.clip(curved[rows], 0, 1) * 255 + 0.5).astype(np.uint8))
    return np.asarray(full.resize((width, round(width * 853 / 1280)), Image.Resampling.LANCZOS)).copy()
