"""Uploads of which no run of the page has heard yet, carried along when the user turns to another page.

The browser then names only the widgets of the new page, and Streamlit (as of 1.67) forgets all others, together with a
file whose run was replaced before it began. A test fails once the workaround is no longer needed.
"""

from __future__ import annotations

from functools import cache, wraps
from weakref import WeakKeyDictionary

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.app_session import AppSession

_seen: WeakKeyDictionary[AppSession, list[WidgetState]] = (
    WeakKeyDictionary()
)  # uploaders with files in the last request


@cache
def carry_uploads() -> None:
    """Add uploaders with files to requests that no longer name them. Call before the first upload."""
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
    """Return True for an uploader or camera with a file that has not been taken: uploader.take() removes the others."""
    files = [info.file_id for info in widget.file_uploader_state_value.uploaded_file_info]
    return bool(session._uploaded_file_mgr.get_files(session.id, files))
