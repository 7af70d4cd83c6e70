"""Deterministic segmentation with OpenCV's GrabCut (Rother, Kolmogorov & Blake 2004)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_fill_holes

from nst.images.io import Pixels
from nst.masks.working_size import Found

OUT, IN, MAYBE_OUT, MAYBE_IN = cv2.GC_BGD, cv2.GC_FGD, cv2.GC_PR_BGD, cv2.GC_PR_FGD
Seeds = NDArray[np.uint8]  # (H, W) of the four labels: OUT and IN are fixed, MAYBE_* are initial guesses

FEWEST = 5  # minimum pixels of foreground and background: OpenCV fits 5 colors to each and fails with fewer
NO_BOX = (0, 0, 0, 0)
ROUNDS = 4  # GrabCut iterations


def cut(photo: Pixels, seeds: Seeds) -> Found:
    """Segment uint8 RGB (H, W, 3) with GrabCut; return a mask of the foreground, bool (H, W).

    `seeds` labels each pixel as certain or probable foreground or background. If fewer than FEWEST pixels are labeled
    as foreground or as background, the pixels labeled as foreground are returned.
    """
    inside = np.isin(seeds, (IN, MAYBE_IN))
    if min(inside.sum(), (~inside).sum()) < FEWEST:
        return inside
    cv2.setRNGSeed(0)  # per thread; GrabCut initializes its color models at random
    marks, model = seeds.copy(), np.zeros((1, 65))
    cv2.grabCut(photo, marks, NO_BOX, model, model.copy(), ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.isin(marks, (IN, MAYBE_IN))


def large_parts(found: Found, least: float) -> Found:
    """Return a mask without connected components smaller than `least` times the largest, and with holes filled."""
    count, labels = cv2.connectedComponents(found.astype(np.uint8))
    if count == 1:
        return found
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    filled: Found = binary_fill_holes((areas >= least * areas.max())[labels])
    return filled
