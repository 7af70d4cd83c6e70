"""Face protection: people stay recognizable in the painted picture."""

from __future__ import annotations

import streamlit as st

from nst.ui.inputs import form
from nst.ui.server.mask_finder import mask_finder
from nst.ui.state import bound_widget, format
from nst.ui.state import session_state as session
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import Request

_HELP = "Faces are painted in the style and stay recognizable."
_HOW_HELP = "0 paints faces like everything else. At 100 they are closest to the photo."


def apply(recognizable: float | None) -> None:
    """Set the widgets to a face protection from 0 to 100; None turns face protection off.

    Call before checkbox().
    """
    session.protects_faces.value = recognizable is not None
    if recognizable is not None:
        session.recognizable.value = round(recognizable)


def face_protection() -> float | None:
    """Return how recognizable faces stay, 0 to 100, or None without face protection.

    None with raw weights: face protection needs a strength.
    """
    if not form.uses_strength():
        return None
    return float(session.recognizable.value) if session.protects_faces.value else None


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


def slider() -> None:
    """Draw the slider for the face protection."""
    st.slider("How recognizable", 0, 100, step=10, help=_HOW_HELP, **bound_widget.value(session.recognizable))


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
