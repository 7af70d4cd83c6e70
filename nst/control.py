"""The handle by which another thread steers a running engine."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from nst.errors import SettingsError


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

    def begin(self, regions: int) -> None:
        """Called as a run begins, with how many regions it has.

        Raises SettingsError where update() was asked for one that is not there.
        """
        with self._lock:
            _check_numbers(self._regions, regions)
            self._count = regions

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

    def update(self, *, strength: float | None = None, regions: Mapping[int, float] | None = None) -> None:
        """Change the strength (0..100) of a run from its next step on, or those of its regions by their number, from 0.

        What is not given stays as it is. Raises SettingsError, and changes nothing, for a strength or a region that
        cannot be; before a run begins, it is the run that refuses a region that it does not have.
        """
        for asked in (*([] if strength is None else [strength]), *(regions or {}).values()):
            if not 0 <= asked <= 100:
                raise SettingsError(f"strength must be between 0 and 100, received {asked:g}.")
        with self._lock:
            if self._count is not None:
                _check_numbers(regions or {}, self._count)
            self._strength = self._strength if strength is None else strength
            self._regions.update(regions or {})

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


def _check_numbers(asked: Iterable[int], count: int) -> None:
    """Raise SettingsError unless there are all regions that are asked for by their numbers."""
    for number in asked:
        if not 0 <= number < count:
            there = f"it has {count}, counted from 0" if count else "it has none"
            raise SettingsError(f"The run has no region number {number}: {there}. Leave that number out.")
