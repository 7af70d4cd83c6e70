"""Submission of requests as jobs, and their display in the result view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import nst
from nst.errors import NstError
from nst.jobs.job import Run
from nst.jobs.store import JobRecord
from nst.models.extractors import networks
from nst.models.extractors.lite import LITE
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from nst.settings.engines import OptimizeSettings, Settings
from nst.ui.server import engine_inputs, forecasts, sessions
from nst.ui.server import resources as server
from nst.ui.server.mask_finder import MaskFinder, mask_finder
from nst.ui.server.streamlit_workarounds import prepare_engine
from nst.ui.state import link, request_json
from nst.ui.state import session_state as session
from nst.ui.state.request import Request
from nst.ui.state.run_handle import JobPayload, RunHandle

INSTANT_PATIENCE = 1.0  # seconds; most jobs of the fast engine end within this time, and the page need not poll


def begin(request: Request) -> None:
    """Submit a request as a job and show its run in the result view.

    With the fast engine, wait up to INSTANT_PATIENCE seconds for the result. Raises Busy if the queue is full, and
    another NstError if the request cannot be run.
    """
    payload = job_payload(request)
    before = _last_of(request) if request.instant else None
    job = server.queue(request).submit(
        sessions.current(),
        run_of(payload),
        payload=payload,
        record=_record(payload),
        expected=expected(request),
    )
    show(RunHandle(job, before))
    if request.instant:
        job.ended.wait(INSTANT_PATIENCE)


def show(handle: RunHandle) -> None:
    """Show a run in the result view, in place of the previous run and of any error message.

    Put the token of the run into the page address if the run can be restored from there, else remove the token.
    """
    session.run.value = handle
    session.photo_share.value = 0
    session.problem.value = None
    token = handle.job.token
    link.point_to(token if server.findable(token) else None)


def job_payload(request: Request) -> JobPayload:
    """Return the job payload of a request. Raises NstError if its network or layers are not available."""
    return JobPayload(request, _why(request.settings))


def run_of(payload: JobPayload, settings: Settings | None = None) -> Run:
    """Return the function that runs a job with this payload.

    `settings` replaces the engine settings of the request: a resumed run keeps the settings with which it was started.
    """
    return partial(_run, payload, settings or payload.request.settings, mask_finder())


def expected(request: Request) -> float | None:
    """Return the forecast of the run time of a request in seconds, or None without a forecast."""
    try:
        found = forecasts.of(request)
    except NstError:
        return None  # starting the job reports the same error
    return None if found is None else found.seconds


def outdated(request: Request) -> bool:
    """Return True if the run in the result view and `request` use the fast engine and their requests differ."""
    handle = session.run.value
    return handle is not None and handle.request.instant and request.instant and handle.request != request


def _record(payload: JobPayload) -> JobRecord | None:
    """Return the record for saving a job on disk, or None for the fast engine and for runs that only recolor."""
    if payload.request.instant or payload.request.settings.recolors:
        return None
    return replace(request_json.record(payload.request), previews=payload.previews)


def _run(
    payload: JobPayload, settings: Settings, finder: MaskFinder, control: Control, resume: Checkpoint | None
) -> Iterator[Snapshot]:
    """Yield the snapshots of a run. `finder` finds the faces, `resume` is the checkpoint to continue from.

    The draft and the preview history are added to the payload, because a job keeps only the latest snapshot.
    """
    prepare_engine(settings)
    request = payload.request
    faces = None if request.face_protection is None else finder.ask("faces", request.photo).result()
    inputs = engine_inputs.inputs(request, faces)
    options: dict[str, Any] = {"settings": settings, "init_image": request.init, "control": control, "resume": resume}
    for snapshot in nst.stream(request.photo.source, **inputs, **options):
        if not snapshot.step:
            payload.drafts.append(snapshot)
        payload.previews.add(snapshot)
        yield snapshot


def _why(settings: Settings) -> str:
    if settings.recolors:
        return "No network"
    if not isinstance(settings, OptimizeSettings):
        return "Built-in network"
    choice = networks.choose(settings.network, settings.content_layers, settings.style_layers)
    return "Built-in network" if choice.architecture is LITE else "VGG19 network"


def _last_of(request: Request) -> Snapshot | None:
    """Return the snapshot in the result view if its content image is that of `request`, else None."""
    handle = session.run.value
    if handle is None or handle.request.photo != request.photo:
        return None
    return handle.job.progress.snapshot or handle.before
