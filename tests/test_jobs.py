import logging
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from nst.control import Control
from nst.errors import Busy, Diverged, SettingsError
from nst.jobs import BUG, Job, Jobs, Point, State
from nst.snapshot import Losses, Snapshot

PATIENCE = 10.0  # seconds after which a test that waits has failed


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


def three(control: Control) -> Iterator[Snapshot]:
    yield from (snapshot(step) for step in (1, 2, 3))


class Gate:
    """A run that shows one snapshot, waits at the gate, and then goes on to its end or stops."""

    def __init__(self, log: list[str] | None = None, name: str = "") -> None:
        self.began, self.opened = threading.Event(), threading.Event()
        self.control: Control | None = None
        self._log, self._name = log, name

    def __call__(self, control: Control) -> Iterator[Snapshot]:
        self.control = control
        if self._log is not None:
            self._log.append(self._name)
        yield snapshot(1)
        self.began.set()
        while not control.stopped and not self.opened.wait(0.01):
            pass
        yield snapshot(2 if control.stopped else 3)

    def wait(self) -> None:
        assert self.began.wait(PATIENCE)


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    manager = Jobs(sweep_every=3600)
    yield manager
    manager.close()


def finish(job: Job) -> State:
    assert job.ended.wait(PATIENCE)
    return job.progress.state


def test_a_job_runs_to_its_end_and_keeps_the_latest_snapshot_and_the_losses(jobs: Jobs) -> None:
    job = jobs.submit("ann", three)
    assert finish(job) is State.DONE
    progress = job.progress
    assert progress.snapshot is not None and progress.snapshot.step == 3
    assert progress.revision == 3
    assert progress.history == (Point(1, 1.0, 10.0, 11.5), Point(2, 2.0, 5.0, 7.5), Point(3, 3.0, 10 / 3, 10 / 3 + 3.5))
    assert progress.error is None
    assert progress.started is not None and progress.finished is not None and progress.started <= progress.finished


def test_jobs_run_one_at_a_time_in_order_of_arrival(jobs: Jobs) -> None:
    log: list[str] = []
    gates = {name: Gate(log, name) for name in ("ann", "bob", "cleo")}
    queued = {name: jobs.submit(name, gate) for name, gate in gates.items()}
    gates["ann"].wait()
    assert [jobs.position(queued[name]) for name in gates] == [0, 1, 2]
    assert [queued[name].progress.state for name in gates] == [State.RUNNING, State.QUEUED, State.QUEUED]
    gates["ann"].opened.set()
    gates["bob"].wait()
    assert log == ["ann", "bob"]
    assert jobs.position(queued["cleo"]) == 1
    gates["bob"].opened.set()
    gates["cleo"].opened.set()
    assert [finish(job) for job in queued.values()] == [State.DONE] * 3
    assert log == ["ann", "bob", "cleo"]


def test_as_many_run_at_once_as_there_are_workers() -> None:
    jobs = Jobs(workers=2, sweep_every=3600)
    gates = [Gate(), Gate()]
    for number, gate in enumerate(gates):
        jobs.submit(f"session {number}", gate)
    for gate in gates:
        gate.wait()
    jobs.close()


def test_a_new_job_replaces_the_running_one_of_its_session(jobs: Jobs) -> None:
    gate = Gate()
    first = jobs.submit("ann", gate)
    gate.wait()
    second = jobs.submit("ann", three)
    assert jobs.of("ann") is second
    assert finish(first) is State.STOPPED
    assert finish(second) is State.DONE


def test_a_new_job_replaces_the_waiting_one_and_goes_to_the_end_of_the_queue() -> None:
    jobs = Jobs(capacity=2, sweep_every=3600)
    gate, log = Gate(), list[str]()
    jobs.submit("ann", gate)
    gate.wait()
    first, other = jobs.submit("bob", Gate(log, "bob 1")), jobs.submit("cleo", Gate(log, "cleo"))
    second = jobs.submit("bob", Gate(log, "bob 2"))
    assert finish(first) is State.STOPPED
    assert [jobs.position(job) for job in (first, other, second)] == [0, 1, 2]
    assert log == []
    jobs.close()


def test_a_full_queue_refuses_in_plain_words_and_leaves_the_earlier_job_alone() -> None:
    jobs = Jobs(capacity=1, sweep_every=3600)
    gate = Gate()
    running = jobs.submit("ann", gate)
    gate.wait()
    jobs.submit("bob", three)
    with pytest.raises(Busy, match=r"all 1 places.*press Start again"):
        jobs.submit("ann", three)
    assert jobs.of("ann") is running and running.progress.state is State.RUNNING
    assert jobs.of("cleo") is None
    jobs.close()


def test_stop_keeps_what_is_there(jobs: Jobs) -> None:
    gate = Gate()
    job = jobs.submit("ann", gate)
    gate.wait()
    job.stop()
    assert finish(job) is State.STOPPED
    assert job.progress.snapshot is not None and job.progress.snapshot.step == 2


def test_a_stop_that_comes_after_the_last_step_changes_nothing(jobs: Jobs) -> None:
    job = jobs.submit("ann", three)
    assert finish(job) is State.DONE
    job.stop()
    assert job.progress.state is State.DONE


def test_a_waiting_job_that_is_stopped_never_begins(jobs: Jobs) -> None:
    gate, log = Gate(), list[str]()
    jobs.submit("ann", gate)
    gate.wait()
    waiting = jobs.submit("bob", Gate(log, "bob"))
    waiting.stop()
    assert finish(waiting) is State.STOPPED
    assert jobs.position(waiting) == 0
    gate.opened.set()
    assert finish(jobs.submit("cleo", three)) is State.DONE
    assert log == []


def test_the_last_snapshot_of_a_stopped_run_does_not_double_a_point(jobs: Jobs) -> None:
    def run(control: Control) -> Iterator[Snapshot]:
        yield from (snapshot(1), snapshot(2), snapshot(2))

    job = jobs.submit("ann", run)
    finish(job)
    assert [point.step for point in job.progress.history] == [1, 2]
    assert job.progress.revision == 3


def test_a_message_for_people_is_handed_over_verbatim(jobs: Jobs) -> None:
    def run(control: Control) -> Iterator[Snapshot]:
        raise SettingsError("steps must be at least 1, received 0.")

    job = jobs.submit("ann", run)
    assert finish(job) is State.FAILED
    assert job.progress.error == "steps must be at least 1, received 0."


def test_a_bug_is_logged_with_its_traceback_and_the_worker_lives_on(
    jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    def run(control: Control) -> Iterator[Snapshot]:
        yield snapshot(1)
        raise RuntimeError("secret detail")

    with caplog.at_level(logging.ERROR):
        job = jobs.submit("ann", run)
        assert finish(job) is State.FAILED
    assert job.progress.error == BUG
    assert job.progress.snapshot is not None and job.progress.snapshot.step == 1
    assert caplog.records[0].exc_info is not None and "secret detail" in caplog.text
    assert finish(jobs.submit("ann", three)) is State.DONE


def test_a_diverged_run_keeps_its_last_good_snapshot(jobs: Jobs) -> None:
    good = snapshot(2)

    def run(control: Control) -> Iterator[Snapshot]:
        yield snapshot(1)
        raise Diverged("The picture fell apart. Lower the learning rate.", good)

    job = jobs.submit("ann", run)
    assert finish(job) is State.FAILED
    assert job.progress.snapshot is good
    assert job.progress.error == "The picture fell apart. Lower the learning rate."


def test_a_job_lets_go_of_its_inputs_when_it_is_over(jobs: Jobs) -> None:
    class Inputs:
        pass

    import gc
    import weakref

    inputs = Inputs()
    seen = weakref.ref(inputs)

    def run(control: Control, held: Inputs = inputs) -> Iterator[Snapshot]:
        yield snapshot(3)

    job = jobs.submit("ann", run)
    finish(job)
    assert finish(jobs.submit("bob", three)) is State.DONE  # the worker has left ann's job behind
    del run, inputs
    gc.collect()
    assert seen() is None
    assert job.progress.snapshot is not None


class Sessions:
    """Which sessions are there, and what time it is."""

    def __init__(self) -> None:
        self.alive = {"ann", "bob"}
        self.now = 100.0
        self.jobs = Jobs(grace=20, sweep_every=3600, is_alive=self.alive.__contains__, clock=lambda: self.now)

    def sweep_at(self, now: float) -> None:
        self.now = now
        self.jobs.sweep()


@pytest.fixture
def sessions() -> Iterator[Sessions]:
    made = Sessions()
    yield made
    made.jobs.close()


def test_a_session_that_stays_away_loses_its_job_after_the_grace_time(sessions: Sessions) -> None:
    gate = Gate()
    job = sessions.jobs.submit("ann", gate)
    gate.wait()
    sessions.alive.remove("ann")
    sessions.sweep_at(105)
    sessions.sweep_at(124)
    assert not job.control.stopped
    sessions.sweep_at(125)
    assert finish(job) is State.STOPPED
    assert sessions.jobs.of("ann") is None


def test_a_session_that_comes_back_in_time_keeps_its_job(sessions: Sessions) -> None:
    gate = Gate()
    job = sessions.jobs.submit("ann", gate)
    gate.wait()
    sessions.alive.remove("ann")
    sessions.sweep_at(105)
    sessions.alive.add("ann")
    sessions.sweep_at(115)
    sessions.alive.remove("ann")
    sessions.sweep_at(126)  # away for 21 seconds in all, but not at a stretch
    assert not job.control.stopped
    assert sessions.jobs.of("ann") is job


def test_finished_jobs_are_forgotten_once_their_session_is_gone(sessions: Sessions) -> None:
    finish(sessions.jobs.submit("ann", three))
    kept = sessions.jobs.submit("bob", three)
    finish(kept)
    sessions.alive.remove("ann")
    sessions.sweep_at(105)
    sessions.sweep_at(130)
    assert sessions.jobs.of("ann") is None
    assert sessions.jobs.of("bob") is kept


def test_sessions_are_swept_without_being_asked() -> None:
    asked = threading.Event()

    def is_alive(session: str) -> bool:
        asked.set()
        return True

    jobs = Jobs(sweep_every=0.01, is_alive=is_alive)
    finish(jobs.submit("ann", three))
    assert asked.wait(PATIENCE)
    jobs.close()


def test_close_stops_what_runs_and_what_waits() -> None:
    jobs = Jobs(sweep_every=3600)
    gate = Gate()
    running, waiting = jobs.submit("ann", gate), jobs.submit("bob", three)
    gate.wait()
    jobs.close()
    assert finish(running) is State.STOPPED
    assert finish(waiting) is State.STOPPED
