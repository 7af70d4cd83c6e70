"""More than one style for a picture. Whoever wants one sees no weights."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nst.ui.inputs import form
from nst.ui.state import bound_widget
from nst.ui.state.pictures import Choice
from nst.ui.state.request import Mix

MOST = 100  # of a style that a slider gives
EVEN = 50  # percent: how much of each style there is, until a person says otherwise

_OTHERS = "mix"  # where the session keeps their tokens
_COLORS = "mix-colors"  # the token of the style that colors are taken from
_OWN = "own"  # in its place: each style keeps its colors
_COLORS_HELP = "Strokes can be those of one painting in the colors of another."
_HELP = "Strokes and colors of all of them are mixed, in the shares that you give them."


def mixing(main: Choice, styles: Mapping[str, Choice]) -> Mix:
    """Let a person add styles to the main one; `styles` are all that there are, by their token."""
    state = st.session_state
    known = {token: style for token, style in styles.items() if token != main.token}
    state[_OTHERS] = [token for token in state.get(_OTHERS, ()) if token in known]
    with st.expander("Mix styles", icon=":material/palette:", key="mixing"):
        others = st.multiselect(
            f"Together with {main.name}",
            list(known),
            format_func=lambda token: known[token].name,
            placeholder="no other style",
            help=_HELP,
            **bound_widget.default(_OTHERS),
        )
        mixed = main, *(known[token] for token in others)
        weights: tuple[float, ...] = (1.0,)
        if others:
            columns = st.columns(2) * len(mixed)
            weights = tuple(_weight(style, place) for style, place in zip(mixed, columns, strict=False))
        return Mix(mixed, weights, _colors(styles))


def take(mix: Mix) -> None:
    """Stand for a mix whose first style is the chosen one; called before the mixing is drawn."""
    state = st.session_state
    state[_OTHERS] = [style.token for style in mix.styles[1:]]
    state[_COLORS] = mix.colors_of.token if mix.colors_of else _OWN
    if len(mix.styles) > 1:
        fits = all(weight in range(1, MOST + 1) for weight in mix.weights)
        scale = 1.0 if fits else MOST / max(mix.weights)
        for style, weight in zip(mix.styles, mix.weights, strict=True):
            state[f"mix-{style.token}"] = max(1, round(weight * scale))


def _colors(styles: Mapping[str, Choice]) -> Choice | None:
    """The style whose colors the strokes are to have; None: they keep those of their own."""
    if not form.own_colors():  # they are the photo's
        return None
    state = st.session_state
    if state.get(_COLORS) not in styles:
        state[_COLORS] = _OWN
    token: str = st.selectbox(
        "Colors",
        format_func=lambda token: "each style's own" if token == _OWN else f"those of {styles[token].name}",
        help=_COLORS_HELP,
        **bound_widget.index(_COLORS, [_OWN, *styles]),
    )
    return styles.get(token)


def _weight(style: Choice, place: st.delta_generator.DeltaGenerator) -> float:
    key = f"mix-{style.token}"
    st.session_state.setdefault(key, EVEN)
    return float(place.slider(f"How much of {style.name}", 1, MOST, **bound_widget.value(key)))
