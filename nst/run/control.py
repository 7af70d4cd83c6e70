"""Control of a running engine from another thread: Control for the caller, EngineControl for the engine."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping

from nst.errors import SettingsError
from nst.run.protection import check_recognizable
from nst.settings.engines import BLENDED_COLORS, PAINTED_COLORS, Colors, SharedSettings
from nst.settings.fields import is_number, plain, shown


class Interrupted(Exception):
    """Exception raised in the middle of an engine's step if a stop was requested; that step is lost."""


class Control:
    """Thread-safe handle to stop, pause, resume or change a run of an engine. Requests take effect between steps."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._stopped = False
        self._paused = False
        self._saving = False
        self._strength: float | None = None
        self._recognizable: float | None = None
        self._protects: bool | None = None  # True for a run with protection; None before begin()
        self._regions: dict[int, float] = {}
        self._count: int | None = None  # of the run's regions; None before the run
        self._colors: Colors | None = None
        self._color_amount: float | None = None
        self._possible: Collection[str] = PAINTED_COLORS

    def stop(self) -> None:
        """Stop the run: the engine yields a last, full-size snapshot, with a checkpoint if steps are left."""
        with self._lock:
            self._stopped = True
            self._lock.notify_all()

    def pause(self) -> None:
        """Pause the run before its next step."""
        with self._lock:
            self._paused = True

    def resume(self) -> None:
        """Resume a paused run."""
        with self._lock:
            self._paused = False
            self._lock.notify_all()

    def save(self) -> None:
        """Request a checkpoint. The engine yields a preview with a checkpoint after its next step."""
        with self._lock:
            self._saving = True

    def update(
        self,
        *,
        strength: float | None = None,
        recognizable: float | None = None,
        regions: Mapping[int, float] | None = None,
        colors: Colors | None = None,
        color_amount: float | None = None,
    ) -> None:
        """Change live settings of a run from its next step on; None keeps a value.

        `strength` is 0..100, and so is `recognizable`, for a run with a protection; `regions` maps indices of regions,
        from 0, to strengths, `colors` is "style", "photo" or "matched", and `color_amount` is 0..100 and applies only
        with "photo" or "matched". Raises SettingsError if a value is invalid; nothing is changed then. Region indices,
        protection and colors given before the run starts are checked at its start, by EngineControl.begin().
        """
        for asked in (*([] if strength is None else [strength]), *(regions or {}).values()):
            if not (is_number(plain(asked)) and 0 <= asked <= 100):
                raise SettingsError(f"strength must be between 0 and 100, received {shown(asked)}.")
        if recognizable is not None:
            check_recognizable(recognizable)
        with self._lock:
            if self._protects is not None:
                _check_protection(recognizable, self._protects)
            if self._count is not None:
                _check_numbers(regions or {}, self._count)
            _check_colors(colors, self._possible)
            if color_amount is not None:
                SharedSettings(colors=colors or BLENDED_COLORS[0], color_amount=color_amount)  # raises SettingsError
            self._strength = self._strength if strength is None else strength
            self._recognizable = self._recognizable if recognizable is None else recognizable
            self._regions.update(regions or {})
            self._colors = self._colors if colors is None else colors
            self._color_amount = self._color_amount if color_amount is None else color_amount

    @property
    def stopped(self) -> bool:
        """True after stop() was called."""
        with self._lock:
            return self._stopped


class EngineControl:
    """Interface of a Control for the engine, which reads the requests between its steps."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._lock = control._lock

    def begin(self, regions: int, colors: Collection[str], protects: bool = False) -> None:
        """Set which changes update() accepts during the run; call at the start of the run.

        `regions` is the number of regions, `colors` are the color modes that the run can switch to, and `protects` is
        True for a run with a protection. Raises SettingsError if an update() before the start used a region index of
        `regions` or more, another color mode, or `recognizable` without a protection.
        """
        with self._lock:
            _check_numbers(self._control._regions, regions)
            _check_colors(self._control._colors, colors)
            _check_protection(self._control._recognizable, protects)
            self._control._count, self._control._possible = regions, colors
            self._control._protects = protects

    def wait(self) -> bool:
        """Block while the run is paused. Returns False if stop() was called, else True."""
        with self._lock:
            self._lock.wait_for(lambda: self._control._stopped or not self._control._paused)
            return not self._control._stopped

    def saving(self) -> bool:
        """Return True if save() was called since the last call of this method."""
        with self._lock:
            asked, self._control._saving = self._control._saving, False
            return asked

    @property
    def strength(self) -> float | None:
        """Last strength passed to update(), 0..100, or None if there was none."""
        with self._lock:
            return self._control._strength

    @property
    def recognizable(self) -> float | None:
        """Recognizability requested during the run, or None."""
        with self._lock:
            return self._control._recognizable

    @property
    def regions(self) -> dict[int, float]:
        """Strengths of regions passed to update(), 0..100, by the region's index from 0."""
        with self._lock:
            return dict(self._control._regions)

    @property
    def colors(self) -> Colors | None:
        """Last color mode passed to update(), or None if there was none."""
        with self._lock:
            return self._control._colors

    @property
    def color_amount(self) -> float | None:
        """Last color amount passed to update(), 0..100, or None if there was none."""
        with self._lock:
            return self._control._color_amount


def _check_numbers(asked: Iterable[int], count: int) -> None:
    """Raise SettingsError if a region index in `asked` is not in 0..count-1."""
    for number in asked:
        if not 0 <= number < count:
            there = f"it has {count}, counted from 0" if count else "it has none"
            raise SettingsError(f"The run has no region number {number}: {there}. Leave this number out.")


def _check_protection(asked: float | None, protects: bool) -> None:
    """Raise SettingsError if a run without protection is asked to be more or less recognizable."""
    if asked is not None and not protects:
        raise SettingsError(
            f"The run has no protection, received recognizable={asked:g}. Start a new run with a protection."
        )


def _check_colors(asked: str | None, possible: Collection[str]) -> None:
    """Raise SettingsError if `asked`, a color mode or None, is neither None nor in `possible`."""
    if asked is not None and asked not in possible:
        raise SettingsError(
            f"During this run, colors can change to {', '.join(possible)}; received {asked!r}. For other colors, start "
            "a new run, without a color_style."
        )
