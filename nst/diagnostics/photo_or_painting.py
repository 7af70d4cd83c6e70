"""Classifier of photos and paintings: a logistic regression on eight image features.

Paintings have brushwork everywhere, while photos have smooth skies, walls and blurred backgrounds; paintings are also
more colorful and brighter. The weights were fitted on 1,000 photos and 125 paintings, with balanced classes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nst.images.color_transfer import LUMA
from nst.images.io import Pixels

SIDE = 192  # long side of the input image in pixels: keeps brushwork, removes grain
BLOCK = 8  # side of a block for local statistics, in pixels

Values = NDArray[np.float64]

_OFFSET = 2.871
_WEIGHTS = np.array([2.342, -1.097, 2.041, -17.282, 3.461, 5.191, 6.629, -9.009])  # of the features in traits()


def painted(small: Pixels) -> float:
    """Return the log odds that an image is a painting, not a photo: positive for a painting.

    `small` is uint8 RGB (H, W, 3) with a long side of 192 pixels or less.
    """
    return float(_OFFSET + _WEIGHTS @ traits(small))


def traits(small: Pixels) -> Values:
    """Return the eight features of the classifier, float64 (8,), for uint8 RGB (H, W, 3).

    The features are statistics of contrast, fine detail, gradients, colorfulness, brightness and saturation.
    """
    rgb = small / 255
    gray = rgb @ LUMA
    contrast, fine = _by_block(gray), _by_block(_fine(gray))
    slopes = np.hypot(*np.gradient(gray))
    opposed = np.hypot(rgb[..., 0] - rgb[..., 1], (rgb[..., 0] + rgb[..., 1]) / 2 - rgb[..., 2])
    brightest = rgb.max(-1)
    saturation = (brightest - rgb.min(-1)) / (brightest + 1e-3)
    return np.array(
        [
            np.log(np.median(contrast) + 1),
            np.log(np.percentile(contrast, 95) + 1),
            np.log(np.percentile(fine, 5) + 0.5),
            slopes.mean() / np.sqrt((slopes**2).mean() + 1e-12),
            opposed.mean(),
            np.percentile(opposed, 90),
            gray.mean(),
            saturation.std(),
        ]
    )


def _fine(gray: Values) -> Values:
    """Return each pixel's difference from the mean of its four neighbors, (H, W)."""
    around = np.pad(gray, 1, "edge")
    mean: Values = (around[:-2, 1:-1] + around[2:, 1:-1] + around[1:-1, :-2] + around[1:-1, 2:]) / 4
    return gray - mean


def _by_block(gray: Values) -> Values:
    """Return the standard deviation of each block of 8 x 8 pixels of `gray` in [0, 1], in gray levels (0..255)."""
    rows, columns = (side // BLOCK for side in gray.shape)
    blocks = gray[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    deviations: Values = 255 * blocks.std((1, 3))
    return deviations
