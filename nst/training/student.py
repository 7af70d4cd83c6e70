"""fast while it learns: its weights as variables, their moving average, and the file that they end up in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from nst.models.convnet import Tensor
from nst.models.fast import Fast

AVERAGE = 0.999  # decay of the weights' moving average, which is what is kept


class Student(tf.Module):
    """fast's weights: `learning` ones start as variables, `frozen` ones stay as they are.

    Checkpoints know the variables by the attributes `trained` and `average`, and by their names.
    """

    def __init__(self, learning: Mapping[str, Any], frozen: Mapping[str, Any], dtype: str) -> None:
        super().__init__()
        self.trained = {n: tf.Variable(v, name=n) for n, v in learning.items()}
        self.average = {n: tf.Variable(v, trainable=False, name=n) for n, v in self.trained.items()}
        self.frozen = {n: tf.constant(v) for n, v in frozen.items()}
        self._dtype = dtype

    def network(self) -> Fast:
        """The network that learns."""
        return Fast({**self.trained, **self.frozen}, self._dtype)

    def kept(self) -> Fast:
        """The network as it would be kept now."""
        return Fast({**self.average, **self.frozen}, self._dtype)

    def averaged(self) -> dict[str, np.ndarray]:
        """All weights, as they are kept."""
        return {n: np.asarray(v) for n, v in {**self.average, **self.frozen}.items()}

    def follow(self, step: Tensor) -> None:
        """Let the average follow; at the beginning, when all is in motion, at a shorter distance."""
        decay = tf.minimum(AVERAGE, (1.0 + step) / (10.0 + step))
        for name, variable in self.trained.items():
            self.average[name].assign_sub((1.0 - decay) * (self.average[name] - variable))


def save(weights: Mapping[str, np.ndarray], path: Path) -> None:
    """Write weights as float16 `.npz`."""
    halves: dict[str, Any] = {n: w.astype(np.float16) for n, w in weights.items()}
    if not all(np.isfinite(array).all() for array in halves.values()):
        raise FloatingPointError("the weights do not fit into float16; the training has gone wrong")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez_compressed(partial, **halves)
    partial.replace(path)
