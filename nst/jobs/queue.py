"""Job queue of a server: a bounded queue, worker threads, and lookup of jobs by token.

A job is one run of an engine for one session. Worker threads run the jobs in an order that is fair to all sessions, and
keep only the latest snapshot of each job. Viewers poll `Job.progress`, an immutable value that a worker replaces; this
module does not depend on the user interface. A paused job frees its worker, because it resumes from its checkpoint.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Generic

from nst.errors import Busy
from nst.jobs.job import BUG, Job, Payload, Run
from nst.jobs.limits import Limits
from nst.jobs.progress import Point, Progress, State
from nst.jobs.store import JobRecord, Store, StoredJob
from nst.system import memory

__all__ = ["BUG", "Job", "JobQueue", "Point", "Progress", "Run", "State"]

TIDY_EVERY = 600.0  # seconds between two cleanups of the disk
REST = 1.0  # idle seconds until freed memory is returned to the system; the next job would allocate some of it again

logger = logging.getLogger(__name__)


class JobQueue(Generic[Payload]):
    """All jobs of a server, queued and run within `limits`.

    At most one job of a session runs at a time. Queued jobs run in order of arrival, interleaved between sessions: the
    second job of a session follows the first jobs of all others.

    `is_alive` returns True if the session with a given id is connected. A job whose viewers have all been disconnected
    for the grace time is removed from memory: a job saved in `store` is paused first and can be restored from there,
    any other job is stopped. `sweep_every` is the interval of this check in seconds; `clock` returns seconds.

    With `in_turns`, jobs share the workers round-robin: if other jobs wait, a job moves to the end of the queue after
    each preview.
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
        self._queue: list[Job[Payload]] = []
        self._working: list[Job[Payload]] = []  # jobs on workers
        self._jobs: dict[str, Job[Payload]] = {}  # by token
        self._gone: dict[str, float] = {}  # by token of a job without viewers: time of the last one
        self._tidied: float | None = None
        for number in range(self._limits.running):
            threading.Thread(target=self._work, name=f"nst-worker-{number}", daemon=True).start()
        threading.Thread(target=self._sweep_forever, args=(sweep_every,), name="nst-sweeper", daemon=True).start()

    def submit(
        self,
        session: str,
        run: Run,
        *,
        payload: Payload,
        record: JobRecord | None = None,
        expected: float | None = None,
    ) -> Job[Payload]:
        """Queue `run`, which starts an engine, as a new job of the session, and return the job.

        `payload` is stored in the job for the application. `expected` is the forecast of the run time in seconds. If
        `record`, the inputs of the run, is given and the queue has a store, the job is saved on disk.

        If the session exceeds its limit of unfinished jobs, its oldest ones are stopped. Its finished jobs that no
        other connected session views are removed from memory. Raises Busy, and stops no job, if the queue is full.
        """
        job = Job(run, session, self._clock, payload=payload, expected=expected)
        with self._changed:
            own = [each for each in self._jobs.values() if each.owner == session and not each.progress.state.ended]
            surplus = own[: max(0, len(own) + 1 - self._limits.per_session)]
            self._check_room(surplus)
            for each in surplus:
                each.stop()
            self._forget_ended(session)
            if self._store is not None and record is not None:
                job.keep(self._store, record)
            self._jobs[job.token] = job
            self._line_up(job)
        return job

    def attach(self, session: str, token: str) -> Job[Payload] | None:
        """Add the session to the viewers of the job with this token and return the job.

        Return None if no job with this token is in memory.
        """
        with self._changed:
            job = self._jobs.get(token)
            if job is not None:
                self._welcome(session, job)
        return job

    def revive(
        self, session: str, token: str, run: Run, stored: StoredJob, *, payload: Payload, expected: float | None
    ) -> Job[Payload]:
        """Return a paused job for a run loaded from disk, with the session as a viewer.

        `stored` holds the saved inputs, progress and checkpoint; the other arguments are as in submit(). If a job with
        this token is in memory already, that job is returned instead.
        """
        assert self._store is not None
        job = Job(run, session, self._clock, payload=payload, expected=expected, token=token)
        job.keep(self._store, stored.record, again=True)
        job.restore(stored.progress, stored.checkpoint)
        with self._changed:
            job = self._jobs.setdefault(token, job)
            self._welcome(session, job)
        return job

    def resume(self, job: Job[Payload]) -> Job[Payload]:
        """Queue a paused job again and return it.

        If memory holds another job with the same token, that job is queued and returned instead. No effect on a job
        that is not paused. Raises Busy, and leaves the job paused, if the queue is full.
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

    def position(self, job: Job[Payload]) -> int:
        """Return the position of a job in the queue: 1 for the next job to start, 0 for a job that is not queued."""
        with self._changed:
            line = [each for _, each in self._line()]
        return line.index(job) + 1 if job in line else 0

    def wait_of(self, job: Job[Payload]) -> float | None:
        """Return the estimated seconds until a queued job starts, or None if unknown."""
        with self._changed:
            line = [each for _, each in self._line()]
            before = [*self._working, *line[: line.index(job)]] if job in line else []
        free = [0.0] * self._limits.running  # heap of the seconds until each worker is free
        for left in [each.remaining() for each in before]:
            if left is None:
                return None
            heapq.heapreplace(free, free[0] + left)
        return free[0]

    def wait_until_idle(self, timeout: float) -> None:
        """Block until no job is running or queued, the queue is closed, or `timeout` seconds have passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed.is_set() or not (self._working or self._line()), timeout)

    def sweep(self) -> None:
        """Pause or stop jobs whose viewers have all been disconnected for the grace time.

        Every TIDY_EVERY seconds, also delete expired jobs from the store on disk.
        """
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
        """Pause the jobs that are saved on disk, stop all others, and make the threads end."""
        self._closed.set()
        with self._changed:
            for job in self._jobs.values():
                job.pause(away=True) if job.kept else job.stop()
            self._changed.notify_all()

    def _welcome(self, session: str, job: Job[Payload]) -> None:
        job.viewers.add(session)
        if not self._is_alive(job.owner):
            job.owner = session

    def _forget_ended(self, session: str) -> None:
        ended = [job for job in self._jobs.values() if session in job.viewers and job.progress.state.ended]
        for job in ended:
            if not any(map(self._is_alive, job.viewers - {session})):
                del self._jobs[job.token]

    def _leave(self, job: Job[Payload]) -> None:
        if job.kept and not job.progress.state.rests:
            job.pause(away=True)
            return
        if not job.kept:
            job.stop()
        del self._jobs[job.token]

    def _check_room(self, leaving: list[Job[Payload]]) -> None:
        waiting = [job for job in self._queue if job.waiting and job not in leaving]
        if len(waiting) >= self._limits.waiting:
            raise Busy(
                f"The studio is busy: all {self._limits.waiting} places in the queue are taken. "
                "Please try again in a few minutes."
            )

    def _line_up(self, job: Job[Payload]) -> None:
        self._queue = [each for each in self._queue if each.waiting and each is not job] + [job]
        self._changed.notify_all()

    def _line(self) -> list[tuple[int, Job[Payload]]]:
        """Return (count, job) for each queued job, in execution order.

        `count` is the number of jobs of the same session ahead of this one, queued or on a worker.
        """
        before = Counter(job.owner for job in self._working)
        line = []
        for job in self._queue:
            if job.waiting:
                line.append((before[job.owner], job))
                before[job.owner] += 1
        return sorted(line, key=lambda each: each[0])  # stable: ties stay in order of arrival

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job.work(self._others_wait)
            with self._changed:
                self._working.remove(job)
                if job.waiting:
                    self._line_up(job)
                self._changed.notify_all()  # the session's next job may start now
            del job  # otherwise an idle worker would keep its last snapshot in memory

    def _others_wait(self) -> bool:
        """Return True if a running job must be preempted: `in_turns` is set and another job is queued."""
        with self._changed:
            return self._in_turns and any(each.waiting for each in self._queue)

    def _next(self) -> Job[Payload] | None:
        """Wait until a job can start, and move it from the queue to the running jobs.

        Return None if the queue is closed.
        """
        with self._changed:
            called = self._changed.wait_for(self._called, REST)
        if not called:
            memory.give_back()  # without the lock, so that sessions are not blocked
        with self._changed:
            self._changed.wait_for(self._called)
            if self._closed.is_set():
                return None
            _, job = self._line()[0]
            self._queue.remove(job)
            self._working.append(job)
            return job

    def _called(self) -> bool:
        """Return True if a worker must wake up: a job can start, or the queue is closed."""
        line = self._line()
        return self._closed.is_set() or (bool(line) and line[0][0] == 0)

    def _sweep_forever(self, every: float) -> None:
        while not self._closed.wait(every):
            try:
                self.sweep()
            except OSError as error:  # disk error; retried at the next sweep
                logger.warning("Cannot clean up: %s", error)
