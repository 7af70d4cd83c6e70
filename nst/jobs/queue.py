"""The runs of a server: a short line of them, workers, and the way back to each.

A job is one run of an engine for one session. Workers take jobs in fair turns and keep, of each, the latest snapshot
only. Whoever wants to know looks at `Job.progress`, an immutable value that a worker replaces; nothing here knows who
looks, or how it is shown. A job that is paused gives its place to others, because it goes on from its checkpoint.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from nst.errors import Busy
from nst.jobs.job import BUG, Job, Run
from nst.jobs.limits import Limits
from nst.jobs.progress import Point, Progress, State
from nst.jobs.store import Kept, Record, Store
from nst.system import memory

__all__ = ["BUG", "Job", "Jobs", "Point", "Progress", "Run", "State"]

TIDY_EVERY = 600.0  # seconds between two looks at what is too old on disk
REST = 1.0  # seconds without a job until what the last one freed is given back; it would take some of it again

logger = logging.getLogger(__name__)


class Jobs:
    """All jobs of a server, as its limits allow.

    A session has one running at a time, and others wait in the order of arrival; where a session has several that
    wait, those of others come between them. A job that `is_alive` denies all viewers for the grace time leaves its
    place: where it is kept on disk it is paused and can be found again, else it is stopped and forgotten.
    With `in_turns` a job goes to the end of the line after each snapshot that is not its last, where others wait.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        store: Store | None = None,
        in_turns: bool = False,
        sweep_every: float = 5.0,
        is_alive: Callable[[str], bool] = lambda _: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits, self._store, self._in_turns = limits or Limits(), store, in_turns
        self._is_alive, self._clock = is_alive, clock
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._queue: list[Job] = []
        self._working: list[Job] = []  # what workers are at
        self._jobs: dict[str, Job] = {}  # by token
        self._gone: dict[str, float] = {}  # tokens of jobs that nobody looks at, and since when
        self._tidied: float | None = None
        for number in range(self._limits.running):
            threading.Thread(target=self._work, name=f"nst-worker-{number}", daemon=True).start()
        threading.Thread(target=self._sweep_on, args=(sweep_every,), name="nst-sweeper", daemon=True).start()

    def submit(
        self,
        session: str,
        run: Run,
        *,
        about: Any = None,
        record: Record | None = None,
        expected: float | None = None,
    ) -> Job:
        """Queue a run; where the session has as many as it may have, the oldest of them is stopped in its favor.

        With a `record` it is kept on disk. Raises Busy, and stops nothing, if all places are taken. What is over, and
        nobody else looks at, is forgotten: a session may ask for any number of pictures.
        """
        job = Job(run, session, self._clock, about=about, expected=expected)
        with self._changed:
            own = [each for each in self._jobs.values() if each.owner == session and not each.progress.state.ended]
            surplus = own[: max(0, len(own) + 1 - self._limits.per_session)]
            self._check_room(surplus)
            for each in surplus:
                each.stop()
            self._forget_what_is_over(session)
            if self._store is not None and record is not None:
                job.keep(self._store, record)
            self._jobs[job.token] = job
            self._line_up(job)
        return job

    def attach(self, session: str, token: str) -> Job | None:
        """The job of a token, which the session looks at from now on; None where it is not in memory."""
        with self._changed:
            job = self._jobs.get(token)
            if job is not None:
                self._welcome(session, job)
        return job

    def revive(self, session: str, token: str, run: Run, kept: Kept, *, about: Any, expected: float | None) -> Job:
        """A run that was found on disk: a job that is over, or paused."""
        assert self._store is not None
        job = Job(run, session, self._clock, about=about, expected=expected, token=token)
        job.keep(self._store, kept.record, again=True)
        job.stand(kept.progress, kept.checkpoint)
        with self._changed:
            job = self._jobs.setdefault(token, job)
            self._welcome(session, job)
        return job

    def resume(self, job: Job) -> Job:
        """Let a paused job wait for its turn again; the one that goes on, should there be another of its token.

        Raises Busy, and leaves it paused, if all places are taken.
        """
        with self._changed:
            job = self._jobs.setdefault(job.token, job)
            if job.progress.state is State.PAUSED:
                self._check_room([])
                job.wake()
                self._line_up(job)
        return job

    def __contains__(self, token: str) -> bool:
        with self._changed:
            return token in self._jobs

    def position(self, job: Job) -> int:
        """Place in the line: 1 is the next to begin, 0 does not wait."""
        with self._changed:
            line = [each for _, each in self._line()]
        return line.index(job) + 1 if job in line else 0

    def wait_of(self, job: Job) -> float | None:
        """Seconds until a waiting job will probably begin; None where that is not known."""
        with self._changed:
            line = [each for _, each in self._line()]
            before = [*self._working, *line[: line.index(job)]] if job in line else []
        free = [0.0] * self._limits.running  # seconds until each worker is; a heap
        for left in [each.remaining() for each in before]:
            if left is None:
                return None
            heapq.heapreplace(free, free[0] + left)
        return free[0]

    def wait_until_idle(self, timeout: float) -> None:
        """Return when none is worked on and none waits for its turn, when all is over, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed.is_set() or not (self._working or self._line()), timeout)

    def sweep(self) -> None:
        """Let the jobs leave their places that nobody has looked at for the grace time; clear away what is old."""
        with self._changed:
            jobs = list(self._jobs.values())
        unseen = [job for job in jobs if not any(map(self._is_alive, tuple(job.viewers)))]
        now = self._clock()
        with self._changed:
            self._gone = {job.token: self._gone.get(job.token, now) for job in unseen}
            for job in unseen:
                if now - self._gone[job.token] >= self._limits.grace:
                    self._leave(job)
        if self._store is not None and (self._tidied is None or now - self._tidied >= TIDY_EVERY):
            self._tidied = now
            self._store.tidy([job.token for job in jobs])

    def close(self) -> None:
        """Stop all jobs and let the threads end."""
        self._closed.set()
        with self._changed:
            for job in self._jobs.values():
                job.pause(away=True) if job.kept else job.stop()
            self._changed.notify_all()

    def _welcome(self, session: str, job: Job) -> None:
        job.viewers.add(session)
        if not self._is_alive(job.owner):
            job.owner = session

    def _forget_what_is_over(self, session: str) -> None:
        over = [job for job in self._jobs.values() if session in job.viewers and job.progress.state.ended]
        for job in over:
            if not any(map(self._is_alive, job.viewers - {session})):
                del self._jobs[job.token]

    def _leave(self, job: Job) -> None:
        if job.kept and not job.progress.state.rests:
            job.pause(away=True)
            return
        if not job.kept:
            job.stop()
        del self._jobs[job.token]

    def _check_room(self, leaving: list[Job]) -> None:
        waiting = [job for job in self._queue if job.waiting and job not in leaving]
        if len(waiting) >= self._limits.waiting:
            raise Busy(
                f"The studio is full: all {self._limits.waiting} places in the queue are taken. "
                "Please try again in a few minutes."
            )

    def _line_up(self, job: Job) -> None:
        self._queue = [each for each in self._queue if each.waiting and each is not job] + [job]
        self._changed.notify_all()

    def _line(self) -> list[tuple[int, Job]]:
        """Waiting jobs in the order of their turns, each with how many of its session's come before it."""
        before = Counter(job.owner for job in self._working)
        line = []
        for job in self._queue:
            if job.waiting:
                line.append((before[job.owner], job))
                before[job.owner] += 1
        return sorted(line, key=lambda each: each[0])  # else in order of arrival

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job.work(self._others_wait)
            with self._changed:
                self._working.remove(job)
                if job.waiting:
                    self._line_up(job)
                self._changed.notify_all()  # another of its session's may begin now
            del job  # or an idle worker would keep its last picture alive

    def _others_wait(self) -> bool:
        """Whether there is somebody to let go first, between two snapshots."""
        with self._changed:
            return self._in_turns and any(each.waiting for each in self._queue)

    def _next(self) -> Job | None:
        """The next job to work on, as soon as there is one; None when all is over."""
        with self._changed:
            called = self._changed.wait_for(self._called, REST)
        if not called:
            memory.give_back()  # without the lock: pages go on asking meanwhile
        with self._changed:
            self._changed.wait_for(self._called)
            if self._closed.is_set():
                return None
            _, job = self._line()[0]
            self._queue.remove(job)
            self._working.append(job)
            return job

    def _called(self) -> bool:
        """Whether a worker has something to do, if only to end."""
        line = self._line()
        return self._closed.is_set() or (bool(line) and line[0][0] == 0)

    def _sweep_on(self, every: float) -> None:
        while not self._closed.wait(every):
            try:
                self.sweep()
            except OSError as error:  # of the disk; the next time may be better
                logger.warning("Cannot tidy up: %s", error)
