"""The handle by which another thread steers a running engine."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping

from nst.errors import SettingsError
from nst.settings.engines import BLENDED_COLORS, PAINTED_COLORS, Look


class Interrupted(Exception):
    """A stop was asked for in the middle of a step."""


class Control:
    """Stop, pause, resume or steer a run; thread-safe. The engine looks at it between steps."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._stopped = False
        self._paused = False
        self._saving = False
        self._strength: float | None = None
        self._regions: dict[int, float] = {}
        self._count: int | None = None  # of the run's regions; None until one has begun
        self._colors: str | None = None
        self._color_amount: float | None = None
        self._possible: Collection[str] = PAINTED_COLORS

    def begin(self, regions: int, colors: Collection[str]) -> None:
        """Called as a run begins, with how many regions it has, and the colors that it may be turned to.

        Raises SettingsError where update() was asked for what is not among them.
        """
        with self._lock:
            _check_numbers(self._regions, regions)
            _check_colors(self._colors, colors)
            self._count, self._possible = regions, colors

    def stop(self) -> None:
        """Let the engine yield what it has, full size and with a checkpoint, and end."""
        with self._lock:
            self._stopped = True
            self._lock.notify_all()

    def pause(self) -> None:
        """Let the engine wait before its next step."""
        with self._lock:
            self._paused = True

    def resume(self) -> None:
        """Let a paused engine go on."""
        with self._lock:
            self._paused = False
            self._lock.notify_all()

    def save(self) -> None:
        """Let the engine put a checkpoint on its next preview, which comes after its next step."""
        with self._lock:
            self._saving = True

    def update(
        self,
        *,
        strength: float | None = None,
        regions: Mapping[int, float] | None = None,
        colors: str | None = None,
        color_amount: float | None = None,
    ) -> None:
        """Change a run from its next step on: its strength (0..100), those of its regions by their number, from 0, its
        colors ("style", "photo" or "matched"), or how far these go (0..100).

        What is not given stays as it is; an amount waits for colors of which there is more or less. Raises
        SettingsError, and changes nothing, for what cannot be; before a run begins, it is the run that refuses what it
        does not have.
        """
        for asked in (*([] if strength is None else [strength]), *(regions or {}).values()):
            if not 0 <= asked <= 100:
                raise SettingsError(f"strength must be between 0 and 100, received {asked:g}.")
        with self._lock:
            if self._count is not None:
                _check_numbers(regions or {}, self._count)
            _check_colors(colors, self._possible)
            if color_amount is not None:
                Look(colors=colors or BLENDED_COLORS[0], color_amount=color_amount)  # refuses what cannot be
            self._strength = self._strength if strength is None else strength
            self._regions.update(regions or {})
            self._colors = self._colors if colors is None else colors
            self._color_amount = self._color_amount if color_amount is None else color_amount

    def wait(self) -> bool:
        """Called by the engine between steps: sleep while paused; whether to go on."""
        with self._lock:
            self._lock.wait_for(lambda: self._stopped or not self._paused)
            return not self._stopped

    def saving(self) -> bool:
        """Called by the engine between steps: whether a checkpoint was asked for since it last was."""
        with self._lock:
            asked, self._saving = self._saving, False
            return asked

    @property
    def stopped(self) -> bool:
        with self._lock:
            return self._stopped

    @property
    def strength(self) -> float | None:
        """The strength asked for in mid-run, None where it was left alone."""
        with self._lock:
            return self._strength

    @property
    def regions(self) -> dict[int, float]:
        """The strengths of regions asked for in mid-run, by their number."""
        with self._lock:
            return dict(self._regions)

    @property
    def colors(self) -> str | None:
        """The colors asked for in mid-run, None where they were left alone."""
        with self._lock:
            return self._colors

    @property
    def color_amount(self) -> float | None:
        """How far they are to go, None where nobody has asked."""
        with self._lock:
            return self._color_amount


def _check_numbers(asked: Iterable[int], count: int) -> None:
    """Raise SettingsError unless there are all regions that are asked for by their numbers."""
    for number in asked:
        if not 0 <= number < count:
            there = f"it has {count}, counted from 0" if count else "it has none"
            raise SettingsError(f"The run has no region number {number}: {there}. Leave that number out.")


def _check_colors(asked: str | None, possible: Collection[str]) -> None:
    """Raise SettingsError unless a run that can have the `possible` colors can have those that are asked for."""
    if asked is not None and asked not in possible:
        raise SettingsError(
            f"The colors of this run can be turned to {', '.join(possible)}; received {asked!r}. For others, start "
            "another run, without a color_style if it has one."
        )
