"""Protection of a running engine from Streamlit, also in runs that begin before the warm-up."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from textwrap import dedent

import pytest
from streamlit.runtime.scriptrunner import script_runner

from nst.engines.variations import variants
from nst.run.control import Control
from nst.run.snapshot import Snapshot
from nst.settings.engines import FastSettings, OptimizeSettings
from nst.ui.actions import layer_experiment, start, variations
from nst.ui.server import streamlit_workarounds
from nst.ui.server.mask_finder import MaskFinder
from nst.ui.server.streamlit_workarounds import prepare_engine
from nst.ui.state.experiment import Question
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import Request, StyleMix
from nst.ui.state.run_handle import JobPayload
from tests.support import fake_engine
from tests.support.pictures import gradient

SETTINGS = OptimizeSettings(size=64, steps=2)
PHOTO, STYLE = (ImageChoice(name, name, name, gradient(64, 32)) for name in ("photo", "style"))
REQUEST = Request(PHOTO, StyleMix((STYLE,), (1.0,)), SETTINGS)
QUESTION = Question(PHOTO, STYLE, ("block1_conv1",), ("block2_conv1",))


@pytest.fixture
def emptied(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """One entry whenever the cache of TensorFlow's kernels is emptied; Keras' reset is its own."""
    import keras
    from tensorflow.python.eager import context

    found: list[bool] = []
    monkeypatch.setattr(keras.backend, "clear_session", keras.utils.clear_session)
    monkeypatch.setattr(context.Context, "clear_kernel_cache", lambda _: found.append(True))
    return found


def page_ran() -> None:
    """Do as Streamlit after each run of a page."""
    script_runner._clean_problem_modules()


def test_a_page_that_runs_resets_keras_unless_prevented(emptied: list[bool]) -> None:
    page_ran()
    assert emptied, "nothing empties the cache of kernels any more: the workaround can go"


def runs() -> dict[str, Iterator[Snapshot]]:
    looks = variants(REQUEST.settings)[:2]
    return {
        "run": start._run(JobPayload(REQUEST, ""), SETTINGS, MaskFinder(), Control(), None),
        "variations": variations._run(REQUEST, looks, {}, MaskFinder(), Control(), None),
        "layer experiment": layer_experiment._run(QUESTION, [("mine", SETTINGS)], {}, Control(), None),
    }


@pytest.mark.parametrize("kind", runs())
def test_every_run_is_protected_from_its_first_snapshot_on(
    kind: str, emptied: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_engine.install(monkeypatch)
    run = runs()[kind]
    next(run)
    page_ran()
    assert not emptied


def test_objects_are_frozen_once_and_without_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of earlier runs would stay in memory if a later run froze them."""
    import keras  # noqa: F401 (an engine would have imported it)

    fake_engine.install(monkeypatch)
    streamlit_workarounds._freeze.cache_clear()
    done: list[str] = []
    monkeypatch.setattr(gc, "collect", lambda: done.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    prepare_engine(SETTINGS)
    prepare_engine(FastSettings())
    assert done == ["collect", "freeze"]


def test_without_keras_there_is_nothing_to_protect(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_engine.install(monkeypatch)
    streamlit_workarounds._freeze.cache_clear()
    monkeypatch.delitem(streamlit_workarounds.sys.modules, "keras", raising=False)
    monkeypatch.setattr(gc, "freeze", lambda: pytest.fail("the engine's modules are not there yet"))
    prepare_engine(SETTINGS)


def test_altair_is_used_only_after_another_thread_has_imported_pandas() -> None:
    program = dedent(
        """
        import sys, threading, time
        from importlib.abc import Loader, MetaPathFinder
        from importlib.machinery import ModuleSpec
        from nst.ui.server.streamlit_workarounds import import_altair

        begun, complete = threading.Event(), threading.Event()

        class Slow(MetaPathFinder, Loader):
            def find_spec(self, name, path, target=None):
                return ModuleSpec(name, self) if name == "pandas" else None

            def exec_module(self, module):
                begun.set()
                time.sleep(0.5)
                complete.set()

        for name in [each for each in sys.modules if each.partition(".")[0] in {"pandas", "altair"}]:
            del sys.modules[name]
        sys.meta_path.insert(0, Slow())
        sys.modules["altair"] = object()
        threading.Thread(target=__import__, args=("pandas",)).start()
        assert begun.wait(20) and not complete.is_set()
        import_altair()
        assert complete.is_set()
        """
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
