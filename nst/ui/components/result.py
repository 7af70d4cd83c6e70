"""What a painting has come to, and how to take it home."""

from __future__ import annotations

import streamlit as st

from nst import images
from nst.snapshot import Snapshot
from nst.ui import words
from nst.ui.components.show_through import blended
from nst.ui.painting import Painting
from nst.ui.pictures import shown

_FORMATS = {"PNG": "png", "JPEG": "jpg"}  # format: suffix
_KEEPSAKE_SIDE = 256


def downloads(painting: Painting) -> None:
    """Buttons that save the latest picture, as it is shown, at full size."""
    snapshot = painting.job.progress.snapshot
    if snapshot is None:
        return
    files = _files(blended(painting, snapshot))
    stem = words.file_stem(painting.order.photo.name, *(style.name for style in painting.order.mix.styles))
    with st.container(key="downloads", horizontal=True, gap="small"):
        for name, suffix in _FORMATS.items():
            st.download_button(
                f"Download {name}",
                files[name],
                file_name=f"{stem}.{suffix}",
                mime=f"image/{name.lower()}",
                key=f"download-{suffix}",
                icon=":material/download:",
                on_click="ignore",
                width="stretch",
            )


def _files(snapshot: Snapshot) -> dict[str, bytes]:
    """The picture as files, encoded once.

    Not on the click: Streamlit renames what it will encode on a click with every run of the page, and a click
    that meets such a run finds nothing.
    """
    kept: tuple[Snapshot, dict[str, bytes]] | None = st.session_state.get("files")
    if kept is None or kept[0] is not snapshot:
        files = {name: images.encode(snapshot.picture, name.lower()) for name in _FORMATS}
        kept = st.session_state["files"] = (snapshot, files)
    return kept[1]


def keepsake(painting: Painting) -> None:
    """The painting that had to make room on the easel for another photo, small."""
    snapshot = painting.job.progress.snapshot
    if snapshot is not None:
        st.markdown("Your last picture")
        alt = f"{painting.order.photo.name} as {painting.order.mix.names}"
        st.image(shown(blended(painting, snapshot).picture, _KEEPSAKE_SIDE).uri, alt=alt)
        downloads(painting)
