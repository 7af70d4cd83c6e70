"""Restore a run after a page refresh, in another tab or after a server restart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import streamlit as st

from nst.errors import NstError
from nst.jobs.job import Job
from nst.jobs.progress import State
from nst.jobs.store import StoredJob
from nst.run.snapshot import Snapshot
from nst.ui.actions import start, steer
from nst.ui.actions.apply_settings import Setup, take
from nst.ui.inputs import region_picker
from nst.ui.server import resources as server
from nst.ui.server import sessions
from nst.ui.state import link, request_json
from nst.ui.state.request import PROBLEM, RunHandle

_LOST = (
    "The picture at this address is no longer available. Unfinished pictures are kept for {hours:g} hours. "
    "Choose a photo and a style, and press Start."
)


def restore() -> None:
    """Restore the run that the page address points to. Call before anything of the page is drawn.

    A run that was paused because no session was viewing it is resumed.
    """
    state, token = st.session_state, link.token()
    handle: RunHandle | None = state.get("painting")
    if token is not None and (handle is None or handle.job.token != token):
        _attempt(partial(_take_up, token))
        handle = state.get("painting")
    if handle is not None and handle.job.progress.state is State.PAUSED and handle.job.progress.away:
        _attempt(partial(resume_run, handle))


def resume_run(handle: RunHandle) -> None:
    """Queue a paused run again. Raises Busy."""
    job = server.jobs().resume(handle.job)
    if job is not handle.job:  # another tab resumed the run first
        start.show(RunHandle(job))
    steer.tell(job)


def _take_up(token: str) -> None:
    job = server.jobs().attach(sessions.current(), token) or _from_disk(token)
    if job is None:
        link.point_to(None)
        st.session_state[PROBLEM] = _LOST.format(hours=server.limits().kept_hours)
        return
    handle = RunHandle(job)
    st.session_state[PROBLEM] = None
    take(Setup.of(handle.request))
    region_picker.take(handle.request.area, handle.request.photo)
    start.show(handle)


def _from_disk(token: str) -> Job | None:
    try:
        kept = server.store().read(token)
        return None if kept is None else _revived(token, kept)
    except NstError:
        link.point_to(None)  # otherwise every rerun of the page would retry
        raise


def _revived(token: str, kept: StoredJob) -> Job:
    request = request_json.request(kept.record)
    payload = replace(start.job_payload(request), drafts=list(_draft(kept)), moments=kept.record.moments)
    run = start.run_of(payload, kept.record.settings if kept.checkpoint else None)
    return server.jobs().revive(sessions.current(), token, run, kept, about=payload, expected=start.expected(request))


def _draft(kept: StoredJob) -> Iterator[Snapshot]:
    """Yield the draft of the run, if any: the first entry of the preview history, at step 0."""
    latest = kept.progress.snapshot
    for moment in kept.record.moments.all[:1]:
        if not moment.step and latest is not None:
            yield replace(moment.as_result(latest), final=False)


def _attempt(what: partial[None]) -> None:
    """Call `what`. Show an NstError in place of the result."""
    try:
        what()
    except NstError as error:
        st.session_state[PROBLEM] = str(error)
