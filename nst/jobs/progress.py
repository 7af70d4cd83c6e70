"""What a run in the background has come to, for whoever wants to know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from nst.run.snapshot import Snapshot


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"  # it takes no one's turn, and can be gone on with
    STOPPED = "stopped"  # on request, before its last step
    DONE = "done"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        return self in {State.STOPPED, State.DONE, State.FAILED}

    @property
    def rests(self) -> bool:
        """Whether nothing will happen by itself."""
        return self.ended or self is State.PAUSED


class Point(NamedTuple):
    """Weighted losses at a step."""

    step: int
    content: float
    style: float
    total: float


@dataclass(frozen=True)
class Progress:
    """What a job has come to; times are seconds of its manager's clock."""

    state: State = State.QUEUED
    snapshot: Snapshot | None = None  # the latest; after a failure the last good one
    revision: int = 0  # grows with each snapshot
    history: tuple[Point, ...] = ()
    error: str | None = None  # for people, of a failed job
    notice: str = ""  # for people: why it is paused, where nobody asked for that
    away: bool = False  # it is paused because nobody looked, and wants to go on as soon as somebody does
    started: float | None = None  # the last time that it was
    seen: float | None = None  # when the latest snapshot came
    finished: float | None = None

    def after(self, snapshot: Snapshot, now: float) -> Progress:
        """With one more snapshot."""
        losses = snapshot.losses
        # The last snapshot of a stopped run may repeat the step of the preview before it.
        history = tuple(point for point in self.history if point.step < snapshot.step)
        if losses is not None:
            history += (Point(snapshot.step, losses.content, losses.style, losses.total),)
        return replace(self, snapshot=snapshot, revision=self.revision + 1, history=history, seen=now)

    def remaining(self, now: float, expected: float | None) -> float | None:
        """Seconds of work that are left; `expected` are those of the whole run. None where that is not known."""
        latest = self.snapshot
        if self.state is State.RUNNING and self.seen is not None and latest and latest.step and not latest.final:
            return max(0.0, latest.remaining - (now - self.seen))
        if expected is None:
            return None
        done = latest.step / latest.total if latest else 0.0
        since = now - self.started if self.state is State.RUNNING and self.started is not None else 0.0
        return max(0.0, (1 - done) * expected - since)
