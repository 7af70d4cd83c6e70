"""Crop of an image to a given size."""

from __future__ import annotations

from nst.images.io import Pixels, resize


def cropped(pixels: Pixels, target: tuple[int, int]) -> Pixels:
    """Scale uint8 RGB or RGBA (H, W, C) to cover `target`, (width, height), and crop opposite edges equally."""
    height, width = pixels.shape[:2]
    scale = max(target[0] / width, target[1] / height)
    scaled = max(target[0], round(scale * width)), max(target[1], round(scale * height))
    left, top = ((side - wanted) // 2 for side, wanted in zip(scaled, target, strict=True))
    if scaled != (width, height):
        pixels = resize(pixels, scaled)
    return pixels[top : top + target[1], left : left + target[0]]
