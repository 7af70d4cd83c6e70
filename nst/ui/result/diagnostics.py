"""Diagnostics on the page: one suggestion at a time, with a button to apply and a button to dismiss."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from nst import diagnostics
from nst.diagnostics import Advice, Edit, Fix, Plan, Result, Signs
from nst.errors import NstError
from nst.images import io as images
from nst.images import samples
from nst.images.io import Picture, Pixels, Source
from nst.jobs.progress import Progress, State
from nst.models.stylizers import trained_style
from nst.run.snapshot import Snapshot
from nst.ui.actions import start
from nst.ui.inputs import form, image_picker
from nst.ui.state.pictures import Choice
from nst.ui.state.request import PROBLEM, Order, Painting

_DISMISSED = "advice-dismissed"  # session key of the dismissed suggestions
_SAMPLES = {"photo": samples.photos, "style": samples.styles}
_FOUND = "advice-on-picture"  # session key of the suggestion for the latest result

_MESSAGE = 390  # pixels; leaves room for the buttons beside the message, which wrap below on a phone

Seen = tuple[str, ...]  # the issue, and the tokens of the images


def advise_before(wanted: Callable[[], Order]) -> None:
    """Show a suggestion for the current request, if any.

    Show nothing if the displayed result already matches the request or has a suggestion of its own.
    """
    try:
        order = wanted()
        advice = diagnostics.before(_plan(order))
    except NstError:
        return  # Start reports the error
    if advice is not None and not _settled(order) and not _dismissed(advice, order):
        _say(advice, order, _follow)


def _settled(order: Order) -> bool:
    """Return True if the displayed result matches the request or has a suggestion of its own."""
    painting: Painting | None = st.session_state.get("painting")
    if painting is None or painting.order.photo != order.photo:
        return False
    # Fast-engine results do not count: suggestions stay useful while settings change.
    as_wanted = painting.order == order and not order.instant
    return as_wanted or _finding(painting) is not None


def advise_after(painting: Painting) -> None:
    """Show a suggestion for a finished result, if any. Stopped runs get none, because the user chose to stop."""
    advice = _finding(painting)
    if advice is not None and _say(advice, painting.order, _paint_again):
        st.rerun()


def _finding(painting: Painting) -> Advice | None:
    """Return the suggestion for a finished result, or None if dismissed. Each result is diagnosed once."""
    progress, snapshot = painting.job.progress, painting.job.progress.snapshot
    if progress.state is not State.DONE or snapshot is None:
        return None
    kept: tuple[Snapshot, Advice | None] | None = st.session_state.get(_FOUND)
    if kept is None or kept[0] is not snapshot:
        kept = st.session_state[_FOUND] = (snapshot, diagnostics.after(_result(painting, progress, snapshot)))
    advice = kept[1]
    return None if advice is None or _dismissed(advice, painting.order) else advice


def _say(advice: Advice, order: Order, follow: Callable[[Fix, Order], None]) -> bool:
    """Draw a suggestion. Return True if the user applied its fix."""
    kind = advice.ailment.replace(" ", "-")
    row: dict[str, Any] = {"horizontal": True, "horizontal_alignment": "distribute", "vertical_alignment": "center"}
    with st.container(key=f"advice-{kind}", border=True, gap="small", **row):
        st.markdown(f":material/lightbulb: {advice.message}", width=_MESSAGE)
        clicked = False
        if advice.fix is not None:
            followed: dict[str, Any] = {"on_click": follow, "args": (advice.fix, order)}
            clicked = st.button(advice.fix.label, key=f"follow-{kind}", icon=":material/auto_fix_high:", **followed)
        sent_away: dict[str, Any] = {"on_click": _unwanted().add, "args": (_about(advice, order),)}
        st.button("Dismiss", key=f"dismiss-{kind}", type="tertiary", **sent_away)
    return clicked


def _dismissed(advice: Advice, order: Order) -> bool:
    return _about(advice, order) in _unwanted()


def _unwanted() -> set[Seen]:
    """Return the dismissed suggestions of the session."""
    unwanted: set[Seen] = st.session_state.setdefault(_DISMISSED, set())
    return unwanted


def _about(advice: Advice, order: Order) -> Seen:
    return (advice.ailment, order.photo.token, *(style.token for style in order.mix.styles))


def _follow(fix: Fix, order: Order) -> None:
    """Apply a fix to the form and the galleries. Call before the page is drawn."""
    photo, style = order.photo, order.mix.styles[0]
    if fix.settings is not None:
        form.take(fix.settings)
    if fix.swaps:
        _put("photo", photo, style.source)
        _put("style", style, photo.source)
    if fix.photo is not None:
        _put("photo", photo, _edited(photo, fix.photo))


def _put(kind: str, old: Choice, source: Source) -> None:
    """Replace a selected image."""
    new = replace(old, token=secrets.token_hex(8), source=source)
    image_picker.exchange(kind, old, new, _SAMPLES[kind]())


def _edited(choice: Choice, edit: Edit) -> bytes:
    return images.encode(edit(images.read(choice.source, choice.name)), "jpeg")


def _paint_again(fix: Fix, order: Order) -> None:
    """Apply a fix and submit the request again."""
    _follow(fix, order)
    try:
        start.begin(replace(order, settings=fix.settings or order.settings, init=None))
        st.session_state[PROBLEM] = None
    except NstError as error:
        st.session_state[PROBLEM] = str(error)


def _plan(order: Order) -> Plan:
    rest = order.area.rest_strength if order.area else 0.0
    return Plan(_signs(order.photo), [_signs(style) for style in order.mix.styles], order.settings, rest)


def _signs(choice: Choice) -> Signs:
    return _signs_of(choice.token, choice.source)


@st.cache_data(max_entries=200, show_spinner=False)
def _signs_of(token: str, _source: Source) -> Signs:  # noqa: ARG001 (the cache key is the token)
    trained = trained_style.find(_source)
    return Signs.of(Picture(trained.picture) if trained else images.read(_source))


def _result(painting: Painting, progress: Progress, snapshot: Snapshot) -> Result:
    order, size = painting.order, (snapshot.image.shape[1], snapshot.image.shape[0])
    photo, *styles = (_at(size, choice.token, choice.source) for choice in (order.photo, *order.mix.styles))
    return Result(snapshot.on_white, photo, styles, order.settings, [point.total for point in progress.history])


@st.cache_data(max_entries=8, show_spinner=False)  # fast-engine results are diagnosed after every change
def _at(size: tuple[int, int], token: str, _source: Source) -> Pixels:  # noqa: ARG001 (the cache key is the token)
    return images.resize(trained_style.pixels(_source), size)
