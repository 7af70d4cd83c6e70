"""Studio page: choose a content image and a style, start a run, watch its snapshots, download the result."""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st

from nst.images import samples
from nst.ui.actions import restore_run, start
from nst.ui.inputs import form, image_picker, region_masks
from nst.ui.inputs.advanced_settings import advanced, init_image, published
from nst.ui.inputs.forecast_note import prospect
from nst.ui.inputs.image_picker import choices, gallery
from nst.ui.inputs.main_settings import main_settings, quality
from nst.ui.inputs.region_picker import RegionChoice, region_picker
from nst.ui.inputs.style_mix import style_mix
from nst.ui.result.diagnostics import advise_before
from nst.ui.result.history import add_to_history, history
from nst.ui.result.result_view import result_view
from nst.ui.result.run_controls import run_controls, steered
from nst.ui.result.sharing import apply_link, arrival, sharing, take_picture
from nst.ui.result.variations import contact_sheet
from nst.ui.server.background import background
from nst.ui.server.mask_finder import mask_finder
from nst.ui.state import session_state as session
from nst.ui.state.format import literal
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import Request, StyleMix
from nst.ui.state.run_handle import RunHandle
from nst.ui.state.show_errors import show_error, show_errors
from nst.ui.widgets.hint import hint
from nst.ui.widgets.page_css import apply_css
from nst.ui.widgets.tab_title import NAME

_START_HELP = "Keyboard: Ctrl + Enter, or ⌘ + Enter on a Mac."


class FormState(NamedTuple):
    """Inputs selected on the page: images, region and face protection, but not the engine settings."""

    photo: ImageChoice
    mix: StyleMix
    region_choice: RegionChoice

    @property
    def plan(self) -> str:
        """Summary of the request, as Markdown, such as "**Lion** in the style of **Waves**: only the sky"."""
        pair, region = self._pair, self.region_choice.region
        if region is None:
            return pair
        if not region.outside_strength:
            return f"{pair}: only {region.name}"
        outside = f"in the style of **{literal(region.outside_style.name)}**" if region.outside_style else "too"
        return f"{pair}: {region.name}; everything else {outside}, at strength {region.outside_strength:g}"

    @property
    def _pair(self) -> str:
        return f"**{literal(self.photo.name)}** in the style of **{literal(self.mix.names)}**"

    def request(self) -> Request:
        """Return the request with the current engine settings. Raises SettingsError if these are invalid."""
        choice = self.region_choice
        return Request(self.photo, self.mix, form.settings(), init_image(), choice.region, choice.face_protection)


def take_uploads() -> None:
    """Store the images, masks and settings uploaded since the last script run in the session.

    Call at the beginning of each script run of every page: files uploaded just before a change of the page would be
    lost otherwise.
    """
    image_picker.take_uploads()
    region_masks.take_upload()
    take_picture()


def studio(about: st.Page) -> None:
    """Draw the studio page. `about` is the page that explains the method, for the link to it."""
    form.begin()
    apply_link()
    restore_run.restore()
    apply_css()
    left, right = st.columns([5, 7], gap="large")
    with left:
        form_state = _form(about)
    with right, st.container(key="right"):
        _work(form_state)
    _find_faces(form_state)
    background().begin()


def _form(about: st.Page) -> FormState:
    """Draw the column with the inputs and return the selected inputs."""
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
        form_state = FormState(photo, style_mix(style, styles), region_picker(photo, styles, style))
        sharing(form_state.request)
        advanced()
    return form_state


def _work(form_state: FormState) -> None:
    """Draw the main settings, the Start button, the result view and the history."""
    # Always one container: if the result view changed position, the browser would recreate its image with a flicker.
    with st.container(key="controls"):
        with st.container(key="dials"):
            main_settings()
        if form.instant():
            _start(form_state, unless_done=True)
        handle = session.run.value
        seen = handle.job.progress if handle else None
        _start_or_stop(form_state, handle if seen and not seen.state.ended else None)
        show_error(session.problem.value)
    result_view(
        form_state.photo,
        form_state.plan,
        handle,
        seen,
        None if form_state.region_choice.lacking else form_state.request,
    )
    add_to_history(handle)
    history(busy=seen is not None and not seen.state.ended)


def _find_faces(form_state: FormState) -> None:
    """Start the detection of faces in the content image before a run needs them, once the engines are warm."""
    if form_state.region_choice.face_protection is not None and background().warm:
        mask_finder().ask("faces", form_state.photo)


def _start_or_stop(form_state: FormState, running: RunHandle | None) -> None:
    """Draw the selection of the quality and the Start button or, if there is a `running` run, its controls."""
    if published():  # published presets have no quality levels
        column = st.container()
    else:
        choice, column = st.columns([1, 1], gap="medium", vertical_alignment="center")
        with choice:
            quality()
    # One row for both: a button that replaces another one would briefly move the content below.
    with column, st.container(key="start-or-stop", horizontal=True, gap="small"):
        if running is None:
            _start_button(form_state)
        else:
            run_controls(running)
    row: dict[str, Any] = {"horizontal": True, "horizontal_alignment": "distribute", "vertical_alignment": "center"}
    with st.container(key="beside-start", gap="small", **row):
        if running is not None and running.steps:
            steered(running, form_state.request)
        elif form_state.region_choice.lacking:
            st.caption(literal(form_state.region_choice.lacking))
        else:
            prospect(form_state.request)
            contact_sheet(form_state.request)
    if running is None and not form_state.region_choice.lacking:
        advise_before(form_state.request)


def _start_button(form_state: FormState) -> None:
    options: dict[str, Any] = {"type": "primary", "icon": ":material/brush:", "width": "stretch"}
    options |= {"shortcut": "Ctrl+Enter", "help": _START_HELP}
    if st.button("Start painting", key="start", disabled=bool(form_state.region_choice.lacking), **options):
        _start(form_state)
        st.rerun()


def _start(form_state: FormState, *, unless_done: bool = False) -> None:
    """Submit the request as a job. An error is shown in place of the result.

    With `unless_done`, submit only to replace an outdated result of the fast engine, and only if no input is missing.
    """
    with show_errors(session.problem):
        request = form_state.request()
        if not unless_done or (not form_state.region_choice.lacking and start.outdated(request)):
            start.begin(request)
