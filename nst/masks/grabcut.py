"""GrabCut (Rother, Kolmogorov & Blake 2004) as OpenCV has it, and the same again for the same photo."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_fill_holes

from nst.images.io import Pixels
from nst.masks.working_size import Found

OUT, IN, MAYBE_OUT, MAYBE_IN = cv2.GC_BGD, cv2.GC_FGD, cv2.GC_PR_BGD, cv2.GC_PR_FGD
Seeds = NDArray[np.uint8]  # (H, W) of these four: what is known, and what is a guess

FEWEST = 5  # pixels of each side, for OpenCV learns so many colors of it; with fewer it fails
NO_BOX = (0, 0, 0, 0)
ROUNDS = 4  # of learning colors and cutting


def cut(photo: Pixels, seeds: Seeds) -> Found:
    """What is inside: (H, W) of uint8 RGB (H, W, 3); as the seeds guess it where one side has nothing to learn from."""
    inside = np.isin(seeds, (IN, MAYBE_IN))
    if min(inside.sum(), (~inside).sum()) < FEWEST:
        return inside
    cv2.setRNGSeed(0)  # of this thread: the first colors are drawn at random
    marks, model = seeds.copy(), np.zeros((1, 65))
    cv2.grabCut(photo, marks, NO_BOX, model, model.copy(), ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.isin(marks, (IN, MAYBE_IN))


def large_parts(found: Found, least: float) -> Found:
    """Without its holes, and without parts that are smaller than `least` of the largest."""
    count, labels = cv2.connectedComponents(found.astype(np.uint8))
    if count == 1:
        return found
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    filled: Found = binary_fill_holes((areas >= least * areas.max())[labels])
    return filled
