"""Restoration of a run after a page refresh, in another tab or after a server restart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nst.errors import NstError
from nst.jobs.job import FinishedJob
from nst.jobs.progress import State
from nst.jobs.store import StoredJob
from nst.run.snapshot import Snapshot
from nst.ui.actions import start, steer
from nst.ui.actions.apply_settings import Setup, apply
from nst.ui.inputs import region_picker
from nst.ui.server import resources as server
from nst.ui.server import sessions
from nst.ui.state import link, request_json
from nst.ui.state import session_state as session
from nst.ui.state.run_handle import RunHandle
from nst.ui.state.show_errors import show_errors

_LOST = (
    "The picture at this address is no longer available. Unfinished pictures are kept for {hours:g} hours. "
    "Choose a photo and a style, and press Start."
)


def restore() -> None:
    """Restore the run whose token is in the page address. Call before any element of the page is drawn.

    A run that was paused because no session viewed it is resumed.
    """
    token, handle = link.token(), session.run.value
    if token is not None and (handle is None or handle.job.token != token):
        with show_errors(session.problem):
            _attach(token)
        handle = session.run.value
    if handle is not None and handle.job.progress.state is State.PAUSED and handle.job.progress.away:
        with show_errors(session.problem):
            resume_run(handle)


def resume_run(handle: RunHandle) -> None:
    """Queue a paused run again and send it the current live settings. Raises Busy if the queue is full."""
    job = server.jobs().resume(handle.active)
    if job is not handle.job:  # another tab resumed the run first
        start.show(RunHandle(job))
    steer.tell(job)


def _attach(token: str) -> None:
    job = server.jobs().attach(sessions.current(), token)
    handle = _from_disk(token) if job is None else RunHandle(job)
    if handle is None:
        link.point_to(None)
        session.problem.value = _LOST.format(hours=server.limits().kept_hours)
        return
    apply(Setup.of(handle.request))
    region_picker.apply(handle.request.region, handle.request.photo)
    start.show(handle)


def _from_disk(token: str) -> RunHandle | None:
    try:
        stored = server.store().read(token)
        return None if stored is None else _restored(token, stored)
    except NstError:
        link.point_to(None)  # otherwise every rerun of the page would retry
        raise


def _restored(token: str, stored: StoredJob) -> RunHandle:
    """Return the handle of a run loaded from disk, with a paused job if the run has not ended."""
    request = request_json.request(stored.record)
    payload = replace(start.job_payload(request), drafts=list(_draft(stored)), previews=stored.record.previews)
    if stored.progress.state.ended:
        return RunHandle(FinishedJob(token, payload, stored.progress))
    run = start.run_of(payload, stored.record.settings if stored.checkpoint else None)
    expected = start.expected(request)
    return RunHandle(server.jobs().revive(sessions.current(), token, run, stored, payload=payload, expected=expected))


def _draft(stored: StoredJob) -> Iterator[Snapshot]:
    """Yield the draft of a saved run, if any: the first preview of its history, if the step of that preview is 0."""
    latest = stored.progress.snapshot
    for preview in stored.record.previews.all[:1]:
        if not preview.step and latest is not None:
            yield replace(preview.as_result(latest), final=False)
