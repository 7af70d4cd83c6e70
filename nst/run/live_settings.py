"""Settings that can be changed during a style-transfer run: strength, strengths of regions and color transfer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nst.errors import SettingsError
from nst.images.color_transfer import Coloring
from nst.run.control import EngineControl
from nst.run.protection import Protection
from nst.run.regions import Map, RegionSet
from nst.settings.engines import OptimizeSettings, Settings

State = dict[str, NDArray[np.generic]]


@dataclass(frozen=True)
class LiveSettings:
    """Current strength, strengths of regions and color transfer of a style-transfer run."""

    strength: float | None  # of the run; None with raw weights
    parts: RegionSet | None  # regions and their strengths; None without regions
    coloring: Coloring
    recognizable: float | None = None  # of the protected parts; None without protection

    @classmethod
    def of(cls, settings: Settings, parts: RegionSet | None, protection: Protection | None = None) -> LiveSettings:
        """Return the initial live settings of a run; `parts` are its regions, None without regions.

        Raises SettingsError if the settings have raw weights, and there is a protection, or a region has a strength
        other than 0.
        """
        asked = [strength for strength in (parts.asked if parts else ()) if strength]
        raw = settings if isinstance(settings, OptimizeSettings) and settings.strength is None else None
        if raw and protection is not None:
            raise SettingsError(
                "A protection cannot be combined with raw weights: received recognizable="
                f"{protection.recognizable:g} with style_weight={raw.style_weight:g}. Leave one of the two out."
            )
        if raw and asked:
            raise SettingsError(
                f"A region's strength cannot be combined with raw weights: received strength {asked[0]:g} with "
                f"style_weight={raw.style_weight:g}. Leave one of the two out."
            )
        recognizable = None if protection is None else protection.recognizable
        return cls(settings.strength, parts, Coloring.of(settings), recognizable)

    @property
    def painted(self) -> tuple[int, ...]:
        """Indices of the stylized regions in `parts`; (0,) if there is none, for an objective needs one."""
        return (self.parts and self.parts.painted(self.strength)) or (0,)

    @property
    def strengths(self) -> tuple[float | None, ...]:
        """Strengths of the regions in `painted`; without regions, only the run's strength. None with raw weights."""
        if self.parts is None:
            return (self.strength,)
        every = self.parts.strengths(self.strength)
        return tuple(every[number] for number in self.painted)

    def coverage(self, size: tuple[int, int]) -> Map | None:
        """Return the stylized share of each pixel, (H, W) in [0, 1], or None if all regions are stylized.

        `size` is (width, height).
        """
        return None if self.parts is None else self.parts.coverage(size, self.strength)

    def updated(self, control: EngineControl) -> LiveSettings:
        """Return a copy with the changes requested through `control` applied."""
        return self.with_values(
            control.strength, control.regions, control.colors, control.color_amount, control.recognizable
        )

    def with_values(
        self,
        strength: float | None,
        regions: Mapping[int, float | None],
        colors: str | None = None,
        color_amount: float | None = None,
        recognizable: float | None = None,
    ) -> LiveSettings:
        """Return a copy with new values. None keeps the current strength, colors, color amount or recognizability.

        `regions` maps indices of regions, in the order given by the caller, to their new strengths; None stands for the
        run's strength. With raw weights, `strength` and `regions` are ignored.
        """
        coloring = self.coloring.with_values(colors, color_amount)
        kept = self.recognizable if self.recognizable is None or recognizable is None else recognizable
        recolored = replace(self, coloring=coloring, recognizable=kept)
        if self.strength is None:
            return recolored
        strength = self.strength if strength is None else strength
        return replace(recolored, strength=strength, parts=self.parts and self.parts.with_values(regions))

    def same(self, other: LiveSettings) -> bool:
        """Return True if strengths, protection, styles of regions and color transfer equal those of `other`."""
        one, another = (
            (each.strength, each.parts and each.parts.region_styles, each.coloring, each.recognizable)
            for each in (self, other)
        )
        return one == another

    def state(self) -> State:
        """Return the values as arrays for a checkpoint. The strength of a region that has none of its own is NaN."""
        found: State = {"colors": np.array(self.coloring.colors), "color_amount": np.array(self.coloring.amount)}
        if self.strength is not None:
            found["strength"] = np.array(self.strength)
        if self.recognizable is not None:
            found["recognizable"] = np.array(self.recognizable)
        if self.parts:
            found["regions"] = np.array([np.nan if asked is None else asked for asked in self.parts.asked])
        return found

    def restored(self, state: Mapping[str, NDArray[np.generic]]) -> LiveSettings:
        """Return a copy with the values of `state`, as returned by state().

        Raises SettingsError if `state` has another number of regions. Checkpoints of earlier versions have no colors,
        because colors could not be changed during a run; the current colors are kept.
        """
        asked = [None if np.isnan(each) else float(each) for each in np.asarray(state.get("regions", ()), float)]
        count = len(self.parts.order) if self.parts else 0
        if len(asked) != count:
            raise SettingsError(
                f"The checkpoint is from a run with {len(asked)} regions, received {count}. Resume with those regions."
            )
        if ("recognizable" in state) != (self.recognizable is not None):
            given = "without" if self.recognizable is None else "with"
            raise SettingsError(
                f"Received a run {given} protection, but the checkpoint is from one of the other kind. Resume with the "
                "same inputs."
            )
        strength, amount, recognizable = (
            float(state[name]) if name in state else None for name in ("strength", "color_amount", "recognizable")
        )
        colors = str(state["colors"]) if "colors" in state else None
        return self.with_values(strength, dict(enumerate(asked)), colors, amount, recognizable)
