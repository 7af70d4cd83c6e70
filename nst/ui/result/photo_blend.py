"""Photo blend: mix the content image into a finished result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import streamlit as st

import nst
from nst.images import io as images
from nst.images.io import Pixels
from nst.run.snapshot import Snapshot
from nst.ui.state import bound_widget
from nst.ui.state.pictures import decoded
from nst.ui.state.request import PHOTO_SHARE, RunHandle

_HELP = "Mixes the picture with your photo: 0% is the picture, 100% is the photo. No painting needed."


@dataclass(frozen=True)
class _Blended:
    painted: Snapshot
    photo: Pixels = field(repr=False)  # content image at the size of the result
    share: int
    result: Snapshot


def photo_share() -> int:
    """Return the percentage of the content image in the displayed result; 0 for a new result."""
    share: int = st.session_state[PHOTO_SHARE]
    return share


def photo_blend() -> None:
    """Draw the slider."""
    label = "Blend with photo"
    st.slider(label, 0, 100, format="%d%%", help=_HELP, **bound_widget.value(PHOTO_SHARE))


def blended(handle: RunHandle, painted: Snapshot) -> Snapshot:
    """Return the result mixed with the content image as set by the slider. Computed once per result and share."""
    share = photo_share()
    if not share:
        return painted
    kept: _Blended | None = st.session_state.get("blended")
    if kept is None or kept.painted is not painted:
        photo = decoded(handle.request.photo).bled
        photo = images.resize(photo, (painted.image.shape[1], painted.image.shape[0]))
    elif kept.share == share:
        return kept.result
    else:
        photo = kept.photo
    result = replace(painted, image=nst.blend(photo, painted.image, 100 - share))
    st.session_state["blended"] = _Blended(painted, photo, share, result)
    return result
