"""When a size has nothing more to gain."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nst.settings.engines import GAIN_STEPS


class Gains:
    """What the steps at one size gained, and the steps that were spared because they had stopped to gain much.

    The best of the last losses is compared with the one before them, because not every optimizer goes down all the
    time. `least` is the gain in percent that is worth going on for; 0 is never too little.
    """

    def __init__(self, least: float) -> None:
        self._least = least / 100
        self._totals: deque[float] = deque(maxlen=1 + GAIN_STEPS)
        self._spared = 0

    def add(self, total: float) -> None:
        """The loss after one more step."""
        self._totals.append(total)

    @property
    def over(self) -> bool:
        """Whether the last steps gained too little to go on."""
        if not self._least or len(self._totals) <= GAIN_STEPS:
            return False
        before, *lately = self._totals
        return before - min(lately) <= self._least * before

    def forget(self) -> None:
        """The size or the objective changed: what was gained before says nothing about it."""
        self._totals.clear()

    def spare(self, steps: int) -> None:
        """So many steps of this size are left out."""
        self._spared += steps
        self.forget()

    def note(self, left: int) -> str:
        """What people should know, where `left` steps are left."""
        spared = self._spared + (left if self.over else 0)
        return f"Iterations left out because there was little more to gain: {spared}." if spared else ""

    def state(self) -> dict[str, NDArray[np.generic]]:
        """What a run needs to go on. One that was over, and is asked to go on, begins to look for gains anew."""
        return {"totals": np.array([] if self.over else [*self._totals]), "spared": np.array(self._spared)}

    def restore(self, state: Mapping[str, NDArray[np.generic]]) -> None:
        """Remember again what state() returned."""
        self.forget()
        self._totals.extend(map(float, state["totals"]))
        self._spared = int(state["spared"])
