import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nst.errors import Diverged, FileError, SettingsError
from nst.jobs.job import BUG, NO_MEMORY, Job, Run
from nst.jobs.progress import Point, Progress, State
from nst.jobs.store import Store
from nst.run.control import Control, EngineControl
from nst.run.snapshot import Checkpoint, Snapshot
from tests.support.job_runs import RECORD, Gate, checkpoint, finish, rest, snapshot, stopped_at, three


def at_work(run: Run) -> Job:
    """A job, and a worker that works on it at once."""
    job = Job(run, "ann", lambda: 0.0, payload=None)
    work(job)
    return job


def work(job: Job) -> None:
    threading.Thread(target=job.work, daemon=True).start()


def test_a_job_runs_to_its_end_and_keeps_the_latest_snapshot_and_the_losses() -> None:
    job = at_work(three)
    assert finish(job) is State.DONE
    progress = job.progress
    assert progress.snapshot is not None and progress.snapshot.step == 3
    assert progress.revision == 3
    assert progress.history == (Point(1, 1.0, 10.0, 11.5), Point(2, 2.0, 5.0, 7.5), Point(3, 3.0, 10 / 3, 10 / 3 + 3.5))
    assert progress.error is None
    assert progress.started is not None and progress.finished is not None and progress.started <= progress.finished


def test_a_token_cannot_be_guessed() -> None:
    tokens = {Job(three, "ann", lambda: 0.0, payload=None).token for _ in range(50)}
    assert len(tokens) == 50 and all(len(token) >= 22 for token in tokens)  # 128 bits in base 64


def test_stop_keeps_what_is_there() -> None:
    gate = Gate()
    job = at_work(gate)
    gate.wait()
    job.stop()
    assert finish(job) is State.STOPPED
    assert job.progress.snapshot is not None and job.progress.snapshot.step == 2


def test_a_stop_or_a_pause_that_comes_after_the_last_step_changes_nothing() -> None:
    job = at_work(three)
    assert finish(job) is State.DONE
    job.stop()
    job.pause()
    assert job.progress.state is State.DONE


def test_a_paused_job_goes_on_from_its_checkpoint() -> None:
    gate = Gate()
    job = at_work(gate)
    gate.wait()
    job.pause()
    assert job.pausing
    assert rest(job) is State.PAUSED and not job.ended.is_set() and not job.pausing
    assert job.progress.snapshot is not None and job.progress.snapshot.step == 2
    assert job.wake() and not job.rests.is_set()
    work(job)
    assert finish(job) is State.DONE
    assert [each and each.step for each in gate.resumed] == [None, 2]
    assert [point.step for point in job.progress.history] == [1, 2, 3]


def test_a_job_is_woken_once() -> None:
    job = Job(three, "ann", lambda: 0.0, payload=None)
    assert not job.wake()
    job.pause()
    assert job.wake() and not job.wake()


def test_changes_during_a_pause_apply_on_resume() -> None:
    gate = Gate()
    job = at_work(gate)
    gate.wait()
    job.pause()
    rest(job)
    job.control.update(strength=12)
    job.wake()
    work(job)
    finish(job)
    assert [EngineControl(control).strength for control in gate.controls] == [None, 12]


def test_a_pause_within_the_last_step_is_the_end() -> None:
    def run(control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
        yield snapshot(1)
        job.pause()
        yield replace(snapshot(3), final=True)

    job = Job(run, "ann", lambda: 0.0, payload=None)
    job.work()
    assert job.progress.state is State.DONE


def test_a_stop_after_a_pause_is_a_stop() -> None:
    gate = Gate()
    job = at_work(gate)
    gate.wait()
    with gate.controls[0]._lock:  # nothing is heard of the pause before the stop
        job._pausing = True
    job.stop()
    assert finish(job) is State.STOPPED


def test_a_paused_job_that_is_stopped_is_over_at_once_with_its_picture_as_the_result() -> None:
    gate = Gate()
    job = at_work(gate)
    gate.wait()
    job.pause()
    rest(job)
    job.stop()
    assert job.progress.state is State.STOPPED and job.ended.is_set()
    assert job.progress.snapshot is not None and job.progress.snapshot.final
    assert not job.wake()


def test_a_run_that_ends_early_by_itself_is_done() -> None:
    def run(control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
        yield stopped_at(2)

    job = Job(run, "ann", lambda: 0.0, payload=None)
    job.work()
    assert job.progress.state is State.DONE


def test_the_last_snapshot_of_a_stopped_run_does_not_double_a_point() -> None:
    def run(control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
        yield from (snapshot(1), snapshot(2), snapshot(2))

    job = at_work(run)
    finish(job)
    assert [point.step for point in job.progress.history] == [1, 2]
    assert job.progress.revision == 3


def test_a_message_for_people_is_handed_over_verbatim() -> None:
    def run(control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
        raise SettingsError("steps must be at least 1, received 0.")

    job = at_work(run)
    assert finish(job) is State.FAILED
    assert job.progress.error == "steps must be at least 1, received 0."


def test_a_bug_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    def run(control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
        yield snapshot(1)
        raise RuntimeError("secret detail")

    job = Job(run, "ann", lambda: 0.0, payload=None)
    with caplog.at_level(logging.ERROR):
        job.work()
    assert job.progress.state is State.FAILED and job.progress.error == BUG
    assert job.progress.snapshot is not None and job.progress.snapshot.step == 1
    assert caplog.records[0].exc_info is not None and "secret detail" in caplog.text


@pytest.mark.parametrize("error", [MemoryError(), OSError("[Errno 12] Cannot allocate memory"), RuntimeError("bug")])
def test_a_lack_of_memory_is_told_plainly(error: Exception) -> None:
    def run(control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
        yield snapshot(1)
        raise error  # for example where weights are read

    job = Job(run, "ann", lambda: 0.0)
    job.work()
    assert job.progress.state is State.FAILED
    assert job.progress.error == (BUG if isinstance(error, RuntimeError) else NO_MEMORY)


def test_a_diverged_run_keeps_its_last_good_snapshot() -> None:
    good = snapshot(2)

    def run(control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
        yield snapshot(1)
        raise Diverged("The picture fell apart. Lower the learning rate.", good)

    job = at_work(run)
    assert finish(job) is State.FAILED
    assert job.progress.snapshot is good
    assert job.progress.error == "The picture fell apart. Lower the learning rate."


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path, hours=1, megabytes=10)


def test_a_checkpoint_is_asked_for_every_few_seconds_and_kept(store: Store) -> None:
    clock, asked = Clock(), []

    def run(control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
        for seconds in (1, 6, 7, 8):
            clock.now = seconds
            saving = EngineControl(control).saving()
            asked.append(saving)
            yield replace(snapshot(1, 9), checkpoint=checkpoint(1)) if saving else snapshot(1, 9)
        kept = store.read(job.token)
        assert kept is not None and kept.progress.state is State.PAUSED  # so it would be after the server's death
        assert kept.checkpoint is not None and kept.checkpoint.step == 1
        np.testing.assert_array_equal(kept.checkpoint.arrays["image"], checkpoint(1).arrays["image"])
        assert job.progress.snapshot is not None and job.progress.snapshot.checkpoint is None  # it is large

    job = Job(run, "ann", clock, payload=None)
    job.keep(store, RECORD)
    job.work()
    assert job.progress.error is None
    assert asked == [False, False, True, False]  # after six seconds, and then not for another five


def test_a_paused_job_is_on_disk_with_all_that_it_takes_to_go_on(store: Store) -> None:
    gate = Gate()
    job = Job(gate, "ann", lambda: 0.0, payload=None)
    job.keep(store, RECORD)
    work(job)
    gate.wait()
    job.pause(away=True)
    rest(job)
    kept = store.read(job.token)
    assert kept is not None and kept.record == RECORD
    assert kept.progress.state is State.PAUSED and kept.progress.away
    assert kept.checkpoint is not None and kept.checkpoint.step == 2 and kept.checkpoint.settings == RECORD.settings
    assert [point.step for point in kept.progress.history] == [1, 2]
    again = Gate()
    found = Job(again, "bob", lambda: 0.0, payload=None, token=job.token)
    found.restore(kept.progress, kept.checkpoint)
    assert found.rests.is_set() and not found.ended.is_set()
    found.wake()
    assert not found.progress.away
    work(found)
    assert finish(found) is State.DONE
    assert again.resumed[0] is kept.checkpoint


def test_a_result_is_on_disk_too(store: Store) -> None:
    job = Job(three, "ann", lambda: 0.0, payload=None)
    job.keep(store, RECORD)
    job.work()
    kept = store.read(job.token)
    assert kept is not None and kept.progress.state is State.DONE and kept.checkpoint is None
    assert kept.progress.snapshot is not None and kept.progress.snapshot.step == 3


def test_a_stop_while_the_pause_is_being_kept_is_a_stop(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate()
    job = Job(gate, "ann", lambda: 0.0, payload=None)
    job.keep(store, RECORD)
    save = Store.save

    def stopping(self: Store, token: str, progress: Progress, *more: Any) -> None:
        save(self, token, progress, *more)
        if progress.state is State.PAUSED:
            job.stop()

    monkeypatch.setattr(Store, "save", stopping)
    work(job)
    gate.wait()
    job.pause()
    assert finish(job) is State.STOPPED


def test_a_waiting_job_that_is_paused_because_nobody_looks_goes_on_by_itself_even_from_disk(store: Store) -> None:
    job = Job(three, "ann", lambda: 0.0, payload=None)
    job.keep(store, RECORD)
    job.pause(away=True)
    kept = store.read(job.token)
    assert kept is not None and kept.progress.state is State.PAUSED and kept.progress.away and not kept.progress.notice


def test_a_run_that_takes_the_server_with_it_does_not_go_on_by_itself_again(store: Store) -> None:
    job = Job(three, "ann", lambda: 0.0, payload=None)
    job.keep(store, RECORD)
    job.pause(away=True)
    job.wake()
    kept = store.read(job.token)
    assert kept is not None and kept.progress.state is State.PAUSED and not kept.progress.away


def test_a_paused_job_that_is_stopped_is_over_on_disk_as_well(store: Store) -> None:
    job = Job(three, "ann", lambda: 0.0, payload=None)
    job.keep(store, RECORD)
    job.pause()
    job.stop()
    kept = store.read(job.token)
    assert kept is not None and kept.progress.state is State.STOPPED


def test_a_full_disk_does_not_harm_the_run(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise FileError("Cannot write: no space left on device.")

    job = Job(three, "ann", lambda: 0.0, payload=None)
    job.keep(store, RECORD)
    assert job.kept
    monkeypatch.setattr(store, "save", refuse)
    job.work()
    assert job.progress.state is State.DONE
    assert not job.kept
    assert "no space left" in caplog.text


def test_what_is_to_be_known_again_can_change(store: Store) -> None:
    job = Job(three, "ann", lambda: 0.0, payload="old")
    job.keep(store, RECORD)
    job.describe("new", {"name": "bay"})
    kept = store.read(job.token)
    assert job.payload == "new"
    assert kept is not None and kept.record == replace(RECORD, payload={"name": "bay"})


def test_a_waiting_job_that_is_paused_keeps_its_picture() -> None:
    gate = Gate()
    job = at_work(gate)
    gate.wait()
    job.pause()
    rest(job)
    job.wake()
    job.pause()
    assert job.progress.state is State.PAUSED and job.progress.snapshot is not None
    job.wake()
    work(job)
    assert finish(job) is State.DONE
    assert [each and each.step for each in gate.resumed] == [None, 2]
