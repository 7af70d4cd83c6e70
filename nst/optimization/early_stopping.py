"""Early stopping of a level whose loss has stopped improving."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nst.settings.engines import GAIN_STEPS


class EarlyStopping:
    """Early-stopping criterion of one level, and the number of steps skipped by it.

    The best of the last GAIN_STEPS losses is compared with the loss before them, because not every optimizer descends
    monotonically. `least` is the minimum relative improvement in percent; 0 disables early stopping.
    """

    def __init__(self, least: float) -> None:
        self._least = least / 100
        self._totals: deque[float] = deque(maxlen=1 + GAIN_STEPS)
        self._spared = 0

    def add(self, total: float) -> None:
        """Record the total loss after a step."""
        self._totals.append(total)

    @property
    def over(self) -> bool:
        """Return True if the last GAIN_STEPS steps improved the loss by no more than `least`."""
        if not self._least or len(self._totals) <= GAIN_STEPS:
            return False
        before, *lately = self._totals
        return before - min(lately) <= self._least * before

    def forget(self) -> None:
        """Discard the recorded losses. Call when the level or the objective changes."""
        self._totals.clear()

    def spare(self, steps: int) -> None:
        """Count `steps` of this level as skipped."""
        self._spared += steps
        self.forget()

    def note(self, left: int) -> str:
        """Return a message with the number of skipped iterations, or "" if none; `left` steps of the run remain."""
        spared = self._spared + (left if self.over else 0)
        return f"Skipped {spared} iterations that would have changed little." if spared else ""

    def state(self) -> dict[str, NDArray[np.generic]]:
        """Return the checkpoint state. Losses of a stopped level are left out, so that a resumed run continues it."""
        return {"totals": np.array([] if self.over else [*self._totals]), "spared": np.array(self._spared)}

    def restore(self, state: Mapping[str, NDArray[np.generic]]) -> None:
        """Restore what state() returned."""
        self.forget()
        self._totals.extend(map(float, state["totals"]))
        self._spared = int(state["spared"])
