import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner import script_runner

import nst
from nst.errors import WeightsUnavailable
from nst.jobs.queue import JobQueue
from nst.models.weights import search
from nst.models.weights.download import Progress
from nst.models.weights.search import Status
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from nst.settings.engines import FastSettings, OptimizeSettings, Settings
from nst.ui.server import background
from nst.ui.server import resources as server
from nst.ui.server.background import FETCH_VARIABLE, Background
from tests.support import fake_engine

PATIENCE = 10.0


@pytest.fixture
def jobs() -> Iterator[JobQueue]:
    made = JobQueue()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def script(monkeypatch: pytest.MonkeyPatch, jobs: JobQueue) -> fake_engine.Script:
    monkeypatch.delenv(FETCH_VARIABLE, raising=False)
    monkeypatch.setattr(background, "HEAD_START", 0.0)
    monkeypatch.setattr(server, "jobs", lambda: jobs)
    monkeypatch.setattr(server, "instant_jobs", lambda: jobs)
    return fake_engine.install(monkeypatch)


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Settings that the machine was measured for, in place of the measuring."""
    asked: list[Settings] = []
    monkeypatch.setattr(nst, "forecast", lambda settings, *_: asked.append(settings))
    return asked


def test_the_machine_is_measured_for_both_engines(
    script: fake_engine.Script, measured: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert script
    monkeypatch.setenv(FETCH_VARIABLE, "0")
    Background().begin()
    wait("nst-warm-up")
    assert [type(settings) for settings in measured] == [OptimizeSettings, FastSettings]


class Download:
    """Stands in for weights.fetch(): half-way it waits to be let on, then it succeeds or fails."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: WeightsUnavailable | None = None) -> None:
        self.halfway, self.go = threading.Event(), threading.Event()
        self._error = error
        monkeypatch.setattr(search, "fetch", self)
        monkeypatch.setattr(search, "status", lambda: Status((), "lite", "They are not here."))

    def __call__(self, progress: Progress) -> Path:
        progress(40, 80)
        self.halfway.set()
        assert self.go.wait(PATIENCE)
        if self._error:
            raise self._error
        return Path("weights.h5")


def wait(name: str) -> None:
    """Until the thread of that name has ended."""
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(PATIENCE)
            assert not thread.is_alive()


def test_both_engines_are_warmed_up_with_a_tiny_picture_the_instant_one_first(
    script: fake_engine.Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FETCH_VARIABLE, "0")
    work = Background()
    work.begin()
    assert script.closed.wait(PATIENCE)
    wait("nst-warm-up")
    assert work.warm
    instant, classic = script.calls[0]["settings"], script.calls[-1]["settings"]
    assert isinstance(instant, FastSettings) and isinstance(classic, OptimizeSettings)
    assert (instant.size, classic.size, classic.steps) == (64, 64, 2)


def test_the_first_page_has_the_machine_for_itself(script: fake_engine.Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "HEAD_START", 3600.0)
    download = Download(monkeypatch)
    Background().begin()
    assert not download.halfway.wait(0.2) and not script.calls
    begun = [thread for thread in threading.enumerate() if thread.name in {"nst-warm-up", "nst-fetch"}]
    assert len(begun) == 2
    for thread in begun:
        assert isinstance(thread, threading.Timer) and thread.interval == 3600.0
        thread.cancel()


def somebody_paints(jobs: JobQueue) -> threading.Event:
    """Until the event that is returned is set."""
    painted = threading.Event()

    def run(control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
        assert painted.wait(PATIENCE)
        yield from ()

    jobs.submit("somebody", run, payload=None)
    return painted


def test_a_picture_that_is_being_painted_goes_first(
    script: fake_engine.Script, measured: list[Settings], monkeypatch: pytest.MonkeyPatch, jobs: JobQueue
) -> None:
    monkeypatch.setenv(FETCH_VARIABLE, "0")
    painted = somebody_paints(jobs)
    work = Background()
    work.begin()
    time.sleep(0.2)
    assert not script.closed.is_set() and not measured
    painted.set()
    wait("nst-warm-up")
    assert work.warm and measured


def test_warm_up_continues_on_a_busy_server(monkeypatch: pytest.MonkeyPatch, jobs: JobQueue) -> None:
    monkeypatch.setenv(FETCH_VARIABLE, "0")
    monkeypatch.setattr(background, "PATIENCE", 0.05)
    painted = somebody_paints(jobs)
    work = Background()
    work.begin()
    wait("nst-warm-up")
    assert work.warm
    painted.set()


def test_streamlit_cannot_reset_keras_under_a_running_job(monkeypatch: pytest.MonkeyPatch) -> None:
    import keras
    from tensorflow.python.eager import context

    emptied: list[bool] = []
    # Keras' own, which an earlier Background may have replaced; and so that it is put back.
    monkeypatch.setattr(keras.backend, "clear_session", keras.utils.clear_session)
    monkeypatch.setattr(context.Context, "clear_kernel_cache", lambda _: emptied.append(True))
    script_runner._clean_problem_modules()  # what Streamlit calls after each run of a page
    assert emptied, "nothing empties the cache of kernels any more: Background need not see to it"
    emptied.clear()
    monkeypatch.setenv(FETCH_VARIABLE, "0")
    Background().begin()
    wait("nst-warm-up")
    script_runner._clean_problem_modules()
    assert not emptied


def test_the_page_is_told_how_far_the_weights_are_and_that_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    download = Download(monkeypatch)
    work = Background()
    work.begin()
    assert download.halfway.wait(PATIENCE)
    assert work.fetching and not work.arrived
    assert work.note.endswith("50%.")
    download.go.set()
    wait("nst-fetch")
    assert work.arrived and not work.fetching
    assert "is ready" in work.note


def test_without_a_network_the_page_goes_on_and_says_so_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    download = Download(monkeypatch, WeightsUnavailable("There is no network."))
    work = Background()
    work.begin()
    download.go.set()
    wait("nst-fetch")
    assert not work.arrived and not work.fetching
    assert "built-in network is used" in work.note


def test_weights_that_are_here_are_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    download = Download(monkeypatch)
    monkeypatch.setattr(search, "status", lambda: Status((), "vgg19", "They are here."))
    work = Background()
    work.begin()
    wait("nst-fetch")
    assert not download.halfway.is_set()
    assert work.note == "" and not work.fetching


def test_a_setting_turns_the_download_off(monkeypatch: pytest.MonkeyPatch) -> None:
    download = Download(monkeypatch)
    monkeypatch.setenv(FETCH_VARIABLE, "0")
    work = Background()
    work.begin()
    wait("nst-warm-up")
    assert not work.fetching
    assert not download.halfway.is_set()
