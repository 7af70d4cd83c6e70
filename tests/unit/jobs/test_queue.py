import gc
import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nst.errors import Busy
from nst.jobs.limits import Limits
from nst.jobs.queue import JobQueue, State
from nst.jobs.store import Store
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from tests.support.job_runs import PATIENCE, RECORD, Gate, finish, rest, snapshot, three


@pytest.fixture
def jobs() -> Iterator[JobQueue]:
    manager = JobQueue(sweep_every=3600)
    yield manager
    manager.close()


def test_jobs_run_one_at_a_time_in_order_of_arrival(jobs: JobQueue) -> None:
    log: list[str] = []
    gates = {name: Gate(log, name) for name in ("ann", "bob", "cleo")}
    queued = {name: jobs.submit(name, gate, payload=None) for name, gate in gates.items()}
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


def test_join_waits_for_queued_jobs_too(jobs: JobQueue) -> None:
    jobs.wait_until_idle(PATIENCE)
    gates, idle = [Gate(), Gate()], threading.Event()
    for number, gate in enumerate(gates):
        jobs.submit(f"session {number}", gate, payload=None)
    threading.Thread(target=lambda: (jobs.wait_until_idle(PATIENCE), idle.set())).start()
    jobs.wait_until_idle(0.01)  # has enough of it
    for gate in gates:
        gate.wait()
        assert not idle.wait(0.05)
        gate.opened.set()
    assert idle.wait(PATIENCE)


def test_a_worker_that_rests_gives_memory_back_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given = threading.Semaphore(0)
    monkeypatch.setattr("nst.jobs.queue.REST", 0.01)
    monkeypatch.setattr("nst.system.memory.give_back", given.release)
    jobs = JobQueue(sweep_every=3600)
    for _ in range(2):  # before the first job, and after it
        assert given.acquire(timeout=PATIENCE)
        assert not given.acquire(timeout=0.1)
        assert finish(jobs.submit("ann", three, payload=None)) is State.DONE
    jobs.close()


def test_as_many_run_at_once_as_there_are_workers() -> None:
    jobs = JobQueue(Limits(running=2), sweep_every=3600)
    gates = [Gate(), Gate()]
    for number, gate in enumerate(gates):
        jobs.submit(f"session {number}", gate, payload=None)
    for gate in gates:
        gate.wait()
    jobs.close()


def test_a_new_job_replaces_the_running_one_of_its_session(jobs: JobQueue) -> None:
    gate = Gate()
    first = jobs.submit("ann", gate, payload=None)
    gate.wait()
    second = jobs.submit("ann", three, payload=None)
    assert second.token in jobs
    assert finish(first) is State.STOPPED
    assert finish(second) is State.DONE


def test_a_new_job_replaces_the_waiting_one_and_goes_to_the_end_of_the_queue() -> None:
    jobs = JobQueue(Limits(waiting=2), sweep_every=3600)
    gate, log = Gate(), list[str]()
    jobs.submit("ann", gate, payload=None)
    gate.wait()
    first, other = (
        jobs.submit("bob", Gate(log, "bob 1"), payload=None),
        jobs.submit("cleo", Gate(log, "cleo"), payload=None),
    )
    second = jobs.submit("bob", Gate(log, "bob 2"), payload=None)
    assert finish(first) is State.STOPPED
    assert [jobs.position(job) for job in (first, other, second)] == [0, 1, 2]
    assert log == []
    jobs.close()


def test_a_full_queue_refuses_in_plain_words_and_leaves_the_earlier_job_alone() -> None:
    jobs = JobQueue(Limits(waiting=1), sweep_every=3600)
    gate = Gate()
    running = jobs.submit("ann", gate, payload=None)
    gate.wait()
    jobs.submit("bob", three, payload=None)
    with pytest.raises(Busy, match=r"all 1 places.*try again"):
        jobs.submit("ann", three, payload=None)
    assert running.token in jobs and running.progress.state is State.RUNNING
    jobs.close()


def test_a_waiting_job_that_is_stopped_never_begins(jobs: JobQueue) -> None:
    gate, log = Gate(), list[str]()
    jobs.submit("ann", gate, payload=None)
    gate.wait()
    waiting = jobs.submit("bob", Gate(log, "bob"), payload=None)
    waiting.stop()
    assert finish(waiting) is State.STOPPED
    assert jobs.position(waiting) == 0
    gate.opened.set()
    assert finish(jobs.submit("cleo", three, payload=None)) is State.DONE
    assert log == []


class Sessions:
    """Which sessions are there, and what time it is."""

    def __init__(self, store: Store | None = None) -> None:
        self.alive = {"ann", "bob"}
        self.now = 100.0
        there = self.alive.__contains__
        self.jobs = JobQueue(Limits(grace=20), store=store, sweep_every=3600, is_alive=there, clock=lambda: self.now)

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
    job = sessions.jobs.submit("ann", gate, payload=None)
    gate.wait()
    sessions.alive.remove("ann")
    sessions.sweep_at(105)
    sessions.sweep_at(124)
    assert not job.control.stopped
    sessions.sweep_at(125)
    assert finish(job) is State.STOPPED
    assert job.token not in sessions.jobs


def test_a_session_that_comes_back_in_time_keeps_its_job(sessions: Sessions) -> None:
    gate = Gate()
    job = sessions.jobs.submit("ann", gate, payload=None)
    gate.wait()
    sessions.alive.remove("ann")
    sessions.sweep_at(105)
    sessions.alive.add("ann")
    sessions.sweep_at(115)
    sessions.alive.remove("ann")
    sessions.sweep_at(126)  # away for 21 seconds in all, but not at a stretch
    assert not job.control.stopped
    assert job.token in sessions.jobs


def test_finished_jobs_are_forgotten_once_their_session_is_gone(sessions: Sessions) -> None:
    gone, kept = sessions.jobs.submit("ann", three, payload=None), sessions.jobs.submit("bob", three, payload=None)
    finish(gone)
    finish(kept)
    sessions.alive.remove("ann")
    sessions.sweep_at(105)
    sessions.sweep_at(130)
    assert gone.token not in sessions.jobs
    assert kept.token in sessions.jobs


def test_finished_job_makes_room_for_the_next_of_its_session(sessions: Sessions) -> None:
    first, looked_at, other = (sessions.jobs.submit(name, three, payload=None) for name in ("ann", "ann", "bob"))
    for job in (first, looked_at, other):
        finish(job)
    sessions.jobs.attach("bob", looked_at.token)
    gate = Gate()
    running = sessions.jobs.submit("ann", gate, payload=None)
    gate.wait()
    assert [job.token in sessions.jobs for job in (first, looked_at, other, running)] == [False, True, True, True]
    sessions.alive.remove("bob")
    sessions.jobs.submit("ann", three, payload=None)
    assert looked_at.token not in sessions.jobs
    assert other.token in sessions.jobs  # for the grace time
    assert running.token in sessions.jobs


def test_sessions_are_swept_without_being_asked() -> None:
    asked = threading.Event()

    def is_alive(session: str) -> bool:
        asked.set()
        return True

    jobs = JobQueue(sweep_every=0.01, is_alive=is_alive)
    finish(jobs.submit("ann", three, payload=None))
    assert asked.wait(PATIENCE)
    jobs.close()


def test_close_stops_what_runs_and_what_waits() -> None:
    jobs = JobQueue(sweep_every=3600)
    gate = Gate()
    running, waiting = jobs.submit("ann", gate, payload=None), jobs.submit("bob", three, payload=None)
    gate.wait()
    jobs.close()
    assert finish(running) is State.STOPPED
    assert finish(waiting) is State.STOPPED


def test_the_worker_lives_on_after_a_bug(jobs: JobQueue) -> None:
    def run(control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
        raise RuntimeError("secret detail")

    assert finish(jobs.submit("ann", run, payload=None)) is State.FAILED
    assert finish(jobs.submit("bob", three, payload=None)) is State.DONE


def test_a_paused_job_gives_its_place_to_others_and_waits_for_its_turn_again(jobs: JobQueue) -> None:
    log: list[str] = []
    ann, bob = Gate(log, "ann"), Gate(log, "bob")
    first = jobs.submit("ann", ann, payload=None)
    ann.wait()
    second = jobs.submit("bob", bob, payload=None)
    first.pause()
    bob.wait()
    assert rest(first) is State.PAUSED and jobs.position(first) == 0
    assert jobs.resume(first) is first
    assert jobs.position(first) == 1 and first.waiting
    bob.opened.set()
    assert finish(second) is State.DONE
    assert finish(first) is State.DONE
    assert log == ["ann", "bob", "ann"]


def test_a_full_queue_leaves_a_paused_job_paused(jobs: JobQueue) -> None:
    jobs = JobQueue(Limits(waiting=1), sweep_every=3600)
    gate, other = Gate(), Gate()
    job = jobs.submit("ann", gate, payload=None)
    gate.wait()
    job.pause()
    rest(job)
    jobs.submit("bob", other, payload=None)
    other.wait()
    jobs.submit("cleo", three, payload=None)
    with pytest.raises(Busy):
        jobs.resume(job)
    assert job.progress.state is State.PAUSED
    jobs.close()


def test_of_several_jobs_of_a_session_one_runs_and_others_come_between() -> None:
    jobs = JobQueue(Limits(running=2, per_session=3), sweep_every=3600)
    log: list[str] = []
    names = ("ann 1", "ann 2", "ann 3", "bob 1", "cleo 1")
    gates = {name: Gate(log, name) for name in names}
    queued = {"ann 1": jobs.submit("ann", gates["ann 1"], payload=None)}
    gates["ann 1"].wait()
    queued["bob 1"] = jobs.submit("bob", gates["bob 1"], payload=None)
    gates["bob 1"].wait()
    for name in ("ann 2", "ann 3", "cleo 1"):
        queued[name] = jobs.submit(name.split()[0], gates[name], payload=None)
    assert [jobs.position(queued[name]) for name in ("cleo 1", "ann 2", "ann 3")] == [1, 2, 3]
    gates["bob 1"].opened.set()
    gates["cleo 1"].wait()
    gates["cleo 1"].opened.set()
    finish(queued["cleo 1"])
    assert queued["ann 2"].waiting  # a worker is free, but ann has one running
    gates["ann 1"].opened.set()
    gates["ann 2"].wait()
    for gate in gates.values():
        gate.opened.set()
    assert {finish(job) for job in queued.values()} == {State.DONE}
    assert log == ["ann 1", "bob 1", "cleo 1", "ann 2", "ann 3"]
    jobs.close()


def test_a_session_s_oldest_job_gives_way_where_it_has_too_many() -> None:
    jobs = JobQueue(Limits(per_session=2), sweep_every=3600)
    gate = Gate()
    first = jobs.submit("ann", gate, payload=None)
    gate.wait()
    second = jobs.submit("ann", three, payload=None)
    assert not first.control.stopped
    third = jobs.submit("ann", three, payload=None)
    assert finish(first) is State.STOPPED
    assert [finish(job) for job in (second, third)] == [State.DONE] * 2
    jobs.close()


class Looks:
    """A run of so many pictures, the last of which is final; the first one waits at the gate."""

    def __init__(self, log: list[str], name: str, count: int) -> None:
        self.began, self.opened, self.closed = threading.Event(), threading.Event(), threading.Event()
        self._log, self._name, self._count = log, name, count

    def __call__(self, control: Control, resume: Checkpoint | None = None) -> Iterator[Snapshot]:
        try:
            for number in range(1, self._count + 1):
                self._log.append(f"{self._name} {number}")
                self.began.set()
                assert self.opened.wait(PATIENCE)
                yield replace(snapshot(number, self._count), final=number == self._count)
        finally:
            self.closed.set()


@pytest.fixture
def taking_turns() -> Iterator[JobQueue]:
    manager = JobQueue(in_turns=True, sweep_every=3600)
    yield manager
    manager.close()


def test_taking_turns_others_come_between_two_snapshots(taking_turns: JobQueue) -> None:
    log: list[str] = []
    ann, bob, cleo = Looks(log, "ann", 3), Looks(log, "bob", 1), Looks(log, "cleo", 2)
    many = taking_turns.submit("ann", ann, payload=None)
    assert ann.began.wait(PATIENCE)
    others = [taking_turns.submit("bob", bob, payload=None), taking_turns.submit("cleo", cleo, payload=None)]
    ann.opened.set()
    assert bob.began.wait(PATIENCE)
    assert many.waiting and taking_turns.position(many) == 2
    bob.opened.set()
    cleo.opened.set()
    assert [finish(job) for job in (many, *others)] == [State.DONE] * 3
    assert log == ["ann 1", "bob 1", "cleo 1", "ann 2", "cleo 2", "ann 3"]
    assert many.progress.revision == 3


def test_one_that_waits_for_its_next_turn_can_be_stopped(taking_turns: JobQueue) -> None:
    log: list[str] = []
    ann, bob = Looks(log, "ann", 3), Looks(log, "bob", 1)
    many = taking_turns.submit("ann", ann, payload=None)
    assert ann.began.wait(PATIENCE)
    other = taking_turns.submit("bob", bob, payload=None)
    ann.opened.set()
    assert bob.began.wait(PATIENCE)
    many.stop()
    assert finish(many) is State.STOPPED and many.progress.snapshot is not None
    assert ann.closed.wait(PATIENCE)  # it holds no memory until then
    bob.opened.set()
    assert finish(other) is State.DONE
    assert finish(taking_turns.submit("cleo", three, payload=None)) is State.DONE
    assert log == ["ann 1", "bob 1"]


def test_without_turns_a_job_is_finished_before_the_next_begins(jobs: JobQueue) -> None:
    log: list[str] = []
    ann, bob = Looks(log, "ann", 2), Looks(log, "bob", 1)
    jobs.submit("ann", ann, payload=None)
    assert ann.began.wait(PATIENCE)
    other = jobs.submit("bob", bob, payload=None)
    ann.opened.set()
    bob.opened.set()
    finish(other)
    assert log == ["ann 1", "ann 2", "bob 1"]


def test_the_wait_is_the_rest_of_what_runs_and_all_that_comes_before() -> None:
    now = [0.0]
    jobs = JobQueue(sweep_every=3600, clock=lambda: now[0])
    gate = Gate()
    running = jobs.submit("ann", gate, expected=10, payload=None)
    gate.wait()  # its snapshot says that two seconds are left
    bob = jobs.submit("bob", three, expected=30, payload=None)
    cleo = jobs.submit("cleo", three, payload=None)
    dave = jobs.submit("dave", three, payload=None)
    assert [jobs.wait_of(job) for job in (running, bob, cleo)] == [0, 2, 32]
    assert jobs.wait_of(dave) is None  # nobody knows how long cleo's takes
    now[0] = 1.5
    assert jobs.wait_of(bob) == 0.5
    now[0] = 60.0
    assert jobs.wait_of(bob) == 0
    jobs.close()


def test_with_two_workers_the_wait_is_for_the_one_that_is_free_first() -> None:
    jobs = JobQueue(Limits(running=2), sweep_every=3600, clock=lambda: 0.0)
    gates = [Gate(), Gate()]
    for number, gate in enumerate(gates):
        jobs.submit(f"session {number}", gate, payload=None)
        gate.wait()  # two seconds are left of each
    waits = [jobs.wait_of(jobs.submit(name, three, expected=5, payload=None)) for name in ("ann", "bob", "cleo")]
    assert waits == [2, 2, 7]
    jobs.close()


def test_a_job_can_be_found_by_its_token_from_another_session(sessions: Sessions) -> None:
    gate = Gate()
    job = sessions.jobs.submit("ann", gate, payload=None)
    gate.wait()
    assert sessions.jobs.attach("bob", job.token) is job
    assert sessions.jobs.attach("bob", "something else") is None
    assert job.token in sessions.jobs and "something else" not in sessions.jobs
    assert job.viewers == {"ann", "bob"}
    sessions.alive.remove("ann")
    sessions.sweep_at(200)
    sessions.sweep_at(300)
    assert not job.control.stopped  # bob looks at it
    sessions.alive.remove("bob")
    sessions.sweep_at(400)
    sessions.sweep_at(420)
    assert finish(job) is State.STOPPED


def test_found_job_of_a_closed_session_changes_owner(sessions: Sessions) -> None:
    gate = Gate()
    job = sessions.jobs.submit("ann", gate, payload=None)
    gate.wait()
    sessions.jobs.attach("bob", job.token)
    assert job.owner == "ann"
    sessions.alive.remove("ann")
    sessions.jobs.attach("bob", job.token)
    assert job.owner == "bob"
    sessions.jobs.submit("bob", three, payload=None)
    assert finish(job) is State.STOPPED  # a session has one


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path, hours=1, megabytes=10)


@pytest.fixture
def kept(store: Store) -> Iterator[Sessions]:
    made = Sessions(store)
    yield made
    made.jobs.close()


def test_a_kept_job_that_nobody_looks_at_is_paused_and_found_again(kept: Sessions, store: Store) -> None:
    gate = Gate()
    job = kept.jobs.submit("ann", gate, payload="harbor", record=RECORD)
    gate.wait()
    kept.alive.clear()
    kept.sweep_at(105)
    kept.sweep_at(125)
    assert rest(job) is State.PAUSED and job.progress.away
    assert kept.jobs.attach("bob", job.token) is job  # in time
    kept.sweep_at(130)
    assert job.token not in kept.jobs and job.token in store
    assert kept.jobs.attach("bob", job.token) is None  # it is on disk only
    found = store.read(job.token)
    assert found is not None and found.progress.away
    again = kept.jobs.revive("bob", job.token, three, found, payload="harbor", expected=None)
    assert again.token == job.token and again.progress.state is State.PAUSED and again.kept
    assert kept.jobs.resume(again) is again
    assert finish(again) is State.DONE
    assert kept.jobs.resume(job) is again  # a page that still has the old one


def test_a_kept_job_that_waits_while_nobody_looks_leaves_the_line(kept: Sessions) -> None:
    gate = Gate()
    kept.jobs.submit("ann", gate, payload=None)
    gate.wait()
    waiting = kept.jobs.submit("bob", three, record=RECORD, payload=None)
    kept.alive.remove("bob")
    kept.sweep_at(105)
    kept.sweep_at(125)
    assert waiting.progress.state is State.PAUSED and waiting.progress.away
    assert kept.jobs.position(waiting) == 0


def test_a_server_that_ends_in_good_order_pauses_what_is_kept(kept: Sessions, store: Store) -> None:
    gate = Gate()
    job = kept.jobs.submit("ann", gate, record=RECORD, payload=None)
    gate.wait()
    kept.jobs.close()
    assert rest(job) is State.PAUSED
    found = store.read(job.token)
    assert found is not None and found.checkpoint is not None and found.progress.away


def test_a_refused_job_leaves_nothing_on_disk(store: Store, tmp_path: Path) -> None:
    jobs = JobQueue(Limits(waiting=1), store=store, sweep_every=3600)
    gate = Gate()
    jobs.submit("ann", gate, payload=None)
    gate.wait()
    jobs.submit("bob", three, payload=None)
    with pytest.raises(Busy):
        jobs.submit("cleo", three, record=RECORD, payload=None)
    assert list(tmp_path.iterdir()) == []
    jobs.close()


def test_a_job_that_is_forgotten_lets_go_of_its_inputs(sessions: Sessions) -> None:
    class Inputs:
        pass

    inputs = Inputs()
    seen = weakref.ref(inputs)

    def run(control: Control, resume: Checkpoint | None, held: Inputs = inputs) -> Iterator[Snapshot]:
        yield snapshot(3)

    job = sessions.jobs.submit("ann", run, payload=None)
    finish(job)
    sessions.alive.remove("ann")
    sessions.sweep_at(105)
    sessions.sweep_at(125)
    assert (
        finish(sessions.jobs.submit("bob", three, payload=None)) is State.DONE
    )  # the worker has left ann's job behind
    del run, inputs, job
    gc.collect()
    assert seen() is None


def test_the_disk_is_tidied_but_for_what_is_in_use(kept: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(Store, "tidy", lambda self, busy: asked.append(list(busy)))
    job = kept.jobs.submit("ann", three, record=RECORD, payload=None)
    for now in (100, 105, 699, 700):
        kept.sweep_at(now)
    assert asked == [[job.token]] * 2
