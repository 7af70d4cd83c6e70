"""The browser sessions that Streamlit knows; the one place that reaches past its public API for them."""

from __future__ import annotations

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx


def current() -> str:
    """The id of the session that this script runs for."""
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("There is no session outside of a running page.")
    return context.session_id


def is_alive(session: str) -> bool:
    """Whether a browser is connected to the session; thread-safe. Without a server, in tests, all are."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)
