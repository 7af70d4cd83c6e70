"""File uploaders and a camera, whose files reach the session even if a script run is interrupted.

Streamlit may interrupt a script run at any access to the session state and at any element, and start a new one for a
newer event. The new script run does not call the callbacks of widgets again, but the file is still in its widget.
Therefore files are not read in callbacks but at the beginning of each script run, and marked as read afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from nst.ui.server.streamlit_workarounds import forget_upload
from nst.ui.state import session_state as session


def uploader(name: str, label: str, types: Sequence[str], **options: Any) -> None:
    """Draw the uploader `name` for files with these suffixes. `options` are passed on to st.file_uploader.

    In the script run after an upload, take(name, ...) calls its callback with the file.
    """
    st.file_uploader(label, types, key=_key(name), **options)


def camera(name: str, label: str, **options: Any) -> bool:
    """Draw the camera input `name`. Return True if it contains a photo. `options` are passed on to st.camera_input.

    In the next script run, take(name, ...) calls its callback with the photo.
    """
    return st.camera_input(label, key=_key(name), **options) is not None


def take(name: str, keep: Callable[[UploadedFile], None]) -> None:
    """Call `keep` with the file in the uploader or camera `name`, then empty the widget. No effect without a file.

    Call at the beginning of each script run of every page. If the script run is interrupted, the next one calls `keep`
    again with the same file.
    """
    file = session.widget_value(_key(name))
    if not isinstance(file, UploadedFile):  # none, or one that the server no longer has
        return
    keep(file)
    session.uploads(name).value += 1
    forget_upload(file.file_id)


def _key(name: str) -> str:
    """Return the current widget key of the uploader `name`.

    The key changes with each file read, which empties the uploader. Files that the browser sends for an old key are
    ignored.
    """
    return f"{name}-upload-{session.uploads(name).value}"
