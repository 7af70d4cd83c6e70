"""What is seen of a transparent picture on white, and what is painted under its transparent part.

Files keep anything there, mostly white or black. A picture is painted as a whole and then becomes transparent again
where it was: so that its edges have no fringe in a color that was never to be seen, the colors of what is seen go on
beyond it, ever smoother the farther.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FAINTEST = 16  # of 255: what is fainter tells little of its color


def on_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """uint8 RGBA (H, W, 4) as RGB (H, W, 3) on white; RGB stays as it is."""
    if pixels.shape[2] == 3:
        return pixels
    flat = Image.new("RGB", pixels.shape[1::-1], "white")
    flat.paste(Image.fromarray(pixels[..., :3]), mask=Image.fromarray(pixels[..., 3]))
    return np.array(flat)


def bled(color: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """uint8 RGB (H, W, 3) as it is where `alpha` (H, W) shows it, and in colors from nearby where not.

    Colors are averaged over blocks that double until all of a block is known, and taken from the smallest that are.
    """
    layer = Image.fromarray(np.dstack([color, alpha]))
    layer.putalpha(_known(layer))
    finer: list[Image.Image] = []
    while layer.getchannel("A").getextrema() != (255, 255):
        if max(layer.size) == 1:
            return color  # nothing of it is seen
        finer.append(layer)
        layer = layer.reduce(2)  # which averages what is known
        layer.putalpha(layer.getchannel("A").point(lambda share: 255 if share else 0))
    filled = layer.convert("RGB")
    for layer in reversed(finer):
        width, height = layer.size
        filled = filled.resize(layer.size, Image.Resampling.BILINEAR, (0, 0, width / 2, height / 2))
        filled.paste(layer.convert("RGB"), mask=layer.getchannel("A"))
    return np.array(filled)


def _known(layer: Image.Image) -> Image.Image:
    return layer.getchannel("A").point(lambda share: 255 if share >= FAINTEST else 0)
