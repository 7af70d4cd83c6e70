"""Studio page: choose a content image and a style, start a run, watch its snapshots, download the result."""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st

from nst.errors import NstError
from nst.images import samples
from nst.ui.actions import restore_run, start
from nst.ui.inputs import form, image_picker, region_masks
from nst.ui.inputs.advanced_settings import advanced, init_image, published
from nst.ui.inputs.forecast_note import prospect
from nst.ui.inputs.image_picker import choices, gallery
from nst.ui.inputs.main_settings import dials, quality
from nst.ui.inputs.region_picker import Where, where
from nst.ui.inputs.style_mix import mixing
from nst.ui.result.diagnostics import advise_before
from nst.ui.result.history import history, remember
from nst.ui.result.result_view import easel
from nst.ui.result.run_controls import run_controls, steered
from nst.ui.result.sharing import arrival, sharing, take_link, take_picture
from nst.ui.result.variations import contact_sheet
from nst.ui.server.background import background
from nst.ui.server.mask_finder import lookout
from nst.ui.state.format import literal
from nst.ui.state.pictures import Choice
from nst.ui.state.request import PROBLEM, Mix, Order, Painting
from nst.ui.widgets.hint import hint
from nst.ui.widgets.page_css import look
from nst.ui.widgets.tab_title import NAME

_START_HELP = "Keyboard: Ctrl + Enter, or ⌘ + Enter on a Mac."


class Wish(NamedTuple):
    """Form state, except for the engine settings."""

    photo: Choice
    mix: Mix
    where: Where

    @property
    def plan(self) -> str:
        """Summary of the request, as Markdown."""
        manner, area = self._manner, self.where.area
        if area is None:
            return manner
        if not area.rest_strength:
            return f"{manner}: only {area.name}"
        rest = f"in the style of **{literal(area.rest_style.name)}**" if area.rest_style else "too"
        return f"{manner}: {area.name}; everything else {rest}, at strength {area.rest_strength:g}"

    @property
    def _manner(self) -> str:
        return f"**{literal(self.photo.name)}** in the style of **{literal(self.mix.names)}**"

    def order(self) -> Order:
        """Return the complete request. Raises SettingsError."""
        return Order(self.photo, self.mix, form.settings(), init_image(), self.where.area, self.where.gentle)


def take_uploads() -> None:
    """Take over the files that have been uploaded since the last run. Call at the beginning of each run of every page.

    A picture that was uploaded just before a change of the page would be lost otherwise.
    """
    image_picker.take_uploads()
    region_masks.take_upload()
    take_picture()


def studio(about: st.Page) -> None:
    """Draw the page. `about` is the page that explains the method."""
    form.begin()
    take_link()
    restore_run.come_back()
    look()
    left, right = st.columns([5, 7], gap="large")
    with left:
        wish = _wish(about)
    with right, st.container(key="right"):
        _work(wish)
    _look_ahead(wish)
    background().begin()


def _wish(about: st.Page) -> Wish:
    """Draw the input column and return its state."""
    with st.container(key="title", gap="xsmall"):
        st.title(NAME, anchor=False)
        st.markdown("Your photo, repainted in the style of a painting.")
        st.page_link(about, label="How does it work?", icon=":material/menu_book:")
        hint()
    arrival()
    st.header("Photo", anchor=False)
    photo = gallery("photo", samples.photos(), samples.DEFAULT_PHOTO, camera=True)
    st.header("Style", anchor=False)
    style = gallery("style", samples.styles(), samples.DEFAULT_STYLE)
    styles = choices("style", samples.styles())
    with st.container(key="more"):
        wish = Wish(photo, mixing(style, styles), where(photo, styles, style))
        sharing(wish.order)
        advanced()
    return wish


def _work(wish: Wish) -> None:
    """Draw the main settings, the Start button, the result view and the history."""
    # Always one container: if the result view changed position, the browser would recreate its image with a flicker.
    with st.container(key="controls"):
        with st.container(key="dials"):
            dials()
        if form.instant():
            _start(wish, unless_done=True)
        painting: Painting | None = st.session_state.get("painting")
        seen = painting.job.progress if painting else None
        _start_or_stop(wish, painting if seen and not seen.state.ended else None)
        if problem := st.session_state.get(PROBLEM):
            st.error(literal(problem))
    easel(wish.photo, wish.plan, painting, seen, None if wish.where.lacking else wish.order)
    remember(painting)
    history(busy=seen is not None and not seen.state.ended)


def _look_ahead(wish: Wish) -> None:
    """Detect faces in advance, once the engines are warm."""
    if wish.where.gentle is not None and background().warm:
        lookout().ask("faces", wish.photo)


def _start_or_stop(wish: Wish, running: Painting | None) -> None:
    """Draw the quality and the Start button or, during a run, the run controls."""
    if published():  # published presets have no quality levels
        place = st.container()
    else:
        choice, place = st.columns([1, 1], gap="medium", vertical_alignment="center")
        with choice:
            quality()
    # One row for both: a button that replaces another one would push the content below down for a moment.
    with place, st.container(key="start-or-stop", horizontal=True, gap="small"):
        if running is None:
            _start_button(wish)
        else:
            run_controls(running)
    row: dict[str, Any] = {"horizontal": True, "horizontal_alignment": "distribute", "vertical_alignment": "center"}
    with st.container(key="beside-start", gap="small", **row):
        if running is not None and running.steps:
            steered(running, wish.order)
        elif wish.where.lacking:
            st.caption(literal(wish.where.lacking))
        else:
            prospect(wish.order)
            contact_sheet(wish.order)
    if running is None and not wish.where.lacking:
        advise_before(wish.order)


def _start_button(wish: Wish) -> None:
    look: dict[str, Any] = {"type": "primary", "icon": ":material/brush:", "width": "stretch"}
    look |= {"shortcut": "Ctrl+Enter", "help": _START_HELP}
    if st.button("Start painting", key="start", disabled=bool(wish.where.lacking), **look):
        _start(wish)
        st.rerun()


def _start(wish: Wish, *, unless_done: bool = False) -> None:
    """Submit the request; show errors in place of the result.

    With `unless_done`, submit only if the displayed result of the fast engine is outdated.
    """
    state = st.session_state
    try:
        order = wish.order()
        if unless_done and (wish.where.lacking or not start.outdated(order)):
            return
        state[PROBLEM] = None
        start.begin(order)
    except NstError as error:
        state[PROBLEM] = str(error)
