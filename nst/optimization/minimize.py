"""What the loop asks of an optimizer, and Adam (Kingma & Ba 2015, arXiv:1412.6980).

An optimizer moves a picture, float32 of any shape, downhill inside [0, 1]. It can stop and go on between any two
steps: `state()` is all that it remembers, as plain arrays.
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
    """The losses of a picture, and the gradient of their sum, of the picture's shape."""

    losses: Losses
    gradient: Array

    @property
    def finite(self) -> bool:
        return bool(np.isfinite(self.losses.total) and np.isfinite(self.gradient).all())


Evaluate = Callable[[Array], Evaluation]


class Minimizer(Protocol):
    """One picture on its way downhill."""

    x: Array
    here: Evaluation | None  # of `x`, where it is known already

    def step(self, evaluate: Evaluate) -> Losses | None:
        """Move one iteration; the losses of where it is now, or None if there is no way down. May raise Diverged."""

    def forget(self) -> None:
        """The objective changed: drop what was learned about it."""

    def state(self) -> dict[str, NDArray[np.generic]]:
        """All that is remembered besides `x`."""

    def restore(self, state: Mapping[str, NDArray[np.generic]]) -> None:
        """Remember again what state() returned."""


def checked(evaluation: Evaluation) -> Evaluation:
    """The evaluation itself; raises Diverged if anything in it is not finite."""
    if not evaluation.finite:
        raise Diverged(
            "The optimization ran away: its loss is no longer a finite number. The last good picture is kept. "
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
        """Move one iteration; the losses are those of the picture before it moved, which cost nothing extra."""
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
        """Moments follow a changed objective by themselves."""
        self.here = None

    def state(self) -> dict[str, NDArray[np.generic]]:
        return {"count": np.array(self._count), "mean": self._mean, "square": self._square}

    def restore(self, state: Mapping[str, NDArray[np.generic]]) -> None:
        self._count = int(state["count"])
        self._mean, self._square = (np.asarray(state[name], np.float32) for name in ("mean", "square"))
