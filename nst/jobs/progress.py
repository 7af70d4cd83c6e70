"""State and progress of a job, as immutable values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from nst.run.snapshot import Snapshot


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"  # occupies no worker and can be resumed
    STOPPED = "stopped"  # on request, before the last step
    DONE = "done"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        return self in {State.STOPPED, State.DONE, State.FAILED}

    @property
    def rests(self) -> bool:
        """True if the state changes only on a command: the job has ended or is paused."""
        return self.ended or self is State.PAUSED


class Point(NamedTuple):
    """Losses at one step, each multiplied by its weight; `total` is the complete objective."""

    step: int
    content: float
    style: float
    total: float


@dataclass(frozen=True)
class Progress:
    """Progress of a job. Times are in seconds, read from the clock of the job queue."""

    state: State = State.QUEUED
    snapshot: Snapshot | None = None  # latest snapshot; after a failure the last valid one
    revision: int = 0  # incremented with each snapshot
    history: tuple[Point, ...] = ()
    error: str | None = None  # message for users if the job failed
    notice: str = ""  # message for users: reason of a pause without a request
    away: bool = False  # True if paused for lack of viewers, to be resumed when a viewer returns
    started: float | None = None  # time of the latest start on a worker
    seen: float | None = None  # time of the latest snapshot since then
    finished: float | None = None

    def after(self, snapshot: Snapshot, now: float) -> Progress:
        """Return a copy with a new latest snapshot, and with its losses added to the history.

        `now` is the current time.
        """
        losses = snapshot.losses
        # The last snapshot of a stopped run may repeat the step of the preview before it.
        history = tuple(point for point in self.history if point.step < snapshot.step)
        if losses is not None:
            history += (Point(snapshot.step, losses.content, losses.style, losses.total),)
        return replace(self, snapshot=snapshot, revision=self.revision + 1, history=history, seen=now)

    def remaining(self, now: float, expected: float | None) -> float | None:
        """Return the estimated remaining seconds of work, or None if unknown.

        `now` is the current time, `expected` the forecast of the whole run in seconds. In a running job, the estimate
        comes from the latest snapshot after step 0. Before that snapshot, and in a job that is not running, the
        estimate is computed from `expected`.
        """
        latest = self.snapshot
        if self.state is State.RUNNING and self.seen is not None and latest and latest.step and not latest.final:
            return max(0.0, latest.remaining - (now - self.seen))
        if expected is None:
            return None
        done = latest.step / latest.total if latest else 0.0
        since = now - self.started if self.state is State.RUNNING and self.started is not None else 0.0
        return max(0.0, (1 - done) * expected - since)
