"""Diagnostics on the page: one suggestion at a time, with one button to apply its fix and one to dismiss it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from nst import diagnostics
from nst.diagnostics import Advice, Edit, Fix, ImageStats, Result, RunPlan
from nst.errors import NstError
from nst.images import io as images
from nst.images import samples
from nst.images.io import Pixels, Source
from nst.jobs.progress import Progress, State
from nst.run.snapshot import Snapshot
from nst.ui.actions import start
from nst.ui.inputs import form, image_picker
from nst.ui.state import session_state as session
from nst.ui.state.pictures import ImageChoice, decoded
from nst.ui.state.request import Request
from nst.ui.state.run_handle import RunHandle
from nst.ui.state.show_errors import show_errors

_SAMPLES = {"photo": samples.photos, "style": samples.styles}

_MESSAGE = 390  # pixels; leaves room for the buttons beside the message, which wrap below on a phone

Seen = tuple[str, ...]  # the issue, and the tokens of the images


def advise_before(wanted: Callable[[], Request]) -> None:
    """Draw a suggestion for the current request, returned by `wanted`, if there is one.

    Draw nothing if the displayed result already matches the request, or if a suggestion for that result is shown.
    """
    try:
        request = wanted()
        advice = diagnostics.before(_plan(request))
    except NstError:
        return  # Start reports the error
    if advice is not None and not _settled(request) and not _dismissed(advice, request):
        _say(advice, request, _follow)


def _settled(request: Request) -> bool:
    """Return True if advise_before() must draw nothing because of the displayed result.

    True if the result has the content image of the request, and either was made from an equal request with the optimize
    engine, or has a suggestion of advise_after() that the user has not dismissed.
    """
    handle = session.run.value
    if handle is None or handle.request.photo != request.photo:
        return False
    # Fast-engine results do not count: suggestions stay useful while settings change.
    as_wanted = handle.request == request and not request.instant
    return as_wanted or _finding(handle) is not None


def advise_after(handle: RunHandle) -> None:
    """Draw a suggestion for a finished result, if there is one.

    A stopped run gets none, because the user chose to stop.
    """
    advice = _finding(handle)
    if advice is not None and _say(advice, handle.request, _paint_again):
        st.rerun()


def _finding(handle: RunHandle) -> Advice | None:
    """Return the suggestion for a finished result; None if there is none or the user dismissed it.

    Each result is diagnosed only once.
    """
    progress, snapshot = handle.job.progress, handle.job.progress.snapshot
    if progress.state is not State.DONE or snapshot is None:
        return None
    advice = session.advice.of(snapshot, make=lambda: diagnostics.after(_result(handle, progress, snapshot)))
    return None if advice is None or _dismissed(advice, handle.request) else advice


def _say(advice: Advice, request: Request, follow: Callable[[Fix, Request], None]) -> bool:
    """Draw a suggestion with its buttons. Return True if the user applied its fix.

    `follow` is called with the fix and the request to apply the fix.
    """
    kind = advice.issue.replace(" ", "-")
    row: dict[str, Any] = {"horizontal": True, "horizontal_alignment": "distribute", "vertical_alignment": "center"}
    with st.container(key=f"advice-{kind}", border=True, gap="small", **row):
        st.markdown(f":material/lightbulb: {advice.message}", width=_MESSAGE)
        clicked = False
        if advice.fix is not None:
            followed: dict[str, Any] = {"on_click": follow, "args": (advice.fix, request)}
            clicked = st.button(advice.fix.label, key=f"follow-{kind}", icon=":material/auto_fix_high:", **followed)
        sent_away: dict[str, Any] = {"on_click": session.dismissed_advice.value.add, "args": (_about(advice, request),)}
        st.button("Dismiss", key=f"dismiss-{kind}", type="tertiary", **sent_away)
    return clicked


def _dismissed(advice: Advice, request: Request) -> bool:
    return _about(advice, request) in session.dismissed_advice.value


def _about(advice: Advice, request: Request) -> Seen:
    return (advice.issue, request.photo.token, *(style.token for style in request.mix.styles))


def _follow(fix: Fix, request: Request) -> None:
    """Apply a fix to the form and the galleries, without starting a run. Call before the page is drawn."""
    photo, style = request.photo, request.mix.styles[0]
    if fix.settings is not None:
        form.apply(fix.settings)
    if fix.swaps:
        _put("photo", photo, style.source)
        _put("style", style, photo.source)
    if fix.photo is not None:
        _put("photo", photo, _edited(photo, fix.photo))


def _put(kind: str, old: ImageChoice, source: Source) -> None:
    """Replace the image `old`, selected in the gallery `kind`, by an image from `source` with the same name."""
    new = replace(old, token=secrets.token_hex(8), source=source)
    image_picker.exchange(kind, old, new, _SAMPLES[kind]())


def _edited(choice: ImageChoice, edit: Edit) -> bytes:
    return images.encode(edit(decoded(choice)), "jpeg")


def _paint_again(fix: Fix, request: Request) -> None:
    """Apply a fix to the form and the galleries, and submit the request again with the fixed settings."""
    _follow(fix, request)
    with show_errors(session.problem):
        start.begin(replace(request, settings=fix.settings or request.settings, init=None))


def _plan(request: Request) -> RunPlan:
    outside = request.region.outside_strength if request.region else 0.0
    return RunPlan(_signs(request.photo), [_signs(style) for style in request.mix.styles], request.settings, outside)


def _signs(choice: ImageChoice) -> ImageStats:
    return _signs_of(choice.token, choice)


@st.cache_data(max_entries=200, show_spinner=False)
def _signs_of(token: str, _choice: ImageChoice) -> ImageStats:  # noqa: ARG001 (the cache key is the token)
    return ImageStats.of(decoded(_choice))


def _result(handle: RunHandle, progress: Progress, snapshot: Snapshot) -> Result:
    request, size = handle.request, (snapshot.image.shape[1], snapshot.image.shape[0])
    photo, *styles = (_at(size, choice.token, choice) for choice in (request.photo, *request.mix.styles))
    return Result(snapshot.on_white, photo, styles, request.settings, [point.total for point in progress.history])


@st.cache_data(max_entries=8, show_spinner=False)  # fast-engine results are diagnosed after every change
def _at(size: tuple[int, int], token: str, _choice: ImageChoice) -> Pixels:  # noqa: ARG001 (the cache key is the token)
    return images.resize(decoded(_choice).rgb, size)
