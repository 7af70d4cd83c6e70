"""The page with the fake engine behind it."""

import gc
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nst.models.weights import search
from nst.system import cache_folder
from nst.ui.actions import start as orders
from nst.ui.server import mask_finder
from nst.ui.server import resources as server
from nst.ui.server.background import FETCH_VARIABLE, Background
from tests.support import fake_engine
from tests.support.fake_mask_finder import Sights
from tests.support.studio_page import APP, PATIENCE, entry, finish, start


@pytest.fixture(scope="module", autouse=True)
def little_to_collect() -> None:
    """Exclude objects of other tests, such as TensorFlow, from the garbage collection after each run of the page."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def no_reset_of_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disable Streamlit's reset of Keras, if another test imported it, as prepare_engine() does: it takes a second."""
    if keras := sys.modules.get("keras"):
        monkeypatch.setattr(keras.backend, "clear_session", lambda: None)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, sights: Sights, tmp_path: Path) -> Iterator[fake_engine.Script]:
    """A server of its own with the fake engine, which waits before its third step."""
    fake_engine.install(monkeypatch, fake_engine.Script(hold_before=3))
    monkeypatch.setenv(cache_folder.FOLDER_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(Background, "begin", lambda self: None)
    monkeypatch.setenv(FETCH_VARIABLE, "0")
    monkeypatch.setattr(orders, "INSTANT_PATIENCE", PATIENCE)  # a busy machine is slow, not wrong
    monkeypatch.setattr(search, "candidates", lambda weights_file=None: ())  # no VGG19 on this machine
    st.cache_resource.clear()
    yield fake_engine.script
    fake_engine.script.release()
    for queue in (server.jobs(), server.instant_jobs()):
        queue.close()
    for worker in [each for each in threading.enumerate() if each.name.startswith("nst-worker")]:
        worker.join(PATIENCE)  # a job that goes on would take the engine of the next test
        assert not worker.is_alive()
    mask_finder.mask_finder().close()
    st.cache_resource.clear()


@pytest.fixture
def sights(monkeypatch: pytest.MonkeyPatch) -> Sights:
    """Fake mask finder, which finds nothing unless configured by a test."""
    seen = Sights()
    monkeypatch.setattr(mask_finder, "_look", seen.look)
    return seen


@pytest.fixture
def page(script: fake_engine.Script) -> AppTest:
    """The page with all its settings: **Advanced** is open."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.session_state["advanced"] = True
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def painted(page: AppTest, script: fake_engine.Script) -> AppTest:
    """The page with a finished picture of 70 steps."""
    script.hold_before = None
    entry(page, "quality").set_value("draft").run()
    start(page)
    finish(page)
    return page
