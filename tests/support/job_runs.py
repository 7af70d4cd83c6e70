"""Runs for jobs, made by hand: no engine, no pictures worth seeing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nst.jobs.job import Job
from nst.jobs.progress import State
from nst.jobs.store import JobRecord
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Losses, Snapshot
from nst.settings.engines import OptimizeSettings

PATIENCE = 10.0  # seconds after which a test that waits has failed
SETTINGS = OptimizeSettings(steps=3)
RECORD = JobRecord(SETTINGS, {"name": "harbor"}, {"photo": b"a photo"})


def snapshot(step: int, total: int = 3) -> Snapshot:
    losses = Losses(content=1.0 * step, style=10.0 / step, tv=0.5)
    return Snapshot(
        image=np.full((4, 6, 3), step, np.uint8),
        step=step,
        total=total,
        losses=losses,
        seconds=float(step),
        remaining=float(total - step),
        network="fake",
        working_size=(6, 4),
    )


def checkpoint(step: int) -> Checkpoint:
    return Checkpoint(SETTINGS, step, float(step), {"image": np.full((2, 3, 3), step / 3, np.float32)})


def stopped_at(step: int) -> Snapshot:
    """The last snapshot of a run that was stopped there."""
    return replace(snapshot(step), final=True, remaining=0.0, checkpoint=checkpoint(step))


def three(control: Control, resume: Checkpoint | None = None) -> Iterator[Snapshot]:
    yield from (snapshot(step) for step in (1, 2, 3))


class Gate:
    """A run of three steps that waits at the gate after the first one, unless it was stopped before and goes on."""

    def __init__(self, log: list[str] | None = None, name: str = "") -> None:
        self.began, self.opened = threading.Event(), threading.Event()
        self.controls: list[Control] = []
        self.resumed: list[Checkpoint | None] = []
        self._log, self._name = log, name

    def __call__(self, control: Control, resume: Checkpoint | None = None) -> Iterator[Snapshot]:
        self.controls.append(control)
        self.resumed.append(resume)
        if self._log is not None:
            self._log.append(self._name)
        if resume is not None:
            yield snapshot(3)
            return
        yield snapshot(1)
        self.began.set()
        while not control.stopped and not self.opened.wait(0.01):
            pass
        yield stopped_at(2) if control.stopped else snapshot(3)

    def wait(self) -> None:
        assert self.began.wait(PATIENCE)
        self.began.clear()


def finish(job: Job) -> State:
    assert job.ended.wait(PATIENCE)
    return job.progress.state


def rest(job: Job) -> State:
    assert job.rests.wait(PATIENCE)
    return job.progress.state
