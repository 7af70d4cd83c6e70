"""Runs in the background: a short queue, worker threads, and what each run has come to.

A job is one run of an engine for one session. Workers take jobs in order of arrival and keep, of each, the latest
snapshot only. Whoever wants to know looks at `Job.progress`, an immutable value that a worker replaces; nothing
here knows who looks, or how it is shown.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from nst.control import Control
from nst.errors import Busy, NstError
from nst.snapshot import Snapshot

Run = Callable[[Control], Iterator[Snapshot]]

BUG = "Something went wrong that should not have. It was noted in the server's log; please press Start again."

logger = logging.getLogger(__name__)


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    STOPPED = "stopped"  # on request, before its last step
    DONE = "done"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        return self in {State.STOPPED, State.DONE, State.FAILED}


class Point(NamedTuple):
    """Weighted losses at a step."""

    step: int
    content: float
    style: float
    total: float


@dataclass(frozen=True)
class Progress:
    """What a job has come to; times are seconds of the manager's clock."""

    state: State = State.QUEUED
    snapshot: Snapshot | None = None  # the latest; after a failure the last good one
    revision: int = 0  # grows with each snapshot
    history: tuple[Point, ...] = ()
    error: str | None = None  # for people, of a failed job
    started: float | None = None
    finished: float | None = None


class Job:
    """One run: `control` steers it, `progress` tells what it has come to, `ended` is set when it is over."""

    def __init__(self, run: Run, clock: Callable[[], float]) -> None:
        self.control = Control()
        self.ended = threading.Event()
        self._run: Run | None = run
        self._clock = clock
        self._lock = threading.Lock()
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        return self._progress

    @property
    def waiting(self) -> bool:
        """Whether it has yet to begin."""
        return self._progress.state is State.QUEUED

    def stop(self) -> None:
        """End the run within its next step and keep what is there; a waiting job never begins."""
        self.control.stop()
        self._change(State.QUEUED, State.STOPPED)

    def work(self) -> None:
        """Run to the end; called by a worker."""
        run = self._run
        if run is None or not self._change(State.QUEUED, State.RUNNING, started=self._clock()):
            return
        try:
            for snapshot in run(self.control):
                self._advance(snapshot)
        except NstError as error:
            if error.snapshot is not None:
                self._advance(error.snapshot)
            self._change(State.RUNNING, State.FAILED, error=str(error))
        except Exception:  # a bug must reach the log and the viewer, and must not end the worker
            logger.exception("A job failed")
            self._change(State.RUNNING, State.FAILED, error=BUG)
        else:
            self._change(State.RUNNING, State.STOPPED if self._cut_short() else State.DONE)

    def _cut_short(self) -> bool:
        last = self._progress.snapshot
        return self.control.stopped and (last is None or last.step < last.total)

    def _advance(self, snapshot: Snapshot) -> None:
        now, losses = self._progress, snapshot.losses
        # The last snapshot of a stopped run may repeat the step of the preview before it.
        history = tuple(point for point in now.history if point.step < snapshot.step)
        if losses is not None:
            history += (Point(snapshot.step, losses.content, losses.style, losses.total),)
        self._progress = replace(now, snapshot=snapshot, revision=now.revision + 1, history=history)

    def _change(self, expected: State, state: State, **more: Any) -> bool:
        """Move from one state to another, once; whether it happened."""
        with self._lock:
            if self._progress.state is not expected:
                return False
            if state.ended:
                more["finished"] = self._clock()
                self._run = None  # it holds the pictures that the run was made from
            self._progress = replace(self._progress, state=state, **more)
        if state.ended:
            self.ended.set()
        return True


class Jobs:
    """All jobs of a server: one a session, `workers` running at a time, at most `capacity` waiting.

    A session that `is_alive` denies for `grace` seconds loses its job, running or over.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        capacity: int = 8,
        grace: float = 25.0,
        sweep_every: float = 5.0,
        is_alive: Callable[[str], bool] = lambda _: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._capacity, self._grace = capacity, grace
        self._is_alive, self._clock = is_alive, clock
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._queue: list[Job] = []
        self._of: dict[str, Job] = {}
        self._gone: dict[str, float] = {}  # sessions that went away, and when it was noticed
        for number in range(workers):
            threading.Thread(target=self._work, name=f"nst-worker-{number}", daemon=True).start()
        threading.Thread(target=self._sweep_on, args=(sweep_every,), name="nst-sweeper", daemon=True).start()

    def submit(self, session: str, run: Run) -> Job:
        """Queue a run in place of the session's earlier job. Raises Busy, and leaves that job alone, if all is full."""
        with self._changed:
            earlier = self._of.get(session)
            waiting = [job for job in self._queue if job.waiting and job is not earlier]
            if len(waiting) >= self._capacity:
                raise Busy(
                    f"The studio is full: all {self._capacity} places in the queue are taken. "
                    "Please press Start again in a few minutes."
                )
            if earlier is not None:
                earlier.stop()
            job = self._of[session] = Job(run, self._clock)
            self._queue = [*waiting, job]
            self._changed.notify()
        return job

    def of(self, session: str) -> Job | None:
        """The session's job, running or over."""
        with self._changed:
            return self._of.get(session)

    def position(self, job: Job) -> int:
        """Place in the queue: 1 is the next to begin, 0 does not wait."""
        with self._changed:
            waiting = [queued for queued in self._queue if queued.waiting]
            return waiting.index(job) + 1 if job in waiting else 0

    def sweep(self) -> None:
        """Stop and forget the jobs of sessions that have been gone for the grace time."""
        with self._changed:
            sessions = list(self._of)
        gone = [session for session in sessions if not self._is_alive(session)]
        now = self._clock()
        with self._changed:
            self._gone = {session: self._gone.get(session, now) for session in gone}
            for session, since in self._gone.items():
                if now - since >= self._grace and session in self._of:
                    self._of.pop(session).stop()

    def close(self) -> None:
        """Stop all jobs and let the threads end."""
        self._closed.set()
        with self._changed:
            for job in [*self._queue, *self._of.values()]:
                job.stop()
            self._changed.notify_all()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job.work()
            del job  # or an idle worker would keep its last picture alive

    def _next(self) -> Job | None:
        """The next job to work on, as soon as there is one; None when all is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closed.is_set())
            return None if self._closed.is_set() else self._queue.pop(0)

    def _sweep_on(self, every: float) -> None:
        while not self._closed.wait(every):
            self.sweep()
