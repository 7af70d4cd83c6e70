"""Settings for the part of the content image outside the region: strength and style."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nst.settings.engines import DEFAULT_STRENGTH
from nst.ui.inputs import form
from nst.ui.state import bound_widget
from nst.ui.state import session_state as session
from nst.ui.state.pictures import ImageChoice

STAYS, SAME, OTHER = session.STAYS, "same", "other"
LIGHTLY = 40  # default strength outside the region for the same style

_CHOICES = {STAYS: "keep as photo", SAME: "use the same style", OTHER: "use another style"}
_DEFAULTS = {SAME: LIGHTLY, OTHER: round(DEFAULT_STRENGTH)}


def outside_region(styles: Mapping[str, ImageChoice], main: ImageChoice) -> tuple[float, ImageChoice | None]:
    """Draw the widgets and return the strength and the style outside the region.

    Strength 0 keeps the content image there; a style of None means the style used inside. `styles` are all available
    styles by token, including `main`, the main style. With raw weights, there is no strength: nothing is drawn and the
    content image is kept.
    """
    if not form.uses_strength():
        return 0.0, None
    left, right = st.columns(2, gap="medium")
    with left:
        choice = st.selectbox(
            "Everything else",
            format_func=_CHOICES.__getitem__,
            **bound_widget.index(session.outside, list(_CHOICES), _set_strength),
        )
    if choice == STAYS:
        return 0.0, None
    session.outside_strength.setdefault(_DEFAULTS[choice])
    with right:
        strength = st.slider("Strength for everything else", 0, 100, **bound_widget.value(session.outside_strength))
    if choice == SAME:
        return float(strength), None
    others = [token for token in styles if token != main.token]
    if session.outside_style.value not in others:
        session.outside_style.value = others[0]
    token = st.selectbox(
        "Style for everything else",
        format_func=lambda token: styles[token].name,
        **bound_widget.index(session.outside_style, others),
    )
    return float(strength), styles[token]


def apply(strength: float, style: ImageChoice | None) -> None:
    """Set the widgets to a strength and a style, as returned by outside_region(). Call before outside_region()."""
    if not strength:
        session.outside.value = STAYS
        return
    session.outside.value, session.outside_strength.value = SAME if style is None else OTHER, round(strength)
    if style is not None:
        session.outside_style.value = style.token


def _set_strength() -> None:
    """Set the strength outside to the default for the newly chosen style, so that the choice has an effect."""
    if session.outside.value in _DEFAULTS:
        session.outside_strength.value = _DEFAULTS[session.outside.value]
