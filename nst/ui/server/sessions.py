"""Browser sessions known to Streamlit. The only module that uses Streamlit's private API for sessions."""

from __future__ import annotations

from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext


def current() -> str:
    """Return the id of the session that runs this script. Raises RuntimeError outside of a page run."""
    return _context().session_id


def forget_upload(file_id: str) -> None:
    """Free the memory of an uploaded file, which Streamlit would otherwise keep until the session ends."""
    context = _context()
    if isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file_id)


def is_alive(session: str) -> bool:
    """Return True if a browser is connected to the session. Thread-safe. Always true without a server, as in tests."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)


def _context() -> ScriptRunContext:
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("There is no session outside of a running page.")
    return context
