"""Settings for the area outside the region."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nst.settings.engines import DEFAULT_STRENGTH
from nst.ui.inputs import form
from nst.ui.state import bound_widget
from nst.ui.state.pictures import ImageChoice

STAYS, SAME, OTHER = "stays", "same", "other"
LIGHTLY = 40  # default strength outside the region for the same style

_FATE, _STRENGTH, _STYLE = "rest", "rest-strength", "rest-style"  # session keys
_FATES = {STAYS: "keep as photo", SAME: "use the same style", OTHER: "use another style"}
_BEGINNINGS = {SAME: LIGHTLY, OTHER: round(DEFAULT_STRENGTH)}


def rest(styles: Mapping[str, ImageChoice], main: ImageChoice) -> tuple[float, ImageChoice | None]:
    """Draw the widgets and return the strength and the style outside the region.

    Strength 0 keeps the content image; style None is the same as inside. Without a strength setting (raw weights)
    nothing is drawn and the content image is kept. `styles` are all available styles by token, including `main`.
    """
    if not form.uses_strength():
        return 0.0, None
    state = st.session_state
    state.setdefault(_FATE, STAYS)
    left, right = st.columns(2, gap="medium")
    with left:
        fate = st.selectbox(
            "Everything else", format_func=_FATES.__getitem__, **bound_widget.index(_FATE, list(_FATES), _take)
        )
    if fate == STAYS:
        return 0.0, None
    state.setdefault(_STRENGTH, _BEGINNINGS[fate])
    with right:
        strength = st.slider("Strength for everything else", 0, 100, **bound_widget.value(_STRENGTH))
    if fate == SAME:
        return float(strength), None
    others = [token for token in styles if token != main.token]
    if state.get(_STYLE) not in others:
        state[_STYLE] = others[0]
    token = st.selectbox(
        "Style for everything else",
        format_func=lambda token: styles[token].name,
        **bound_widget.index(_STYLE, others),
    )
    return float(strength), styles[token]


def take(strength: float, style: ImageChoice | None) -> None:
    """Set the widgets to values as returned by rest(). Call before rest()."""
    state = st.session_state
    if not strength:
        state[_FATE] = STAYS
        return
    state[_FATE], state[_STRENGTH] = SAME if style is None else OTHER, round(strength)
    if style is not None:
        state[_STYLE] = style.token


def _take() -> None:
    """Set a default strength that makes the new choice visible."""
    state = st.session_state
    if state[_FATE] in _BEGINNINGS:
        state[_STRENGTH] = _BEGINNINGS[state[_FATE]]
