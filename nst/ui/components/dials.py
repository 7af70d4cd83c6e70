"""The dials that everybody turns: strength, iterations and size, and quality, which sets two of them."""

from __future__ import annotations

import streamlit as st

from nst.settings import PRESETS
from nst.ui.components import form

_GIVEN_BY_QUALITY = ("steps", "size", "levels")
_QUALITY_HELP = "Draft is quick and small, Best takes its time and is large."


def dials() -> None:
    """Strength, where it applies, iterations and size."""
    strength, steps, size = st.columns(3, gap="medium")
    with strength:
        if form.raw():
            st.caption("The raw weights under *Advanced* decide between photo and style.")
        else:
            form.field_input("strength")
    with steps:
        form.field_input("steps", on_change=_name_quality)
    with size:
        form.field_input("size", on_change=_name_quality)


def quality() -> None:
    """How much work goes into a picture: iterations and size by name."""
    st.segmented_control(
        "Quality",
        form.QUALITIES,
        format_func=str.capitalize,
        key="quality",
        help=_QUALITY_HELP,
        on_change=_take_quality,
        width="stretch",
        label_visibility="collapsed",
    )


def _take_quality() -> None:
    if quality := st.session_state["quality"]:
        for name in _GIVEN_BY_QUALITY:
            st.session_state[form.key(name)] = getattr(PRESETS[quality], name)


def _name_quality() -> None:
    """Show which quality the sliders amount to, if any."""
    now = (form.value("steps"), form.value("size"))
    matching = (quality for quality in form.QUALITIES if (PRESETS[quality].steps, PRESETS[quality].size) == now)
    st.session_state["quality"] = next(matching, None)
