"""Face protection: people stay recognizable in the painted picture."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nst.ui.inputs import form
from nst.ui.server.mask_finder import mask_finder
from nst.ui.state import bound_widget, format
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import Request

LEFT = 50  # default, in percent of the strength

MOST = 90  # maximum, in percent of the strength: higher values would not protect

_ON, _SHARE = "gentle", "gentle-share"  # session keys
_HELP = "Faces get less of the style, so that people stay recognizable."
_SHARE_HELP = "Share of the style strength used on faces. At 0 % faces stay unchanged."


def begin() -> None:
    """Enable face protection on a session's first visit."""
    st.session_state.setdefault(_ON, True)
    st.session_state.setdefault(_SHARE, LEFT)


def take(share: float | None) -> None:
    """Set the percentage of the strength, None for no face protection. Call before guard()."""
    st.session_state[_ON] = share is not None
    if share is not None:
        st.session_state[_SHARE] = min(round(share), MOST)


def gentle() -> float | None:
    """Return the percentage of the strength applied to faces, None without face protection.

    Raw weights exclude face protection: published presets are followed exactly.
    """
    if not form.uses_strength():
        return None
    share: int = st.session_state[_SHARE]
    return float(share) if st.session_state[_ON] else None


def guard(photo: ImageChoice) -> None:
    """Draw the checkbox, and the number of faces in this content image once known."""
    if not form.uses_strength():
        return
    st.checkbox("Keep faces recognizable", help=_HELP, **bound_widget.value(_ON))
    if guarded(photo):
        _note(photo)


def guarded(photo: ImageChoice) -> bool:
    """Return True if faces have been found in this content image and are protected."""
    return gentle() is not None and _count(photo) > 0


def lightness() -> None:
    """Draw the slider for the strength on faces."""
    look: dict[str, Any] = {"format": "%d%%", "help": _SHARE_HELP}
    st.slider("Style strength on faces", 0, MOST, step=5, **look, **bound_widget.value(_SHARE))


def faces_note(request: Request) -> None:
    """Show the number of protected faces of a request, if any."""
    if request.gentle is not None and _count(request.photo):
        _note(request.photo)


def _note(photo: ImageChoice) -> None:
    st.caption(format.faces(_count(photo)))


def _count(photo: ImageChoice) -> int:
    """Return the number of faces found in a content image; 0 before the search has finished."""
    found = mask_finder().known("faces", photo)
    return 0 if found is None else found.pieces
