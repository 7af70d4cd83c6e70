"""Photo blend: a finished result mixed with the content image."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

import nst
from nst.images import io as images
from nst.images.io import Pixels
from nst.run.snapshot import Snapshot
from nst.ui.state import bound_widget
from nst.ui.state import session_state as session
from nst.ui.state.pictures import decoded
from nst.ui.state.run_handle import RunHandle

_HELP = "Mixes the picture with your photo: 0% is the picture, 100% is the photo. No painting needed."


def photo_blend() -> None:
    """Draw the slider for the share of the content image in the displayed result."""
    label = "Blend with photo"
    st.slider(label, 0, 100, format="%d%%", help=_HELP, **bound_widget.value(session.photo_share))


def blended(handle: RunHandle, result: Snapshot) -> Snapshot:
    """Return `result` mixed with the content image in the proportion set by the slider.

    Computed once per result and proportion.
    """
    share = session.photo_share.value
    if not share:
        return result
    blends = session.blends.of(result, make=dict)
    if share not in blends:
        photo = session.blend_photo.of(result, make=lambda: _photo(handle, result))
        blends.clear()  # only the latest is kept in memory
        blends[share] = replace(result, image=nst.blend(photo, result.image, 100 - share))
    return blends[share]


def _photo(handle: RunHandle, result: Snapshot) -> Pixels:
    """Return the content image at the size of the result."""
    photo = decoded(handle.request.photo).bled
    return images.resize(photo, (result.image.shape[1], result.image.shape[0]))
