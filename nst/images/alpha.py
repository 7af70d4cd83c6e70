"""Transparency: compositing on white, and inpainting of transparent pixels.

Files store arbitrary colors in transparent pixels, mostly white or black. The engines stylize an opaque image, and the
result gets the original alpha channel. To avoid fringes of these hidden colors at the edges, the visible colors are
first extended into the transparent area, more smoothly with distance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FAINTEST = 16  # of 255: the color of a pixel with less alpha is unreliable


def on_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Composite uint8 RGBA (H, W, 4) on white and return RGB (H, W, 3). RGB input is returned unchanged."""
    if pixels.shape[2] == 3:
        return pixels
    flat = Image.new("RGB", pixels.shape[1::-1], "white")
    flat.paste(Image.fromarray(pixels[..., :3]), mask=Image.fromarray(pixels[..., 3]))
    return np.array(flat)


def bled(color: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Fill the hidden pixels of `color`, uint8 RGB (H, W, 3), with nearby visible colors.

    A pixel is hidden if its `alpha`, uint8 (H, W), is below 16.

    Pull-push interpolation: visible colors are averaged over blocks of doubling size until every block has one; each
    hidden pixel gets the color of the smallest such block. A fully transparent image is returned unchanged.
    """
    layer = Image.fromarray(np.dstack([color, alpha]))
    layer.putalpha(_known(layer))
    finer: list[Image.Image] = []
    while layer.getchannel("A").getextrema() != (255, 255):
        if max(layer.size) == 1:
            return color  # fully transparent
        finer.append(layer)
        layer = layer.reduce(2)  # averages visible pixels only: RGBA is weighted by alpha
        layer.putalpha(layer.getchannel("A").point(lambda share: 255 if share else 0))
    filled = layer.convert("RGB")
    for layer in reversed(finer):
        width, height = layer.size
        filled = filled.resize(layer.size, Image.Resampling.BILINEAR, (0, 0, width / 2, height / 2))
        filled.paste(layer.convert("RGB"), mask=layer.getchannel("A"))
    return np.array(filled)


def visible(color: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Crop `color`, uint8 RGB (H, W, 3), to the bounding box of its visible pixels and fill the hidden ones inside it.

    A pixel is visible if its `alpha`, uint8 (H, W), is at least 16. Each hidden pixel gets the color of its mirror
    image across the nearest visible pixel, so that gaps have the colors and strokes of their surroundings. An image
    without a visible pixel is returned unchanged.
    """
    from scipy.ndimage import distance_transform_edt  # imported on use: few style images have gaps

    seen = alpha >= FAINTEST
    if not seen.any():
        return color
    top, bottom = np.flatnonzero(seen.any(1))[[0, -1]]
    left, right = np.flatnonzero(seen.any(0))[[0, -1]]
    box = slice(top, bottom + 1), slice(left, right + 1)
    color, seen = color[box], seen[box]
    if seen.all():
        return color
    nearest = distance_transform_edt(~seen, return_distances=False, return_indices=True)
    here, limits = np.indices(seen.shape), np.array(seen.shape)[:, None, None]
    mirrored = np.clip(2 * nearest - here, 0, limits - 1)
    source = np.where(seen[tuple(mirrored)], mirrored, nearest)
    filled: NDArray[np.uint8] = color[tuple(source)]
    return filled


def _known(layer: Image.Image) -> Image.Image:
    return layer.getchannel("A").point(lambda share: 255 if share >= FAINTEST else 0)
