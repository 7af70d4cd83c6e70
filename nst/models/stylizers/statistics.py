"""Statistics of fast's normalized layers as one array: measured in some images and applied to others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nst.models.stylizers.fast import normalized
from nst.models.stylizers.modulation import ChannelMoments

Statistics = NDArray[np.float32]  # (SIZE,): channel means, then variances, of each layer in turn
SIZE = 2 * sum(normalized().values())


def joined(by_layer: dict[str, ChannelMoments]) -> Any:
    """Join the statistics of all layers into one tensor (SIZE,)."""
    return tf.concat([each for name in normalized() for each in by_layer[name]], 0)


def by_layer(statistics: Any) -> dict[str, ChannelMoments]:
    """Split a tensor (SIZE,) into the statistics of each layer; the inverse of joined()."""
    widths = normalized()
    split = iter(tf.split(statistics, [width for width in widths.values() for _ in range(2)]))
    return {name: (next(split), next(split)) for name in widths}


def pooled(each: Sequence[Statistics], pixels: Sequence[int]) -> Statistics:
    """Pool the statistics of several images by the law of total variance, weighted by their pixel counts."""
    weights = np.array(pixels, np.float64) / sum(pixels)
    edges = np.cumsum([width for width in normalized().values() for _ in range(2)])[:-1]
    split = np.split(np.stack(each).astype(np.float64), edges, 1)
    found = []
    for means, variances in zip(split[::2], split[1::2], strict=True):
        mean = weights @ means
        found += [mean, weights @ (variances + (means - mean) ** 2)]
    return np.concatenate(found).astype(np.float32)
