"""The face guard: people stay recognizable, because their faces are painted more lightly. It is the page's alone."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nst.ui.inputs import form
from nst.ui.server.mask_finder import lookout
from nst.ui.state import bound_widget, format
from nst.ui.state.pictures import Choice
from nst.ui.state.request import Order

LEFT = 50  # percent of the strength, until a person says otherwise

MOST = 90  # the same, at most: more would be no guard

_ON, _SHARE = "gentle", "gentle-share"  # where the session keeps them
_HELP = "Faces that are found in the photo are painted more lightly, so that people stay recognizable."
_SHARE_HELP = "What faces get of the strength that is around them. At 0 they stay as they are in the photo."


def begin() -> None:
    """Turn the guard on, on a session's first visit."""
    st.session_state.setdefault(_ON, True)
    st.session_state.setdefault(_SHARE, LEFT)


def take(share: float | None) -> None:
    """Stand for a percentage, None for no guard; called before the guard is drawn."""
    st.session_state[_ON] = share is not None
    if share is not None:
        st.session_state[_SHARE] = min(round(share), MOST)


def gentle() -> float | None:
    """Percent of the strength that is left to faces; None where there is no guard.

    There is none where raw weights take the place of strength: published recipes are followed to the letter.
    """
    if not form.dialed():
        return None
    share: int = st.session_state[_SHARE]
    return float(share) if st.session_state[_ON] else None


def guard(photo: Choice) -> None:
    """The checkbox; and what it does for this photo, once that is known."""
    if not form.dialed():
        return
    st.checkbox("Be gentle with faces", help=_HELP, **bound_widget.value(_ON))
    if guarded(photo):
        _note(photo)


def guarded(photo: Choice) -> bool:
    """Whether faces of this photo are known that are painted more lightly."""
    return gentle() is not None and _count(photo) > 0


def lightness() -> None:
    """How much of the strength faces get."""
    look: dict[str, Any] = {"format": "%d%%", "help": _SHARE_HELP}
    st.slider("Strength on faces", 0, MOST, step=5, **look, **bound_widget.value(_SHARE))


def faces_note(order: Order) -> None:
    """What was done about the faces of a picture; nothing where there are none."""
    if order.gentle is not None and _count(order.photo):
        _note(order.photo)


def _note(photo: Choice) -> None:
    st.caption(format.faces(_count(photo)))


def _count(photo: Choice) -> int:
    """Faces that were found in a photo, as far as is known."""
    found = lookout().known("faces", photo)
    return 0 if found is None else found.pieces
