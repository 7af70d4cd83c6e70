"""Early stopping of a resolution level whose loss has stopped improving."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nst.settings.engines import GAIN_STEPS


class EarlyStopping:
    """Early-stopping criterion for each resolution level of a run, and the count of skipped iterations.

    A level ends if the lowest of its last GAIN_STEPS losses is no more than `least` percent below the loss before them.
    The lowest counts, because not every optimizer descends monotonically. With `least` = 0 no level ends early.
    """

    def __init__(self, least: float) -> None:
        self._least = least / 100
        self._totals: deque[float] = deque(maxlen=1 + GAIN_STEPS)
        self._spared = 0

    def add(self, total: float) -> None:
        """Record the total loss after an iteration."""
        self._totals.append(total)

    @property
    def over(self) -> bool:
        """True if the last GAIN_STEPS iterations lowered the loss by no more than `least` percent."""
        if not self._least or len(self._totals) <= GAIN_STEPS:
            return False
        before, *lately = self._totals
        return before - min(lately) <= self._least * before

    def forget(self) -> None:
        """Discard the recorded losses. Call when the next resolution level begins or the objective changes."""
        self._totals.clear()

    def spare(self, steps: int) -> None:
        """Add `steps` to the count of skipped iterations, and discard the recorded losses."""
        self._spared += steps
        self.forget()

    def note(self, left: int) -> str:
        """Return a message for the user with the number of skipped iterations, or "" if there were none.

        `left` is the number of remaining iterations of the run; they count as skipped if `over` is True.
        """
        spared = self._spared + (left if self.over else 0)
        return f"Skipped {spared} iterations that would have changed little." if spared else ""

    def state(self) -> dict[str, NDArray[np.generic]]:
        """Return the state for a checkpoint: recorded losses and the count of skipped iterations.

        The losses are left out if `over` is True, so that a resumed run continues the resolution level.
        """
        return {"totals": np.array([] if self.over else [*self._totals]), "spared": np.array(self._spared)}

    def restore(self, state: Mapping[str, NDArray[np.generic]]) -> None:
        """Replace losses and count by those of `state`, as returned by state()."""
        self.forget()
        self._totals.extend(map(float, state["totals"]))
        self._spared = int(state["spared"])
