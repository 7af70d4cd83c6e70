"""Reduced copies of the content image, on which masks are computed fast, and upsampling of those masks."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from nst.images.io import Pixels

Mask = NDArray[np.float32]  # (H, W) in [0, 1], 1 inside the object
Found = NDArray[np.bool_]  # (H, W), mask at the size of the reduced image

# Standard deviations of Gaussian blurs, in pixels of the reduced image: camera noise, and aliasing of mask edges.
GRAIN, STEPS = 1.0, 1.2


def small(photo: Pixels, side: int) -> Pixels:
    """Reduce uint8 RGB (H, W, 3) to a long side of `side` pixels. Smaller images are returned unchanged."""
    height, width = photo.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return photo
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), np.uint8)


def without_grain(photo: Pixels) -> Pixels:
    """Blur uint8 RGB (H, W, 3) slightly, to suppress camera noise."""
    return np.asarray(cv2.GaussianBlur(photo, (0, 0), GRAIN), np.uint8)


def enlarged(found: Found, photo: Pixels) -> Mask:
    """Enlarge a mask, bool (h, w), to the size of `photo`, float32 (H, W) in [0, 1] with smoothed edges."""
    soft = cv2.GaussianBlur(found.astype(np.float32), (0, 0), STEPS)
    return np.clip(resized(np.asarray(soft, np.float32), photo), 0, 1)


def resized(mask: Mask, photo: Pixels) -> Mask:
    """Resize a mask, float32 in [0, 1], to the height and width of `photo`, bilinear."""
    return np.asarray(cv2.resize(mask, photo.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def nothing(photo: Pixels) -> Mask:
    """Return an all-zero mask with the height and width of `photo`."""
    return np.zeros(photo.shape[:2], np.float32)
