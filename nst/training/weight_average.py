"""Moving average of the weights of a network in training, and their float16 file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from nst.models.extractors.extractor import Tensor

DECAY = 0.999  # maximum decay of the moving average


def follow(average: Mapping[str, tf.Variable], now: Mapping[str, tf.Variable], step: Tensor) -> None:
    """Update the moving average `average` with the current weights `now`, both by name.

    `step` is the number of the training step: in the first steps, when weights change fast, the decay is lower.
    """
    decay = tf.minimum(DECAY, (1.0 + step) / (10.0 + step))
    for name, variable in now.items():
        average[name].assign_sub((1.0 - decay) * (average[name] - variable))


def save(weights: Mapping[str, np.ndarray], path: Path) -> None:
    """Write weights, by name, to `path` as float16 .npz.

    Raises FloatingPointError if a value is not finite in float16.
    """
    halves: dict[str, Any] = {n: w.astype(np.float16) for n, w in weights.items()}
    if not all(np.isfinite(array).all() for array in halves.values()):
        raise FloatingPointError("the weights do not fit into float16: the training diverged")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez_compressed(partial, **halves)
    partial.replace(path)
