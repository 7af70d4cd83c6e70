"""What becomes of the part of a photo that is left out."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nst.settings.engines import DEFAULT_STRENGTH
from nst.ui.inputs import form
from nst.ui.state import bound_widget
from nst.ui.state.pictures import Choice

STAYS, SAME, OTHER = "stays", "same", "other"
LIGHTLY = 40  # the strength of a rest that has the same style, until a person says otherwise

_FATE, _STRENGTH, _STYLE = "rest", "rest-strength", "rest-style"  # where the session keeps them
_FATES = {STAYS: "stays as it is", SAME: "gets the same style", OTHER: "gets another style"}
_BEGINNINGS = {SAME: LIGHTLY, OTHER: round(DEFAULT_STRENGTH)}


def rest(styles: Mapping[str, Choice], main: Choice) -> tuple[float, Choice | None]:
    """Let a person say it: a strength, 0 where the rest stays the photo; a style, None where it is the same.

    `styles` are all that there are, by their token, `main` among them.
    """
    if not form.dialed():
        return 0.0, None
    state = st.session_state
    state.setdefault(_FATE, STAYS)
    left, right = st.columns(2, gap="medium")
    with left:
        fate = st.selectbox(
            "The rest", format_func=_FATES.__getitem__, **bound_widget.index(_FATE, list(_FATES), _take)
        )
    if fate == STAYS:
        return 0.0, None
    state.setdefault(_STRENGTH, _BEGINNINGS[fate])
    with right:
        strength = st.slider("Strength of the rest", 0, 100, **bound_widget.value(_STRENGTH))
    if fate == SAME:
        return float(strength), None
    others = [token for token in styles if token != main.token]
    if state.get(_STYLE) not in others:
        state[_STYLE] = others[0]
    token = st.selectbox(
        "Style of the rest",
        format_func=lambda token: styles[token].name,
        **bound_widget.index(_STYLE, others),
    )
    return float(strength), styles[token]


def take(strength: float, style: Choice | None) -> None:
    """Stand for what rest() returns; called before it is drawn."""
    state = st.session_state
    if not strength:
        state[_FATE] = STAYS
        return
    state[_FATE], state[_STRENGTH] = SAME if style is None else OTHER, round(strength)
    if style is not None:
        state[_STYLE] = style.token


def _take() -> None:
    """Begin with a strength that shows what was chosen."""
    state = st.session_state
    if state[_FATE] in _BEGINNINGS:
        state[_STRENGTH] = _BEGINNINGS[state[_FATE]]
