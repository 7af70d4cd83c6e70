"""Background job: one style-transfer run with its control, its progress and its checkpoint."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from nst.errors import NstError
from nst.jobs.autosave import Autosave
from nst.jobs.progress import Progress, State
from nst.jobs.store import JobRecord, Store
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from nst.system.memory import lacks_memory

Payload = TypeVar("Payload")  # the application's data of a job
Run = Callable[[Control, Checkpoint | None], Iterator[Snapshot]]  # starts a run, from a checkpoint if given

BUG = "An unexpected error occurred. Details are in the server's log. Please try again."
NO_MEMORY = "The server has too little free memory for this picture. Choose a smaller size, or try again later."

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class FinishedJob(Generic[Payload]):
    """Immutable copy of a job that has ended, with the attributes of Job needed to display its result."""

    token: str
    payload: Payload
    progress: Progress


class Job(Generic[Payload]):
    """Style-transfer run in the background, controlled through `control`.

    `run` starts the engine, `owner` is the id of the session that submitted the job, and `clock` returns seconds.
    `progress` is the current state, an immutable value. `token` is an unguessable identifier; every session that knows
    the token may view and control the job. `payload` is data of the application, unused here. `expected` is the
    forecast of the run time in seconds. The event `ended` is set once the job has ended; the event `rests` is set then,
    and also while the job is paused.
    """

    def __init__(
        self,
        run: Run,
        owner: str,
        clock: Callable[[], float],
        *,
        payload: Payload,
        expected: float | None = None,
        token: str | None = None,
    ) -> None:
        self.token = token or secrets.token_urlsafe(16)
        self.owner, self.payload, self.expected = owner, payload, expected  # `expected`: forecast of the run in seconds
        self.viewers = {owner}
        self.control = Control()
        self.ended, self.rests = threading.Event(), threading.Event()
        self._run, self._clock = run, clock
        self._lock = threading.Lock()
        self._progress = Progress()
        self._checkpoint: Checkpoint | None = None
        self._pausing = False
        self._stream: Iterator[Snapshot] | None = None  # the suspended run of a preempted job
        self._autosave: Autosave | None = None

    @property
    def progress(self) -> Progress:
        return self._progress

    @property
    def waiting(self) -> bool:
        """True if the job is queued, for its start or for its continuation."""
        return self._progress.state is State.QUEUED

    @property
    def pausing(self) -> bool:
        """True if a pause was requested and the run has not paused yet."""
        return self._pausing and self._progress.state is State.RUNNING

    @property
    def kept(self) -> bool:
        """True if the job is saved on disk and can be restored after a restart of the server."""
        return self._autosave is not None and self._autosave.works

    def remaining(self) -> float | None:
        """Return the estimated remaining seconds of work, or None if unknown.

        Waiting time in the queue is not included.
        """
        return self._progress.remaining(self._clock(), self.expected)

    def keep(self, store: Store, record: JobRecord, *, again: bool = False) -> None:
        """Save the inputs in `record` to `store` now, and the progress of the job from now on.

        `again` is True for a job loaded from disk: its inputs are not saved a second time.
        """
        self._autosave = Autosave(store, self.token, record, self._clock)
        if not again:
            self._autosave.begin()

    def describe(self, payload: Payload, plain: dict[str, Any]) -> None:
        """Replace the payload by `payload` and, if the job is saved on disk, the saved payload by `plain`.

        `plain` is the JSON-serializable form of `payload`.
        """
        self.payload = payload
        if self._autosave:
            self._autosave.describe(plain)

    def restore(self, progress: Progress, checkpoint: Checkpoint | None) -> None:
        """Set the progress and the checkpoint of a paused job loaded from disk.

        Call before other threads use the job.
        """
        assert progress.state is State.PAUSED
        self._progress, self._checkpoint = progress, checkpoint
        self.rests.set()

    def stop(self) -> None:
        """Stop the run at its next step. The latest snapshot becomes the result.

        A queued or paused job ends immediately.
        """
        with self._lock:
            self._pausing = False
            self.control.stop()
            last = self._progress.snapshot
        kept = last and replace(last, final=True)
        if self._change(State.QUEUED, State.STOPPED, snapshot=kept) or self._change(
            State.PAUSED, State.STOPPED, snapshot=kept
        ):
            self._save(self._progress, None)

    def pause(self, *, away: bool = False) -> None:
        """Pause the run at its next step, with a checkpoint to resume from, and free its worker thread.

        A queued job is paused immediately. If the last snapshot of the run has no checkpoint, the job ends as stopped
        instead. `away` marks a pause because no session views the job. No effect on a job that is paused, stopped or
        finished.
        """
        with self._lock:
            if self.control.stopped or self._progress.state.rests:
                return
            self._progress = replace(self._progress, away=away)
            if self._progress.state is State.RUNNING:
                self._pausing = True
                self.control.stop()
                return
        if self._change(State.QUEUED, State.PAUSED):
            self._save(self._progress, self._checkpoint)

    def wake(self) -> bool:
        """Change the state of a paused job to queued.

        Return True if the job was paused. The caller must queue the job.
        """
        away = self._progress.away
        woken = self._change(State.PAUSED, State.QUEUED, notice="", away=False)
        if woken and away:  # clears `away` on disk: a job that crashes the server must not resume by itself again
            self._save(self._progress, self._checkpoint)
        return woken

    def work(self, others_wait: Callable[[], bool] = lambda: False) -> None:
        """Run a queued job in the calling worker thread until it ends, is paused or is preempted.

        The job is preempted if `others_wait()` returns True after a preview. Its state is then queued, and the next
        call continues the same run.
        """
        if not self._change(State.QUEUED, State.RUNNING, started=self._clock(), seen=None):
            return
        control, resume, self._checkpoint = self.control, self._checkpoint, None
        try:
            stream, self._stream = self._stream or self._run(control, resume), None
            for snapshot in stream:
                self._advance(snapshot)
                if not snapshot.final and not control.stopped and others_wait():
                    self._stream = stream
                    self._change(State.RUNNING, State.QUEUED)
                    return
        except NstError as error:
            if error.snapshot is not None:
                self._advance(error.snapshot)
            self._finish(State.FAILED, error=str(error))
        except Exception as error:  # a bug must reach the log and the viewer, and must not end the worker
            logger.exception("A job failed")
            self._finish(State.FAILED, error=NO_MEMORY if lacks_memory(error) else BUG)
        else:
            self._finish(self._outcome(control))

    def _outcome(self, control: Control) -> State:
        last = self._progress.snapshot
        if not control.stopped or (last is not None and last.step == last.total):
            return State.DONE
        return State.PAUSED if self._pausing and (last is None or last.checkpoint) else State.STOPPED

    def _finish(self, state: State, **more: Any) -> None:
        last = self._progress.snapshot
        if state is State.PAUSED:
            self._checkpoint = last.checkpoint if last else None
            self.control = Control()  # receives commands during the pause, for the resumed run
        self._save(replace(self._progress, state=state, **more), self._checkpoint)
        self._change(State.RUNNING, state, **more)
        if state is State.PAUSED and self.control.stopped:  # stop() was called on the new control in between
            self.stop()

    def _advance(self, snapshot: Snapshot) -> None:
        checkpoint = None if snapshot.final else snapshot.checkpoint
        with self._lock:
            bare = replace(snapshot, checkpoint=None) if checkpoint else snapshot  # large, and saved to disk below
            self._progress = self._progress.after(bare, self._clock())
        if checkpoint:
            self._save(self._progress, checkpoint)
        elif self._autosave and self._autosave.due:
            self.control.save()

    def _save(self, progress: Progress, checkpoint: Checkpoint | None) -> None:
        if self._autosave:
            self._autosave.save(progress, checkpoint)

    def _change(self, expected: State, state: State, **more: Any) -> bool:
        """Set the state to `state` and further progress fields to `more`, atomically, if the state is `expected`.

        Return True if the state was changed.
        """
        with self._lock:
            if self._progress.state is not expected:
                return False
            if state.ended:
                more["finished"] = self._clock()
                self._stream = None
            if state is not State.RUNNING:
                self._pausing = False
            self._progress = replace(self._progress, state=state, **more)
        (self.rests.set if state.rests else self.rests.clear)()
        if state.ended:
            self.ended.set()
        return True
