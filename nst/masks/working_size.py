"""Masks are found on a small copy of a photo, which is quick, and then enlarged."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from nst.images.io import Pixels

Mask = NDArray[np.float32]  # (H, W) in [0, 1], 1 where the thing is
Found = NDArray[np.bool_]  # (H, W) of the small copy

# Deviations of Gaussians in pixels of the small copy: against a camera's noise, and against steps in a mask's edge.
GRAIN, STEPS = 1.0, 1.2


def small(photo: Pixels, side: int) -> Pixels:
    """uint8 RGB (H, W, 3) reduced to a long side in pixels; a smaller photo stays as it is."""
    height, width = photo.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return photo
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), np.uint8)


def without_grain(photo: Pixels) -> Pixels:
    """uint8 RGB (H, W, 3) with less of a camera's noise."""
    return np.asarray(cv2.GaussianBlur(photo, (0, 0), GRAIN), np.uint8)


def enlarged(found: Found, photo: Pixels) -> Mask:
    """What was found on the small copy as a mask of the photo."""
    soft = cv2.GaussianBlur(found.astype(np.float32), (0, 0), STEPS)
    return np.clip(resized(np.asarray(soft, np.float32), photo), 0, 1)


def resized(mask: Mask, photo: Pixels) -> Mask:
    """A mask at the photo's size."""
    return np.asarray(cv2.resize(mask, photo.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def nothing(photo: Pixels) -> Mask:
    """The mask of what is not there."""
    return np.zeros(photo.shape[:2], np.float32)
