"""Corrections of input images: functions from a decoded image to uint8 RGB (H, W, 3)."""

from __future__ import annotations

from nst.images.io import Picture, Pixels


def flattened(picture: Picture) -> Pixels:
    """Return the image composited on white, uint8 RGB (H, W, 3)."""
    return picture.rgb
