"""What is kept of a training: the moving average of the weights, as a file of float16."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from nst.models.extractors.extractor import Tensor

DECAY = 0.999  # of the moving average


def follow(average: Mapping[str, tf.Variable], now: Mapping[str, tf.Variable], step: Tensor) -> None:
    """Let the average follow the weights; at the beginning, when all is in motion, at a shorter distance."""
    decay = tf.minimum(DECAY, (1.0 + step) / (10.0 + step))
    for name, variable in now.items():
        average[name].assign_sub((1.0 - decay) * (average[name] - variable))


def save(weights: Mapping[str, np.ndarray], path: Path) -> None:
    """Write weights as float16 `.npz`. Raises FloatingPointError for what does not fit."""
    halves: dict[str, Any] = {n: w.astype(np.float16) for n, w in weights.items()}
    if not all(np.isfinite(array).all() for array in halves.values()):
        raise FloatingPointError("the weights do not fit into float16; the training has gone wrong")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez_compressed(partial, **halves)
    partial.replace(path)
