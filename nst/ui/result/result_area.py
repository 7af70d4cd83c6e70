"""Displayed result of a run, and its downloads.

Files are created before the click that downloads them. Streamlit can create a file on the click, but renames the
pending file at every script run, and forgets a created file while others use the server. A click at that time would
find no file.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from nst.run.snapshot import Snapshot
from nst.ui.actions import downloads
from nst.ui.actions.downloads import FILMS, MIME, PICTURES
from nst.ui.result.photo_blend import blended
from nst.ui.result.sharing import recipe_checkbox
from nst.ui.result.timeline import in_view
from nst.ui.state import bound_widget
from nst.ui.state import session_state as session
from nst.ui.state.pictures import shown
from nst.ui.state.run_handle import RunHandle
from nst.ui.state.show_errors import show_errors

_KEEPSAKE_SIDE = 256
_FIRST = "PNG"  # format of Save picture


def shown_result(handle: RunHandle, end: Snapshot) -> Snapshot:
    """Return the result as displayed: the preview selected on the timeline, mixed with the content image.

    `end` is the last snapshot of the job.
    """
    return blended(handle, in_view(handle, end))


def download_menu(handle: RunHandle, picture: Snapshot) -> None:
    """Draw a button that downloads the result `picture`, and a popover with all other downloads of the run."""
    _picture(handle, picture, _FIRST)
    drawer = st.popover("Save and share", icon=":material/redeem:", key="take-home", on_change="rerun")
    if not drawer.open:
        return
    with drawer, st.container(key="drawer", gap="small"):
        with st.container(horizontal=True, gap="small"):
            for format in PICTURES:
                if format != _FIRST:
                    _picture(handle, picture, format)
        recipe_checkbox(lambda: _files(picture).clear())
        _row(handle, picture)
        if downloads.has_film(handle, picture):
            _film(handle, picture)
        _everything(handle, picture)


def previous_result(handle: RunHandle) -> None:
    """Draw the last result at small size, with its downloads. Used after another content image was selected."""
    end = handle.job.progress.snapshot
    if end is not None:
        picture = shown_result(handle, end)
        st.markdown("Your last picture")
        alt = f"{handle.request.photo.name} as {handle.request.mix.names}"
        st.image(shown(picture.picture, _KEEPSAKE_SIDE).uri, alt=alt)
        with st.container(horizontal=True, gap="small"):
            download_menu(handle, picture)


def _picture(handle: RunHandle, picture: Snapshot, format: str) -> None:
    data = _file(picture, format, lambda: downloads.picture_file(handle, picture, format))
    _save(
        "Save picture" if format == _FIRST else f"Save as {format}",
        data,
        f"{downloads.stem(handle)}.{PICTURES[format]}",
    )


def _row(handle: RunHandle, picture: Snapshot) -> None:
    data = _file(picture, "side by side", lambda: downloads.side_by_side(handle, picture))
    _save("Before-and-after strip", data, f"{downloads.stem(handle)}-side-by-side.jpg")


def _film(handle: RunHandle, picture: Snapshot) -> None:
    st.segmented_control("Time-lapse video", FILMS, required=True, **bound_widget.default(session.film_format))
    format = session.film_format.value
    labels = "Make the video", "Making the video…", f"Save the video ({format})"
    name = f"{downloads.stem(handle)}-film.{FILMS[format]}"
    _on_request(picture, labels, name, lambda: downloads.film(handle, picture, format))


def _everything(handle: RunHandle, picture: Snapshot) -> None:
    labels = "Pack everything as a ZIP file", "Packing…", "Save everything (ZIP file)"
    _on_request(picture, labels, f"{downloads.stem(handle)}.zip", lambda: downloads.everything(handle, picture))


def _on_request(picture: Snapshot, labels: tuple[str, str, str], name: str, make: Callable[[], bytes]) -> None:
    """Draw a button that creates a file with `make` and, once created, a button that downloads the file.

    `labels` are the texts of the first button, of the spinner, and of the second button.
    """
    ask, busy, fetch = labels
    slot = st.empty()
    if name not in _files(picture):
        if not slot.button(ask, key=f"make-{name}", icon=":material/inventory_2:"):
            return
        with slot, show_errors() as shown, st.spinner(busy):
            _file(picture, name, make)
        if shown.message:
            return
    with slot:
        _save(fetch, _files(picture)[name], name)


def _save(label: str, data: bytes, name: str) -> None:
    mime = MIME[name.rpartition(".")[2]]
    st.download_button(label, data, name, mime, key=f"download-{name}", icon=":material/download:", on_click="ignore")


def _file(picture: Snapshot, name: str, make: Callable[[], bytes]) -> bytes:
    """Return the file `name` of the result `picture`, created by `make` on first use."""
    files = _files(picture)
    if name not in files:
        files[name] = make()
    return files[name]


def _files(picture: Snapshot) -> dict[str, bytes]:
    """Return the files of the result `picture` created so far, by name. Files of the previous result are dropped."""
    return session.files.of(picture, make=dict)
