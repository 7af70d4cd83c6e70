"""Workaround that keeps an uploaded file when the user changes the page before the script has run with the file.

The browser then sends only the widgets of the new page, and Streamlit (as of 1.67) forgets all others, including an
uploader whose script run was replaced before it began. A test fails once the workaround is no longer needed.
"""

from __future__ import annotations

from functools import cache, wraps
from weakref import WeakKeyDictionary

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.app_session import AppSession

_seen: WeakKeyDictionary[AppSession, list[WidgetState]] = (
    WeakKeyDictionary()
)  # uploaders with files in the session's last request


@cache
def carry_uploads() -> None:
    """Patch Streamlit so that uploaders with unread files are added to browser requests that do not name them.

    Call before the first upload. No effect when called again.
    """
    request_rerun = AppSession.request_rerun

    @wraps(request_rerun)
    def carrying(session: AppSession, client_state: ClientState | None) -> None:
        if client_state is not None:
            _carry(session, client_state)
        request_rerun(session, client_state)

    AppSession.request_rerun = carrying  # type: ignore[assignment, method-assign]


def _carry(session: AppSession, client_state: ClientState) -> None:
    widgets = client_state.widget_states.widgets
    named = {widget.id for widget in widgets}
    kept = [widget for widget in _seen.get(session, ()) if widget.id not in named and _has_file(session, widget)]
    widgets.extend(kept)
    _seen[session] = [widget for widget in widgets if _has_file(session, widget)]


def _has_file(session: AppSession, widget: WidgetState) -> bool:
    """Return True if `widget` is an uploader or camera whose file is on the server: uploader.take() removes files."""
    files = [info.file_id for info in widget.file_uploader_state_value.uploaded_file_info]
    return bool(session._uploaded_file_mgr.get_files(session.id, files))
