"""Workarounds for Streamlit, Keras and Altair that are not tied to one element of the page.

A page that polls must not slow down a running engine in the same process, and uploads must not stay in memory.
Workarounds for single elements are beside them: changed widgets in bound_widget.py, uploaders in uploader.py and
carried_uploads.py, literal text in format.py, and layout in page_css.py.
"""

from __future__ import annotations

import gc
import sys
from functools import cache
from importlib import import_module
from typing import Any

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nst.engines.registry import load
from nst.settings.engines import Settings


def prepare_engine(settings: Settings) -> None:
    """Import the engine for `settings` and keep Streamlit from slowing it down. Call at the start of every job.

    Disables Keras' reset and freezes the garbage collector, which halves the time of a step.
    """
    load(settings)
    # TensorFlow imports Keras, and after each script run Streamlit resets an imported Keras (as of 1.67,
    # _clean_problem_modules() in streamlit/runtime/scriptrunner/script_runner.py). The reset runs the garbage collector
    # and clears TensorFlow's kernel cache during the job. This program creates no Keras model, so there is nothing to
    # reset. A test fails once the workaround is no longer needed.
    if keras := sys.modules.get("keras"):
        keras.backend.clear_session = lambda free_memory=True: None  # noqa: ARG005 (Keras' signature)
        _freeze()


def import_altair() -> Any:
    """Import Altair, and pandas before it.

    Altair (as of 6) takes pandas from sys.modules, where it is incomplete while another script run imports it. An
    import waits until it is complete.
    """
    import_module("pandas")
    return import_module("altair")


@cache
def _freeze() -> None:
    """Exclude all existing objects, mostly imported modules, from garbage collection, which Streamlit runs often.

    Runs only once: a later call would also exclude garbage, such as the images of earlier runs, which would never be
    freed. Existing garbage is collected first.
    """
    gc.collect()
    gc.freeze()


def forget_upload(file_id: str) -> None:
    """Free the memory of an uploaded file, which Streamlit would otherwise keep until the session ends.

    Uses Streamlit's private API. No effect outside of a script run, or if files are not kept in memory.
    """
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file_id)
