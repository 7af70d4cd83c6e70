"""Id and connection of browser sessions. The only module that uses Streamlit's private API for sessions."""

from __future__ import annotations

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx


def current() -> str:
    """Return the id of the session that runs this script. Raises RuntimeError if no script run is in progress."""
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("There is no session outside of a running page.")
    return context.session_id


def is_alive(session: str) -> bool:
    """Return True if a browser is connected to the session, or if there is no server, as in tests. Thread-safe."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)
