"""Selection of the region to stylize, of the settings outside the region, and of face protection.

A preview marks the region on the content image before a run starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from nst.ui.inputs import faces, outside_region
from nst.ui.inputs.region_masks import mask_of
from nst.ui.state import bound_widget
from nst.ui.state import session_state as session
from nst.ui.state.pictures import ImageChoice, is_transparent
from nst.ui.state.request import RegionRequest
from nst.ui.widgets.board import begin_with

CUT_OUT = "alpha"  # kind of region offered only for content images with transparency
SOFTEST = 10.0  # percent of the long side; the engines allow more, but wider edges dissolve the region

_KINDS = {
    session.EVERYWHERE: ":material/photo: Whole picture",
    "subject": ":material/person: Subject",
    "background": ":material/forest: Background",
    "sky": ":material/cloud: Sky",
    CUT_OUT: ":material/content_cut: Opaque part",
    "brush": ":material/brush: Brush",
    "file": ":material/upload_file: Own mask",
}
_FEATHER_HELP = "Width of the transition at the edge of the painted part, in percent of the picture's long side."


@dataclass(frozen=True)
class RegionChoice:
    """Selected region, with its settings, and face protection."""

    region: RegionRequest | None = None  # None: the whole content image
    face_protection: float | None = None  # how recognizable faces stay, 0 to 100; None: no protection
    lacking: str = ""  # next step required of the user before a run; empty if none


def region_picker(photo: ImageChoice, styles: Mapping[str, ImageChoice], main: ImageChoice) -> RegionChoice:
    """Draw the widgets for the region and face protection, and return the selection.

    `styles` are all available styles by token; `main` is the main style of the request.
    """
    kinds = [kind for kind in _KINDS if kind != CUT_OUT or is_transparent(photo)]
    if session.region_kind.value not in kinds:
        session.region_kind.value = session.EVERYWHERE  # a new content image has no transparency
    with st.expander("Where to paint", icon=":material/select_all:", key="where", on_change="rerun"):
        st.pills(
            "Paint",
            kinds,
            format_func=_KINDS.__getitem__,
            required=True,
            label_visibility="collapsed",
            **bound_widget.default(session.region_kind),
        )
        kind, feather = session.region_kind.value, session.soft_edge.value
        mask = None if kind == session.EVERYWHERE else mask_of(kind, photo, feather)
        strength, style = (0.0, None) if kind == session.EVERYWHERE else outside_region.outside_region(styles, main)
        _finer(photo, kind)
    if mask is None:
        return RegionChoice(None, faces.face_protection())
    if mask.mask is None:
        return RegionChoice(None, faces.face_protection(), mask.lacking)
    return RegionChoice(RegionRequest(kind, mask.mask, feather, strength, style), faces.face_protection())


def apply(region: RegionRequest | None, photo: ImageChoice) -> None:
    """Set the widgets to a region of the content image `photo`; None selects the whole image.

    An uploaded mask becomes a brushed one. Call before region_picker().
    """
    if region is None:
        apply_everywhere()
        return
    if region.kind in {"brush", "file"}:
        begin_with(photo, region.mask)
    apply_kind(
        "brush" if region.kind == "file" else region.kind, region.feather, region.outside_strength, region.outside_style
    )


def apply_everywhere() -> None:
    """Set the widgets to the whole content image. Call before region_picker()."""
    session.region_kind.value = session.EVERYWHERE


def apply_kind(kind: str, feather: float, outside_strength: float, outside_style: ImageChoice | None) -> None:
    """Set the widgets to a kind of region, its soft edge, and the strength and style outside.

    `feather` is the soft edge in percent of the long side. Call before region_picker().
    """
    session.region_kind.value, session.soft_edge.value = kind, min(feather, SOFTEST)
    outside_region.apply(outside_strength, outside_style)


def _finer(photo: ImageChoice, kind: str) -> None:
    """Draw face protection and, in a popover, the soft edge of the region and how recognizable faces stay."""
    with st.container(horizontal=True, vertical_alignment="center"):
        faces.checkbox(photo)
        edge, faced = kind != session.EVERYWHERE, faces.are_protected(photo)
        if not (edge or faced):
            return
        with st.popover("More", icon=":material/tune:"):
            if edge:
                _soft_edge()
            if faced:
                faces.slider()


def _soft_edge() -> None:
    options: dict[str, Any] = {"format": "%g%%", "help": _FEATHER_HELP}
    st.slider("Soft edge", 0.0, SOFTEST, step=0.5, **options, **bound_widget.value(session.soft_edge))
