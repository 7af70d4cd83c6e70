"""Labeled images: distance to the seams between pieces of equal label, and the mean color of each piece."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tools.paint_styles.noise import Field
from tools.paint_styles.palette import Color


def seams(labels: NDArray[np.int64]) -> Field:
    """Return the distance of each pixel to the nearest change of label, in pixels, for labels (H, W)."""
    change = np.zeros(labels.shape, bool)
    change[:, 1:] |= labels[:, 1:] != labels[:, :-1]
    change[1:] |= labels[1:] != labels[:-1]
    away: Field = ndimage.distance_transform_edt(~change).astype(np.float32)
    return away


def piece_means(labels: NDArray[np.int64], picture: Color) -> tuple[NDArray[np.int64], Color]:
    """Return the labels renumbered from 0 to N - 1, and the mean color of `picture` in each of the N pieces, (N, 3)."""
    _, numbered = np.unique(labels, return_inverse=True)
    numbered = numbered.reshape(labels.shape)
    area = np.bincount(numbered.ravel())
    sums = [np.bincount(numbered.ravel(), c.ravel()) for c in np.moveaxis(picture, -1, 0)]
    return numbered, (np.stack(sums, -1) / area[:, None]).astype(np.float32)
