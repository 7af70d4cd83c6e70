"""Submit requests as jobs and show them in the result view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

import nst
from nst.errors import NstError
from nst.jobs.job import Run
from nst.jobs.store import Record
from nst.models.extractors import networks
from nst.models.extractors.lite import LITE
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from nst.settings.engines import OptimizeSettings, Settings
from nst.ui.server import engine_inputs, forecasts, sessions
from nst.ui.server import resources as server
from nst.ui.server.mask_finder import Lookout, lookout
from nst.ui.state import link, request_json
from nst.ui.state.request import PHOTO_SHARE, Commission, Order, Painting

INSTANT_PATIENCE = 1.0  # seconds; most jobs of the fast engine end within this time, and the page need not poll


def begin(order: Order) -> None:
    """Submit a request as a job and show the run. Raises NstError.

    With the fast engine, wait up to INSTANT_PATIENCE seconds for the result.
    """
    known = commission(order)
    before = _last_of(order) if order.instant else None
    job = server.queue(order).submit(
        sessions.current(),
        run_of(known),
        about=known,
        record=_record(known),
        expected=expected(order),
    )
    show(Painting(job, before))
    if order.instant:
        job.ended.wait(INSTANT_PATIENCE)


def show(painting: Painting) -> None:
    """Show a run in the result view. The page address points to the run if a later visit can restore the run."""
    st.session_state["painting"] = painting
    st.session_state[PHOTO_SHARE] = 0
    link.point_to(painting.job if server.findable(painting.job.token) else None)


def commission(order: Order) -> Commission:
    """Return the job payload of a request. Raises NstError."""
    return Commission(order, _why(order.settings))


def run_of(known: Commission, settings: Settings | None = None) -> Run:
    """Return the job function of a payload.

    `settings` replaces the engine settings of the request: a resumed run keeps the settings it was started with.
    """
    return partial(_run, known, settings or known.order.settings, lookout())


def expected(order: Order) -> float | None:
    """Return the forecast of the run time in seconds, or None without a forecast."""
    try:
        found = forecasts.of(order)
    except NstError:
        return None  # starting the job reports the same error
    return None if found is None else found.seconds


def outdated(order: Order) -> bool:
    """Return True if the last run used the fast engine and `order` is a different request for the fast engine."""
    painting: Painting | None = st.session_state.get("painting")
    return painting is not None and painting.order.instant and order.instant and painting.order != order


def _record(known: Commission) -> Record | None:
    """Return the record to save on disk, or None for the fast engine and for recolor-only runs."""
    if known.order.instant or known.order.settings.recolors:
        return None
    return replace(request_json.record(known.order), moments=known.moments)


def _run(
    known: Commission, settings: Settings, eyes: Lookout, control: Control, resume: Checkpoint | None
) -> Iterator[Snapshot]:
    """Stream the snapshots of a run.

    The draft and the preview history are added to the payload, because a job keeps only the latest snapshot.
    """
    order = known.order
    faces = None if order.gentle is None else eyes.ask("faces", order.photo).result()
    inputs = engine_inputs.inputs(order, faces)
    told: dict[str, Any] = {"settings": settings, "init_image": order.init, "control": control, "resume": resume}
    for snapshot in nst.stream(order.photo.source, **inputs, **told):
        if not snapshot.step:
            known.drafts.append(snapshot)
        known.moments.add(snapshot)
        yield snapshot


def _why(settings: Settings) -> str:
    if settings.recolors:
        return "No network"
    if not isinstance(settings, OptimizeSettings):
        return "Built-in network"
    choice = networks.choose(settings.network, settings.content_layers, settings.style_layers)
    return "Built-in network" if choice.architecture is LITE else "VGG19 network"


def _last_of(order: Order) -> Snapshot | None:
    """Return the image in the result view if its content image is the same, else None."""
    painting: Painting | None = st.session_state.get("painting")
    if painting is None or painting.order.photo != order.photo:
        return None
    return painting.job.progress.snapshot or painting.before
