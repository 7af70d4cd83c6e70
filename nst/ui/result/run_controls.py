"""Buttons of an unfinished run: pause, resume, stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from nst.errors import NstError
from nst.jobs.progress import State
from nst.ui.actions import restore_run, steer
from nst.ui.state import format
from nst.ui.state import session_state as session
from nst.ui.state.request import Request
from nst.ui.state.run_handle import RunHandle
from nst.ui.state.show_errors import show_errors

PATIENCE = 0.5  # seconds; most runs stop or pause within this time, and the page need not poll

_STEERED = "Change {} at any time. The picture follows."
_ALL_LATER = "Changes apply to the next picture."
_LATER = "Other changes apply to the next picture."
_STOP_HELP = "Keyboard: Ctrl + Shift + Enter, or ⌘ + Shift + Enter on a Mac."


def run_controls(handle: RunHandle) -> None:
    """Draw the buttons for an unfinished run that its state allows: Pause or Resume, and Stop."""
    progress = handle.job.progress
    if progress.state is State.PAUSED:
        _resume(handle)
    elif handle.steps and (progress.snapshot or not handle.active.waiting):  # else there is nothing to pause yet
        _pause(handle)
    _stop(handle)


def steered(handle: RunHandle, wanted: Callable[[], Request]) -> None:
    """Send changed live settings to an iterative run, and draw a note that names the settings that can change.

    `wanted` returns the current request.
    """
    changeable = _changeable(handle)
    if not changeable:
        st.caption(_ALL_LATER)
        return
    try:
        complete = steer.steer(handle, wanted())
    except NstError:  # invalid settings for the next run, which Start rejects
        complete = False
    said = [] if handle.job.progress.state is State.QUEUED else [_STEERED.format(format.listed(changeable))]
    if not complete:
        said.append(_LATER)
    if said:
        st.caption(" ".join(said))


def _changeable(handle: RunHandle) -> list[str]:
    """Return the names of the settings that can change during the run, as Markdown."""
    request = handle.request
    strength, colors = request.settings.strength is not None, steer.recolorable(request)
    return [name for name, applies in {"**Style strength**": strength, "**Colors**": colors}.items() if applies]


def _resume(handle: RunHandle) -> None:
    if st.button("Resume", key="resume", icon=":material/play_arrow:", type="primary", width="stretch"):
        session.problem.value = None
        with show_errors(session.problem):
            restore_run.resume_run(handle)
        st.rerun()


def _pause(handle: RunHandle) -> None:
    job = handle.active
    options: dict[str, Any] = {
        "icon": ":material/pause:",
        "width": "stretch",
        "disabled": job.pausing or job.control.stopped,
    }
    if st.button("Pausing…" if job.pausing else "Pause", key="pause", **options):
        job.pause()
        job.rests.wait(PATIENCE)
        st.rerun()


def _stop(handle: RunHandle) -> None:
    job = handle.active
    stopping = job.control.stopped and not job.pausing
    label = "Cancel" if job.waiting and job.progress.snapshot is None else "Stop here"
    options: dict[str, Any] = {"icon": ":material/stop_circle:", "width": "stretch", "disabled": stopping}
    options |= {"shortcut": "Ctrl+Shift+Enter", "help": _STOP_HELP}
    if st.button("Stopping…" if stopping else label, key="stop", **options):
        job.stop()
        job.ended.wait(PATIENCE)
        st.rerun()
