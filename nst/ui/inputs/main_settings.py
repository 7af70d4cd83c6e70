"""Main settings: quality, strength, iterations, size, colors and brush size."""

from __future__ import annotations

import streamlit as st

from nst.ui.inputs import form
from nst.ui.inputs.setting_widgets import LADDERS
from nst.ui.state import bound_widget
from nst.ui.state import session_state as session

_GIVEN_BY_QUALITY = ("steps", "size", "levels")
_STARTS = {form.preset(name).init for name in form.QUALITIES if name != form.INSTANT}
_COLORS = {
    "style": "From the style",
    "photo": "From my photo",
    "matched": "Style, matched to photo",
    "palette": "Colors only, no strokes",
}
_BRUSH_NAMES = (
    "finest", "very fine", "fine", "a bit finer", "as painted", "a bit bolder", "bold", "very bold", "boldest",
)  # fmt: skip
_BRUSHES = dict(zip(LADDERS["style_scale"], _BRUSH_NAMES, strict=True))
_QUALITY_HELP = "Instant takes about a second. Quick, Balanced and Best work step by step, from fast to fine."


def main_settings() -> None:
    """Draw the widgets of the settings that have an effect: strength, iterations, size, colors and brush size."""
    _strength_and_size()
    colors, brush, amount = st.columns(3, gap="medium")
    with colors:
        form.optimize.draw("colors", names=_COLORS)
    with brush:
        if not form.recolors():
            form.optimize.draw("style_scale", names=_BRUSHES)
    with amount:
        if form.blends():
            form.optimize.draw("color_amount")


def _strength_and_size() -> None:
    strength, middle, right = st.columns(3, gap="medium")
    if form.instant():
        with strength:
            form.fast.draw("strength")
        with middle:
            form.fast.draw("size")
        right.caption("Press Start once. After that, the picture follows every change.")
        return
    with strength:
        if form.raw():
            st.caption("The raw weights under *Advanced* set the balance of photo and style.")
        else:
            form.optimize.draw("strength")
    with middle:
        if form.recolors():
            st.caption("Only the colors change, so no iterations are needed.")
        else:
            form.optimize.draw("steps", on_change=_name_quality)
    with right:
        form.optimize.draw("size", on_change=_name_quality)


def quality() -> None:
    """Draw the selection of the quality, which sets the engine, the iterations, the size and the levels."""
    st.segmented_control(
        "Quality",
        list(form.QUALITIES),
        format_func=form.QUALITIES.__getitem__,
        required=True,
        help=_QUALITY_HELP,
        width="stretch",
        label_visibility="collapsed",
        **bound_widget.default(session.quality, _apply_quality),
    )


def _apply_quality() -> None:
    quality = session.quality.value
    if quality is None or form.instant():
        return
    preset = form.preset(quality)
    for name in _GIVEN_BY_QUALITY:
        form.optimize.entry(name).value = getattr(preset, name)
    if form.optimize.value("init") in _STARTS:  # keep an init chosen by the user
        form.optimize.entry("init").value = preset.init


def _name_quality() -> None:
    """Select the quality that has the iterations and size now in the form; none if no quality has them."""
    session.quality.value = form.named_quality()
