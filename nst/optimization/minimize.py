"""Minimizer protocol of the optimize engine, and Adam (Kingma & Ba 2015, arXiv:1412.6980).

A minimizer updates an image, float32 of any shape, inside [0, 1]. Runs can stop and resume between steps: `state()`
returns the minimizer's complete state as plain arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nst.errors import Diverged
from nst.run.snapshot import Losses

Array = NDArray[np.float32]


class Evaluation(NamedTuple):
    """Losses of an image, and the gradient of their sum with respect to the image, of the same shape as the image."""

    losses: Losses
    gradient: Array

    @property
    def finite(self) -> bool:
        return bool(np.isfinite(self.losses.total) and np.isfinite(self.gradient).all())


Evaluate = Callable[[Array], Evaluation]


class Minimizer(Protocol):
    """Optimizer that changes one image `x` step by step to lower a loss."""

    x: Array
    here: Evaluation | None  # evaluation at `x`, if already known

    def step(self, evaluate: Evaluate) -> Losses | None:
        """Take one iteration; return its losses, or None if no descent direction was found.

        `evaluate` returns losses and gradient of an image. Raises Diverged if they are not finite.
        """

    def forget(self) -> None:
        """Discard the data that depend on the objective. Call when the objective changes."""

    def state(self) -> dict[str, NDArray[np.generic]]:
        """Return the complete state except `x`, as arrays for a checkpoint."""

    def restore(self, state: Mapping[str, NDArray[np.generic]]) -> None:
        """Replace the state by `state`, as returned by state()."""


def checked(evaluation: Evaluation) -> Evaluation:
    """Return the evaluation unchanged. Raises Diverged if the total loss or a value of the gradient is not finite."""
    if not evaluation.finite:
        raise Diverged(
            "The optimization diverged: the loss is no longer a finite number. The last good picture is kept. "
            "Lower the style weight or the learning rate, or use precision float32."
        )
    return evaluation


class Adam:
    """Adam with bias correction; pixels are clipped to [0, 1] after each step, as the TensorFlow tutorial does."""

    def __init__(self, x: Array, *, learning_rate: float, beta_1: float, epsilon: float, beta_2: float = 0.999) -> None:
        self.x = x
        self.here: Evaluation | None = None
        self._rate, self._beta_1, self._beta_2, self._epsilon = learning_rate, beta_1, beta_2, epsilon
        self._count = 0
        self._mean, self._square = np.zeros_like(x), np.zeros_like(x)

    def step(self, evaluate: Evaluate) -> Losses | None:
        """Take one iteration; return the losses before the update, which need no extra evaluation.

        Raises Diverged if the losses or the gradient are not finite.
        """
        losses, gradient = checked(self.here or evaluate(self.x))
        self.here = None
        self._count += 1
        self._mean = self._beta_1 * self._mean + (1 - self._beta_1) * gradient
        self._square = self._beta_2 * self._square + (1 - self._beta_2) * gradient**2
        rate = self._rate * np.sqrt(1 - self._beta_2**self._count) / (1 - self._beta_1**self._count)
        moved = self.x - np.float32(rate) * self._mean / (np.sqrt(self._square) + np.float32(self._epsilon))
        self.x = np.clip(moved, 0, 1)
        return losses

    def forget(self) -> None:
        """Discard the current evaluation only; the moment estimates adapt to a changed objective."""
        self.here = None

    def state(self) -> dict[str, NDArray[np.generic]]:
        return {"count": np.array(self._count), "mean": self._mean, "square": self._square}

    def restore(self, state: Mapping[str, NDArray[np.generic]]) -> None:
        self._count = int(state["count"])
        self._mean, self._square = (np.asarray(state[name], np.float32) for name in ("mean", "square"))
