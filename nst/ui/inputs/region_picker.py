"""Where to paint: all of the photo or a part of it, what becomes of the rest, and the guard of faces.

What is meant is shown on the photo at once, before anything is painted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from nst.run.regions import FEATHER
from nst.ui.inputs import faces, outside_region
from nst.ui.inputs.region_masks import PLACE, mask_of
from nst.ui.state import bound_widget
from nst.ui.state.pictures import Choice, is_transparent
from nst.ui.state.request import Area
from nst.ui.widgets.board import begin_with

EVERYWHERE = "everywhere"
CUT_OUT = "alpha"  # a place of photos alone that are transparent somewhere
SOFTEST = 10.0  # percent of the long side; the engines allow more, which would leave no area to speak of

_FEATHER = "soft-edge"  # where the session keeps it
_PLACES = {
    EVERYWHERE: ":material/photo: The whole picture",
    "subject": ":material/person: The subject",
    "background": ":material/forest: The background",
    "sky": ":material/cloud: The sky",
    CUT_OUT: ":material/content_cut: What is not transparent",
    "brush": ":material/brush: Where I brush",
    "file": ":material/upload_file: My own mask",
}
_FEATHER_HELP = "How gradually what is painted gives way to the rest, in percent of the picture."


@dataclass(frozen=True)
class Where:
    """What of the photo is to be painted."""

    area: Area | None = None  # None: all of it
    gentle: float | None = None  # percent of the strength that is left to faces; None: all of it
    lacking: str = ""  # what a person has yet to do before anything can be painted


def where(photo: Choice, styles: Mapping[str, Choice], main: Choice) -> Where:
    """Let a person say it; `styles` are all that there are, by their token, and `main` is the first of the picture."""
    state = st.session_state
    state.setdefault(PLACE, EVERYWHERE)
    state.setdefault(_FEATHER, FEATHER)
    faces.begin()
    places = [place for place in _PLACES if place != CUT_OUT or is_transparent(photo)]
    if state[PLACE] not in places:
        state[PLACE] = EVERYWHERE  # another photo was chosen, which has no such place
    with st.expander("Where to paint", icon=":material/select_all:", key="where", on_change="rerun"):
        st.pills(
            "Paint",
            places,
            format_func=_PLACES.__getitem__,
            required=True,
            label_visibility="collapsed",
            **bound_widget.default(PLACE),
        )
        place: str = state[PLACE]
        mask = None if place == EVERYWHERE else mask_of(place, photo, state[_FEATHER])
        strength, style = (0.0, None) if place == EVERYWHERE else outside_region.rest(styles, main)
        _finer(photo, place)
    if mask is None:
        return Where(None, faces.gentle())
    if not mask.file:
        return Where(None, faces.gentle(), mask.lacking)
    return Where(Area(place, mask.file, state[_FEATHER], strength, style), faces.gentle())


def take(area: Area | None, photo: Choice) -> None:
    """Stand for an area of a photo; called before anything is drawn. A mask that was not found comes as brushed."""
    if area is None:
        take_everywhere()
        return
    if area.place in {"brush", "file"}:
        begin_with(photo, area.mask)
    take_place("brush" if area.place == "file" else area.place, area.feather, area.rest_strength, area.rest_style)


def take_everywhere() -> None:
    """Stand for all of whatever photo is chosen; called before anything is drawn."""
    st.session_state[PLACE] = EVERYWHERE


def take_place(place: str, feather: float, rest_strength: float, rest_style: Choice | None) -> None:
    """The same for a place in it."""
    st.session_state[PLACE], st.session_state[_FEATHER] = place, min(feather, SOFTEST)
    outside_region.take(rest_strength, rest_style)


def _finer(photo: Choice, place: str) -> None:
    """The guard of faces, and what few people need to touch."""
    with st.container(horizontal=True, vertical_alignment="center"):
        faces.guard(photo)
        edge, faced = place != EVERYWHERE, faces.guarded(photo)
        if not (edge or faced):
            return
        with st.popover("More", icon=":material/tune:"):
            if edge:
                _soft_edge()
            if faced:
                faces.lightness()


def _soft_edge() -> None:
    look: dict[str, Any] = {"format": "%g%%", "help": _FEATHER_HELP}
    st.slider("Soft edge", 0.0, SOFTEST, step=0.5, **look, **bound_widget.value(_FEATHER))
