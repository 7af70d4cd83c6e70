"""The studio: choose a photo and a style, press Start, watch it being painted, take it home."""

from __future__ import annotations

import streamlit as st

from nst import samples
from nst.errors import NstError
from nst.ui import orders
from nst.ui.background import background
from nst.ui.components import form
from nst.ui.components.advanced import advanced, init_image, published
from nst.ui.components.dials import dials, quality
from nst.ui.components.easel import easel
from nst.ui.components.gallery import gallery
from nst.ui.components.look import look
from nst.ui.components.prospect import prospect
from nst.ui.painting import Order, Painting
from nst.ui.pictures import Choice

STOP_PATIENCE = 0.5  # seconds; most runs end sooner, and then the page need not look again


def studio() -> None:
    """Draw the page."""
    form.begin()
    look()
    left, right = st.columns([5, 7], gap="large")
    with left:
        with st.container(key="title", gap="xsmall"):
            st.title("NST Studio", anchor=False)
            st.markdown("Your photo, repainted in the manner of a painting.")
        st.header("Photo", anchor=False)
        photo = gallery("photo", samples.photos(), samples.DEFAULT_PHOTO, camera=True)
        st.header("Style", anchor=False)
        style = gallery("style", samples.styles(), samples.DEFAULT_STYLE, trained=True)
        advanced()
    with right, st.container(key="right"):
        dials()
        if form.instant():
            _start(photo, style, unless_done=True)
        painting: Painting | None = st.session_state.get("painting")
        seen = painting.job.progress if painting else None
        _start_or_stop(photo, style, painting if seen and not seen.state.ended else None)
        if problem := st.session_state.get("problem"):
            st.error(problem)
        easel(photo, style, painting, seen)
    background().begin()  # last, because it slows down whatever comes after it


def _start_or_stop(photo: Choice, style: Choice, running: Painting | None) -> None:
    """The quality, and one button beside it: Start, or Stop while a painting is at work."""
    if published():  # such a recipe has no quality of ours
        place = st.container()
    else:
        choice, place = st.columns([1, 1], gap="medium", vertical_alignment="center")
        with choice:
            quality()
    if running is None:
        if place.button("Start painting", key="start", type="primary", icon=":material/brush:", width="stretch"):
            _start(photo, style)
            st.rerun()
        prospect(photo)
        return
    stopping = running.job.control.stopped
    label = "Stopping…" if stopping else "Stop and keep the picture"
    if place.button(label, key="stop", icon=":material/stop_circle:", width="stretch", disabled=stopping):
        running.job.stop()
        running.job.ended.wait(STOP_PATIENCE)
        st.rerun()


def _start(photo: Choice, style: Choice, *, unless_done: bool = False) -> None:
    """Order what the page stands for; what cannot be done is said in place of it."""
    state = st.session_state
    try:
        order = Order(photo, style, form.settings(), init_image())
        if unless_done and not orders.outdated(order):
            return
        state["problem"] = None
        orders.begin(order)
    except NstError as error:
        state["problem"] = str(error)
