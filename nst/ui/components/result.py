"""What a painting has come to, and how to take it home."""

from __future__ import annotations

from functools import partial

import streamlit as st

from nst import images
from nst.ui import words
from nst.ui.painting import Painting
from nst.ui.pictures import shown

_FORMATS = {"PNG": "png", "JPEG": "jpg"}  # name for people and encoder: suffix
_KEEPSAKE_SIDE = 256


def downloads(painting: Painting) -> None:
    """Buttons that save the latest picture at full size; it is encoded when one is pressed."""
    snapshot = painting.job.progress.snapshot
    if snapshot is None:
        return
    stem = words.file_stem(painting.photo.name, painting.style.name)
    with st.container(key="downloads", horizontal=True, gap="small"):
        for name, suffix in _FORMATS.items():
            st.download_button(
                f"Download {name}",
                partial(images.encode, snapshot.image, name),
                file_name=f"{stem}.{suffix}",
                mime=f"image/{name.lower()}",
                key=f"download-{suffix}",
                icon=":material/download:",
                on_click="ignore",
                width="stretch",
            )


def keepsake(painting: Painting) -> None:
    """The painting that had to make room on the easel for another photo, small."""
    snapshot = painting.job.progress.snapshot
    if snapshot is not None:
        st.markdown("Your last picture")
        st.image(shown(snapshot.image, _KEEPSAKE_SIDE).uri, alt=f"{painting.photo.name} as {painting.style.name}")
        downloads(painting)
