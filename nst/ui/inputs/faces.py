"""Face protection: people stay recognizable in the painted picture."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nst.ui.inputs import form
from nst.ui.server.mask_finder import mask_finder
from nst.ui.state import bound_widget, format
from nst.ui.state import session_state as session
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import Request

MOST = 90  # maximum, in percent of the strength: higher values would not protect

_HELP = "Faces get less of the style, so that people stay recognizable."
_SHARE_HELP = "Share of the style strength used on faces. At 0 % faces stay unchanged."


def apply(share: float | None) -> None:
    """Set the widgets to `share` percent of the strength on faces; None turns face protection off.

    Call before checkbox().
    """
    session.protects_faces.value = share is not None
    if share is not None:
        session.face_strength.value = min(round(share), MOST)


def face_protection() -> float | None:
    """Return the percentage of the strength applied to faces, or None without face protection.

    None with raw weights: face protection needs a strength.
    """
    if not form.uses_strength():
        return None
    return float(session.face_strength.value) if session.protects_faces.value else None


def checkbox(photo: ImageChoice) -> None:
    """Draw the checkbox for face protection and, once faces have been found in `photo`, their number.

    Draw nothing with raw weights.
    """
    if not form.uses_strength():
        return
    st.checkbox("Keep faces recognizable", help=_HELP, **bound_widget.value(session.protects_faces))
    if are_protected(photo):
        _note(photo)


def are_protected(photo: ImageChoice) -> bool:
    """Return True if face protection is on and faces have been found in this content image."""
    return face_protection() is not None and _count(photo) > 0


def strength_slider() -> None:
    """Draw the slider for the strength on faces, in percent of the strength."""
    options: dict[str, Any] = {"format": "%d%%", "help": _SHARE_HELP}
    st.slider("Style strength on faces", 0, MOST, step=5, **options, **bound_widget.value(session.face_strength))


def faces_note(request: Request) -> None:
    """Draw the number of protected faces in the content image of a request, if there are any."""
    if request.face_protection is not None and _count(request.photo):
        _note(request.photo)


def _note(photo: ImageChoice) -> None:
    st.caption(format.faces(_count(photo)))


def _count(photo: ImageChoice) -> int:
    """Return the number of faces found in a content image; 0 before the search has finished."""
    found = mask_finder().known("faces", photo)
    return 0 if found is None else found.pieces
