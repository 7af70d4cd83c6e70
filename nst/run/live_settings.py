"""How strongly a run paints, the picture as a whole and its parts, and in whose colors: what may be turned at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nst.errors import SettingsError
from nst.images.color_transfer import Coloring
from nst.run.control import Control
from nst.run.regions import Map, Parts, Region
from nst.settings.engines import OptimizeSettings

State = dict[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Dials:
    """Strengths and colors as they are by now."""

    strength: float | None  # the run's; None with raw weights
    parts: Parts | None  # with strengths of their own; None where the picture is one
    coloring: Coloring

    @classmethod
    def of(cls, settings: OptimizeSettings, regions: Sequence[Region], size: tuple[int, int], styles: int) -> Dials:
        """As a run of a picture of `size` (width, height) begins, with so many styles. Raises InputError."""
        asked = [region.strength for region in regions if region.strength]
        if settings.strength is None and asked:
            raise SettingsError(
                f"A region's strength goes with the run's strength, not with raw weights: received {asked[0]:g} with "
                f"style_weight={settings.style_weight:g}. Leave it out, give 0, or set strength instead of the weights."
            )
        parts = Parts.of(regions, size, styles) if regions else None
        return cls(settings.strength, parts, Coloring.of(settings))

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

    def steered(self, control: Control) -> Dials:
        """As somebody wants them in mid-run."""
        return self.turned(control.strength, control.regions, control.colors, control.color_amount)

    def turned(
        self,
        strength: float | None,
        regions: Mapping[int, float | None],
        colors: str | None = None,
        color_amount: float | None = None,
    ) -> Dials:
        """With other strengths and colors, where they are given. Raw weights stay: they know no strength."""
        recolored = replace(self, coloring=self.coloring.turned(colors, color_amount))
        if self.strength is None:
            return recolored
        strength = self.strength if strength is None else strength
        return replace(recolored, strength=strength, parts=self.parts and self.parts.turned(regions))

    def same(self, other: Dials) -> bool:
        """Whether all strengths are the same, of the same parts, and the colors are."""
        one, another = ((each.strength, each.parts and each.parts.looks, each.coloring) for each in (self, other))
        return one == another

    def state(self) -> State:
        """All of them as arrays; the strength of a region that has none of its own is NaN."""
        found: State = {"colors": np.array(self.coloring.colors), "color_amount": np.array(self.coloring.amount)}
        if self.strength is not None:
            found["strength"] = np.array(self.strength)
        if self.parts:
            found["regions"] = np.array([np.nan if asked is None else asked for asked in self.parts.asked])
        return found

    def restored(self, state: Mapping[str, NDArray[np.generic]]) -> Dials:
        """As state() returned them. Raises SettingsError where they are those of other regions.

        Checkpoints of earlier versions say nothing of colors, which could not be turned then.
        """
        asked = [None if np.isnan(each) else float(each) for each in np.asarray(state.get("regions", ()), float)]
        count = len(self.parts.order) if self.parts else 0
        if len(asked) != count:
            raise SettingsError(
                f"The checkpoint belongs to a run with {len(asked)} regions, received {count}. Resume it with those "
                "that it was begun with."
            )
        strength, amount = (float(state[name]) if name in state else None for name in ("strength", "color_amount"))
        colors = str(state["colors"]) if "colors" in state else None
        return self.turned(strength, dict(enumerate(asked)), colors, amount)
