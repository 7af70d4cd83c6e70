"""The dials that everybody turns: strength and quality, and behind them iterations and size."""

from __future__ import annotations

import streamlit as st

from nst.settings import PRESETS
from nst.ui.components import form

_GIVEN_BY_QUALITY = ("steps", "size", "levels")
_QUALITY_HELP = "Draft is quick and small, Best takes its time and is large."


def main_dials(*, with_quality: bool) -> None:
    """Strength, where it applies, and quality, which a published recipe has none of."""
    dial, choice = st.columns([3, 2], gap="medium")
    with dial:
        if form.raw():
            st.caption("The raw weights under *Advanced* decide between photo and style.")
        else:
            form.field_input("strength")
    if with_quality:
        choice.segmented_control(
            "Quality",
            form.QUALITIES,
            format_func=str.capitalize,
            key="quality",
            help=_QUALITY_HELP,
            on_change=_take_quality,
            width="stretch",
        )


def fine_dials() -> None:
    """Iterations and size, which the quality sets and a person may change."""
    with st.expander("Fine-tune", icon=":material/tune:"):
        form.field_input("steps", on_change=_name_quality)
        form.field_input("size", on_change=_name_quality)


def _take_quality() -> None:
    if quality := st.session_state["quality"]:
        for name in _GIVEN_BY_QUALITY:
            st.session_state[form.key(name)] = getattr(PRESETS[quality], name)


def _name_quality() -> None:
    """Show which quality the sliders amount to, if any."""
    now = (form.value("steps"), form.value("size"))
    matching = (quality for quality in form.QUALITIES if (PRESETS[quality].steps, PRESETS[quality].size) == now)
    st.session_state["quality"] = next(matching, None)
