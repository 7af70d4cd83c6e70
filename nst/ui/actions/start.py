"""From what a person wants to a job at work."""

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
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from nst.settings.engines import OptimizeSettings, Settings
from nst.ui.server import engine_inputs, forecasts, sessions
from nst.ui.server import resources as server
from nst.ui.server.mask_finder import Lookout, lookout
from nst.ui.state import link, request_json
from nst.ui.state.request import PHOTO_SHARE, Commission, Order, Painting

INSTANT_PATIENCE = 1.0  # seconds; most instant pictures are there sooner, and then the page need not look again


def begin(order: Order) -> None:
    """Hand an order to the server's jobs; an instant one is mostly done on return. Raises NstError."""
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
    """Put a painting on the session's easel; the page's address leads back to it where it can be found again."""
    st.session_state["painting"] = painting
    st.session_state[PHOTO_SHARE] = 0
    link.point_to(painting.job if server.findable(painting.job.token) else None)


def commission(order: Order) -> Commission:
    """What a job for an order has to do with. Raises NstError."""
    return Commission(order, _why(order.settings))


def run_of(known: Commission, settings: Settings | None = None) -> Run:
    """The run of a commission; with other settings of the engine, where it goes on with what it began with."""
    return partial(_run, known, settings or known.order.settings, lookout())


def expected(order: Order) -> float | None:
    """Seconds that it will take, as far as is known."""
    try:
        found = forecasts.of(order)
    except NstError:
        return None  # whoever begins it will hear of it
    return None if found is None else found.seconds


def outdated(order: Order) -> bool:
    """Whether the last picture was instant, and another instant one is wanted now."""
    painting: Painting | None = st.session_state.get("painting")
    return painting is not None and painting.order.instant and order.instant and painting.order != order


def _record(known: Commission) -> Record | None:
    """What is kept on disk; nothing of a picture that is made in one go."""
    if known.order.instant or known.order.settings.recolors:
        return None
    return replace(request_json.record(known.order), moments=known.moments)


def _run(
    known: Commission, settings: Settings, eyes: Lookout, control: Control, resume: Checkpoint | None
) -> Iterator[Snapshot]:
    """The stream; a draft and moments are also put aside, because a job keeps the latest snapshot only."""
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
        return "palette: the photo's own shapes, without a network."
    if not isinstance(settings, OptimizeSettings):
        return f"{settings.network}: our own network, which paints in one go."
    choice = networks.choose(settings.network, settings.content_layers, settings.style_layers)
    return f"{choice.architecture.name}: {choice.reason}"


def _last_of(order: Order) -> Snapshot | None:
    """The picture that the easel shows already, where it is of the same photo."""
    painting: Painting | None = st.session_state.get("painting")
    if painting is None or painting.order.photo != order.photo:
        return None
    return painting.job.progress.snapshot or painting.before
