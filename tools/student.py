"""Trainable version of fast, the feed-forward stylizer: weights as variables, and their moving average."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from nst.models.extractors.extractor import FeatureExtractor, Tensor
from nst.models.stylizers.fast import Fast
from nst.training import weight_average


class Student(tf.Module):
    """Trainable version of the stylizer fast, with moving averages of its weights.

    `initial` are the initial weights by name; the extractor `lite` describes styles. Checkpoints identify the variables
    by the attributes `trained` and `average`, and by their names.
    """

    def __init__(self, initial: Mapping[str, Any], lite: FeatureExtractor) -> None:
        super().__init__()
        self.trained = {n: tf.Variable(v, name=n) for n, v in initial.items()}
        self.average = {n: tf.Variable(v, trainable=False, name=n) for n, v in self.trained.items()}
        self._lite = lite

    def assign(self, weights: Mapping[str, Any]) -> None:
        """Set the weights and their moving average to `weights`, by name."""
        for name, variable in self.trained.items():
            variable.assign(weights[name])
            self.average[name].assign(weights[name])

    def network(self) -> Fast:
        """Return the stylizer fast with the current weights."""
        return Fast(self.trained, self._lite, self._lite.dtype)

    def kept(self) -> Fast:
        """Return the stylizer fast with the moving averages of the weights."""
        return Fast(self.average, self._lite, self._lite.dtype)

    def averaged(self) -> dict[str, np.ndarray]:
        """Return the moving averages of the weights as NumPy arrays, by weight name."""
        return {n: np.asarray(v) for n, v in self.average.items()}

    def follow(self, step: Tensor) -> None:
        """Update the moving averages with the current weights, after training step `step`."""
        weight_average.follow(self.average, self.trained, step)
