"""One run in the background: what it was told, and what it has come to."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from nst.errors import NstError
from nst.jobs.autosave import Keeper
from nst.jobs.progress import Progress, State
from nst.jobs.store import Record, Store
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot

Run = Callable[[Control, Checkpoint | None], Iterator[Snapshot]]  # from the beginning, or from a checkpoint

BUG = "Something went wrong that should not have. It was noted in the server's log; please try again."

logger = logging.getLogger(__name__)


class Job:
    """One run: `control` steers it, `progress` tells what it has come to.

    Who knows its `token`, which cannot be guessed, may look at it and steer it. `about` is what whoever ordered it
    wants to know again. `ended` is set when it is over, `rests` also while it is paused.
    """

    def __init__(
        self,
        run: Run,
        owner: str,
        clock: Callable[[], float],
        *,
        about: Any = None,
        expected: float | None = None,
        token: str | None = None,
    ) -> None:
        self.token = token or secrets.token_urlsafe(16)
        self.owner, self.about, self.expected = owner, about, expected  # `expected` are seconds of the whole run
        self.viewers = {owner}
        self.control = Control()
        self.ended, self.rests = threading.Event(), threading.Event()
        self._run, self._clock = run, clock
        self._lock = threading.Lock()
        self._progress = Progress()
        self._checkpoint: Checkpoint | None = None
        self._pausing = False
        self._stream: Iterator[Snapshot] | None = None  # the run in its middle, while it waits for its next turn
        self._keeper: Keeper | None = None

    @property
    def progress(self) -> Progress:
        return self._progress

    @property
    def waiting(self) -> bool:
        """Whether it has yet to begin, or to go on."""
        return self._progress.state is State.QUEUED

    @property
    def pausing(self) -> bool:
        """Whether it is about to be paused."""
        return self._pausing and self._progress.state is State.RUNNING

    @property
    def kept(self) -> bool:
        """Whether it outlives this server."""
        return self._keeper is not None and self._keeper.works

    def remaining(self) -> float | None:
        """Seconds of work that are left; None where that is not known."""
        return self._progress.remaining(self._clock(), self.expected)

    def keep(self, store: Store, record: Record, *, again: bool = False) -> None:
        """Keep it on disk from now on, unless it is there already because it was found there `again`."""
        self._keeper = Keeper(store, self.token, record, self._clock)
        if not again:
            self._keeper.begin()

    def describe(self, about: Any, plain: dict[str, Any]) -> None:
        """Something else is to be known of it: `about`, or in the plain values that JSON knows, on disk."""
        self.about = about
        if self._keeper:
            self._keeper.describe(plain)

    def stand(self, progress: Progress, checkpoint: Checkpoint | None) -> None:
        """Take up a run that was found on disk; called before it is anybody's."""
        self._progress, self._checkpoint = progress, checkpoint
        self.rests.set()
        if progress.state.ended:
            self.ended.set()

    def stop(self) -> None:
        """End the run within its next step and keep what is there; one that waits or is paused is over at once."""
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
        """Let the run leave its place to others within its next step, such that it can go on from there.

        `away` says that it is because nobody looks at it.
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
        """Wait for a turn again, after a pause; whether there was one."""
        away = self._progress.away
        woken = self._change(State.PAUSED, State.QUEUED, notice="", away=False)
        if woken and away:  # should it take the server with it, it must not go on by itself once more
            self._save(self._progress, self._checkpoint)
        return woken

    def work(self, others_wait: Callable[[], bool] = lambda: False) -> None:
        """Run until it is over or paused, or `others_wait`, whom it lets go first; called by a worker."""
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
        except Exception:  # a bug must reach the log and the viewer, and must not end the worker
            logger.exception("A job failed")
            self._finish(State.FAILED, error=BUG)
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
            self.control = Control()  # what it is told from now on, it will hear when it goes on
        self._save(replace(self._progress, state=state, **more), self._checkpoint)
        self._change(State.RUNNING, state, **more)
        if state is State.PAUSED and self.control.stopped:  # somebody has asked for that meanwhile
            self.stop()

    def _advance(self, snapshot: Snapshot) -> None:
        checkpoint = None if snapshot.final else snapshot.checkpoint
        with self._lock:
            bare = replace(snapshot, checkpoint=None) if checkpoint else snapshot  # it is large, and on disk soon
            self._progress = self._progress.after(bare, self._clock())
        if checkpoint:
            self._save(self._progress, checkpoint)
        elif self._keeper and self._keeper.due:
            self.control.save()

    def _save(self, progress: Progress, checkpoint: Checkpoint | None) -> None:
        if self._keeper:
            self._keeper.save(progress, checkpoint)

    def _change(self, expected: State, state: State, **more: Any) -> bool:
        """Move from one state to another, once; whether it happened."""
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
