"""Two measures of a stylization function: steadiness of the result under shifts of the content image, and sharpness."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nst.images import io as images
from nst.images.io import Pixels

SIDE = 320  # of the window that slides over a content image, in pixels
MARGIN = 64  # the short side of the content image is longer than the window by this
BORDER = 16  # pixels at the edges of a result that are not compared
SHIFTS = range(1, 8)  # in pixels
LUMA = np.array([0.299, 0.587, 0.114], np.float32)

Paint = Callable[[Pixels, Pixels, tuple[int, int]], Pixels]


def unsteadiness(photo: Path, style: Path, paint: Paint) -> float:
    """Return the largest relative change of a result when the content image is shifted by 1 to 7 pixels; 0 is best.

    The change is the mean squared difference where two results overlap, divided by the variance of the first, and
    averaged over shifts to the right, downwards and both. `paint` is called with a window of the content image, the
    style image, and the (x, y) of the window, and must return a result of the window's size.
    """
    whole, painting = images.read(photo).rgb, images.read(style).rgb
    height, width = whole.shape[:2]
    scale = (SIDE + MARGIN) / min(height, width)
    whole = images.resize(whole, (round(width * scale), round(height * scale)))

    def painted(x: int, y: int) -> NDArray[np.float32]:
        window = np.ascontiguousarray(whole[y : y + SIDE, x : x + SIDE])
        return paint(window, painting, (x, y)).astype(np.float32)

    first = painted(0, 0)
    variance = first[BORDER:-BORDER, BORDER:-BORDER].var()
    worst = 0.0
    for shift in SHIFTS:
        changes = [overlap_difference(first, painted(x, y), x, y) for x, y in ((shift, 0), (0, shift), (shift, shift))]
        worst = max(worst, float(np.mean(changes) / variance))
    return worst


def overlap_difference(first: NDArray[np.float32], moved: NDArray[np.float32], x: int, y: int) -> float:
    """Return the mean squared difference of two images (H, W, 3) where they overlap.

    The top left pixel of `moved` corresponds to the pixel (x, y) of `first`. The 16 pixels at the edges of the overlap
    are excluded.
    """
    height, width = first.shape[:2]
    difference = first[y:, x:] - moved[: height - y, : width - x]
    return float((difference[BORDER:-BORDER, BORDER:-BORDER] ** 2).mean())


def sharpness(photo: Pixels, result: Pixels) -> float:
    """Return the detail() of a result, divided by that of the content image at the same size."""
    return detail(result) / detail(images.resize(photo, (result.shape[1], result.shape[0])))


def detail(rgb: Pixels) -> float:
    """Return the mean absolute Laplacian of the luminance of uint8 RGB (H, W, 3), in gray levels."""
    y = rgb.astype(np.float32) @ LUMA
    neighbors = y[:-2, 1:-1] + y[2:, 1:-1] + y[1:-1, :-2] + y[1:-1, 2:]
    return float(np.abs(4 * y[1:-1, 1:-1] - neighbors).mean())
