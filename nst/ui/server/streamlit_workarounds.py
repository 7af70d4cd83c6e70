"""Workarounds for Streamlit and Keras in one process: a page that polls must not slow down a running engine."""

from __future__ import annotations

import gc
import sys
from functools import cache

from nst.engines.registry import load
from nst.settings.engines import Settings


def prepare_engine(settings: Settings) -> None:
    """Import the engine of a run and protect it from the page's polling. Call at the start of every run.

    Disables Keras' reset and freezes the garbage collector, which halves the time of a step.
    """
    load(settings)
    # TensorFlow imports Keras, and after each page run Streamlit resets an imported Keras (as of 1.67,
    # _clean_problem_modules() in streamlit/runtime/scriptrunner/script_runner.py). The reset runs the garbage collector
    # and clears TensorFlow's kernel cache during the job. This program creates no Keras model, so there is nothing to
    # reset. A test fails once the workaround is no longer needed.
    if keras := sys.modules.get("keras"):
        keras.backend.clear_session = lambda free_memory=True: None  # noqa: ARG005 (Keras' signature)
        _freeze()


@cache
def _freeze() -> None:
    """Exclude all present objects, mostly imported modules, from garbage collection, which Streamlit runs often.

    Only once, because garbage among later objects, such as the pictures of earlier runs, would never be freed. The
    garbage of today is freed first.
    """
    gc.collect()
    gc.freeze()
