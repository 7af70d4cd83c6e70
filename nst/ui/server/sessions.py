"""The browser sessions that Streamlit knows; the one place that reaches past its public API for them."""

from __future__ import annotations

from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext


def current() -> str:
    """The id of the session that this script runs for."""
    return _context().session_id


def forget_upload(file_id: str) -> None:
    """Let Streamlit go of a file that was taken, which it would keep until the session is over."""
    context = _context()
    if isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file_id)


def is_alive(session: str) -> bool:
    """Whether a browser is connected to the session; thread-safe. Without a server, in tests, all are."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)


def _context() -> ScriptRunContext:
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("There is no session outside of a running page.")
    return context
