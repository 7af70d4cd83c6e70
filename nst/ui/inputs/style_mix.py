"""Selection of several styles for one result. Weights appear once a second style is selected."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nst.ui.inputs import form
from nst.ui.state import bound_widget
from nst.ui.state import session_state as session
from nst.ui.state.format import literal
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import StyleMix

MOST = 100  # largest weight on a slider

_COLORS_HELP = "Use the strokes of the styles above with the colors of another style."
_HELP = "Mixes strokes and colors of all selected styles. Set the share of each below."


def style_mix(main: ImageChoice, styles: Mapping[str, ImageChoice]) -> StyleMix:
    """Draw the selection of further styles, weights and color style, and return the mix.

    `main` is the main style; `styles` are all available styles by token.
    """
    known = {token: style for token, style in styles.items() if token != main.token}
    session.other_styles.value = [token for token in session.other_styles.value if token in known]
    with st.expander("Mix styles", icon=":material/palette:", key="mixing"):
        others = st.multiselect(
            f"Mix with {literal(main.name)}",
            list(known),
            format_func=lambda token: known[token].name,
            placeholder="none",
            help=_HELP,
            **bound_widget.default(session.other_styles),
        )
        mixed = main, *(known[token] for token in others)
        weights: tuple[float, ...] = (1.0,)
        if others:
            columns = st.columns(2) * len(mixed)
            weights = tuple(_weight(style, column) for style, column in zip(mixed, columns, strict=False))
        return StyleMix(mixed, weights, _colors(styles))


def apply(mix: StyleMix) -> None:
    """Set the widgets to a mix whose first style is the selected one in the gallery. Call before style_mix().

    Unless all weights are integers from 1 to MOST, they are scaled so that the largest becomes MOST.
    """
    session.other_styles.value = [style.token for style in mix.styles[1:]]
    session.color_style.value = mix.colors_of.token if mix.colors_of else session.OWN_COLORS
    if len(mix.styles) > 1:
        fits = all(weight in range(1, MOST + 1) for weight in mix.weights)
        scale = 1.0 if fits else MOST / max(mix.weights)
        for style, weight in zip(mix.styles, mix.weights, strict=True):
            session.style_share(style.token).value = max(1, round(weight * scale))


def _colors(styles: Mapping[str, ImageChoice]) -> ImageChoice | None:
    """Draw the selection of the color style and return it; None if each style keeps its own colors.

    Draw nothing if the coloring setting does not use the colors of the style.
    """
    if not form.own_colors():  # the coloring setting decides the colors
        return None
    own = session.OWN_COLORS
    if session.color_style.value not in styles:
        session.color_style.value = own
    token: str = st.selectbox(
        "Colors",
        format_func=lambda token: "colors of each style" if token == own else f"colors of {styles[token].name}",
        help=_COLORS_HELP,
        **bound_widget.index(session.color_style, [own, *styles]),
    )
    return styles.get(token)


def _weight(style: ImageChoice, column: st.delta_generator.DeltaGenerator) -> float:
    share = bound_widget.value(session.style_share(style.token))
    return float(column.slider(f"Share of {literal(style.name)}", 1, MOST, **share))
