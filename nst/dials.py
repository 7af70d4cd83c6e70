"""How strongly a run paints, the picture as a whole and its parts: what may be turned while it is at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nst.errors import SettingsError
from nst.regions import Map, Parts, Region
from nst.settings import OptimizeSettings

State = dict[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Dials:
    """Strengths as they are by now."""

    strength: float | None  # the run's; None with raw weights
    parts: Parts | None  # with strengths of their own; None where the picture is one

    @classmethod
    def of(cls, settings: OptimizeSettings, regions: Sequence[Region], size: tuple[int, int], styles: int) -> Dials:
        """As a run of a picture of `size` (width, height) begins, with so many styles. Raises InputError."""
        asked = [region.strength for region in regions if region.strength]
        if settings.strength is None and asked:
            raise SettingsError(
                f"A region's strength goes with the run's strength, not with raw weights: received {asked[0]:g} with "
                f"style_weight={settings.style_weight:g}. Leave it out, give 0, or set strength instead of the weights."
            )
        return cls(settings.strength, Parts.of(regions, size, styles) if regions else None)

    @property
    def painted(self) -> tuple[int, ...]:
        """Numbers of the parts that are painted, or of one where none is: an objective needs something to look at."""
        return (self.parts and self.parts.painted(self.strength)) or (0,)

    @property
    def strengths(self) -> tuple[float | None, ...]:
        """Strengths of the parts that are painted, or of the one picture."""
        if self.parts is None:
            return (self.strength,)
        every = self.parts.strengths(self.strength)
        return tuple(every[number] for number in self.painted)

    def cover(self, size: tuple[int, int]) -> Map | None:
        """How much of each pixel is painted at `size` (width, height); None where all of the picture is."""
        return None if self.parts is None else self.parts.cover(size, self.strength)

    def turned(self, strength: float | None, regions: Mapping[int, float | None]) -> Dials:
        """With other strengths, where they are given. Raw weights stay: they know none."""
        if self.strength is None:
            return self
        return Dials(self.strength if strength is None else strength, self.parts and self.parts.turned(regions))

    def same(self, other: Dials) -> bool:
        """Whether all strengths are the same, of the same parts."""
        looks = [dials.parts and dials.parts.looks for dials in (self, other)]
        return self.strength == other.strength and looks[0] == looks[1]

    def state(self) -> State:
        """All strengths as arrays; of a region that has none of its own NaN."""
        found: State = {} if self.strength is None else {"strength": np.array(self.strength)}
        if self.parts:
            found["regions"] = np.array([np.nan if asked is None else asked for asked in self.parts.asked])
        return found

    def restored(self, state: Mapping[str, NDArray[np.generic]]) -> Dials:
        """With the strengths that state() returned. Raises SettingsError where they are those of other regions."""
        asked = [None if np.isnan(each) else float(each) for each in np.asarray(state.get("regions", ()), float)]
        count = len(self.parts.order) if self.parts else 0
        if len(asked) != count:
            raise SettingsError(
                f"The checkpoint belongs to a run with {len(asked)} regions, received {count}. Resume it with those "
                "that it was begun with."
            )
        return self.turned(float(state["strength"]) if "strength" in state else None, dict(enumerate(asked)))
