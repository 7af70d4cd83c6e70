"""File uploaders and the camera, whose files are each taken over by the session, whatever interrupts that.

At any access of the session and at any element that is drawn, Streamlit may end a run of the page because of another
event, and begins anew. Callbacks of widgets are not called again then, but the file is still in its widget. Therefore
files are not taken in callbacks but at the beginning of each run, and a file is marked as taken after that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from nst.ui.server.streamlit_workarounds import forget_upload
from nst.ui.state import session_state as session


def uploader(name: str, label: str, types: Sequence[str], **options: Any) -> None:
    """Draw an uploader; take() receives its file in the next run."""
    st.file_uploader(label, types, key=_key(name), **options)


def camera(name: str, label: str, **options: Any) -> bool:
    """Draw the camera. Return True once there is a photo, which take() receives in the next run."""
    return st.camera_input(label, key=_key(name), **options) is not None


def take(name: str, keep: Callable[[UploadedFile], None]) -> None:
    """Call `keep` with the file in an uploader, if any, and empty the uploader.

    Call at the beginning of each run of every page. After an interruption, `keep` is called again with the same file.
    """
    file = session.widget_value(_key(name))
    if not isinstance(file, UploadedFile):  # none, or one that the server no longer has
        return
    keep(file)
    session.uploads(name).value += 1
    forget_upload(file.file_id)


def _key(name: str) -> str:
    """Return the key of the widget. A new key per file empties the uploader; files sent for an old key are ignored."""
    return f"{name}-upload-{session.uploads(name).value}"
