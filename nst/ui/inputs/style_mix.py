"""Mix of several styles. Weights appear only once a second style is selected."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nst.ui.inputs import form
from nst.ui.state import bound_widget
from nst.ui.state.format import literal
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import StyleMix

MOST = 100  # largest weight on a slider
EVEN = 50  # default weight of each style, in percent

_OTHERS = "mix"  # session key: tokens of the styles besides the main one
_COLORS = "mix-colors"  # session key: token of the style that provides the colors, or _OWN
_OWN = "own"  # each style keeps its colors
_COLORS_HELP = "Use the strokes of the styles above with the colors of another style."
_HELP = "Mixes strokes and colors of all selected styles. Set the share of each below."


def style_mix(main: ImageChoice, styles: Mapping[str, ImageChoice]) -> StyleMix:
    """Draw the selection of further styles and return the mix; `styles` are all available styles by token."""
    state = st.session_state
    known = {token: style for token, style in styles.items() if token != main.token}
    state[_OTHERS] = [token for token in state.get(_OTHERS, ()) if token in known]
    with st.expander("Mix styles", icon=":material/palette:", key="mixing"):
        others = st.multiselect(
            f"Mix with {literal(main.name)}",
            list(known),
            format_func=lambda token: known[token].name,
            placeholder="none",
            help=_HELP,
            **bound_widget.default(_OTHERS),
        )
        mixed = main, *(known[token] for token in others)
        weights: tuple[float, ...] = (1.0,)
        if others:
            columns = st.columns(2) * len(mixed)
            weights = tuple(_weight(style, place) for style, place in zip(mixed, columns, strict=False))
        return StyleMix(mixed, weights, _colors(styles))


def take(mix: StyleMix) -> None:
    """Set the widgets to a mix whose first style is the main one. Call before style_mix().

    Weights that are not integers from 1 to MOST are scaled so that the largest becomes MOST.
    """
    state = st.session_state
    state[_OTHERS] = [style.token for style in mix.styles[1:]]
    state[_COLORS] = mix.colors_of.token if mix.colors_of else _OWN
    if len(mix.styles) > 1:
        fits = all(weight in range(1, MOST + 1) for weight in mix.weights)
        scale = 1.0 if fits else MOST / max(mix.weights)
        for style, weight in zip(mix.styles, mix.weights, strict=True):
            state[f"mix-{style.token}"] = max(1, round(weight * scale))


def _colors(styles: Mapping[str, ImageChoice]) -> ImageChoice | None:
    """Draw the selection of the color style and return the style, None if each style keeps its own colors."""
    if not form.own_colors():  # the coloring setting decides the colors
        return None
    state = st.session_state
    if state.get(_COLORS) not in styles:
        state[_COLORS] = _OWN
    token: str = st.selectbox(
        "Colors",
        format_func=lambda token: "colors of each style" if token == _OWN else f"colors of {styles[token].name}",
        help=_COLORS_HELP,
        **bound_widget.index(_COLORS, [_OWN, *styles]),
    )
    return styles.get(token)


def _weight(style: ImageChoice, place: st.delta_generator.DeltaGenerator) -> float:
    key = f"mix-{style.token}"
    st.session_state.setdefault(key, EVEN)
    return float(place.slider(f"Share of {literal(style.name)}", 1, MOST, **bound_widget.value(key)))
