"""From what a person wants to a job at work."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import streamlit as st

import nst
from nst.control import Control
from nst.models import networks
from nst.settings import OptimizeSettings, Settings
from nst.snapshot import Snapshot
from nst.ui import parts, server, sessions
from nst.ui.lookout import Lookout, lookout
from nst.ui.painting import PHOTO_SHARE, Order, Painting

INSTANT_PATIENCE = 1.0  # seconds; most instant pictures are there sooner, and then the page need not look again


def begin(order: Order) -> None:
    """Hand an order to the server's jobs; an instant one is mostly done on return. Raises NstError."""
    why, drafts = _why(order.settings), list[Snapshot]()
    job = server.queue(order).submit(sessions.current(), partial(_run, order, lookout(), drafts))
    before = _last_of(order) if order.instant else None
    st.session_state["painting"] = Painting(order, job, why, before, drafts)
    st.session_state[PHOTO_SHARE] = 0
    if order.instant:
        job.ended.wait(INSTANT_PATIENCE)


def outdated(order: Order) -> bool:
    """Whether the last picture was instant, and another instant one is wanted now."""
    painting: Painting | None = st.session_state.get("painting")
    return painting is not None and painting.order.instant and order.instant and painting.order != order


def _run(order: Order, eyes: Lookout, drafts: list[Snapshot], control: Control) -> Iterator[Snapshot]:
    """The stream; a draft is also put aside, because a job keeps the latest snapshot only."""
    faces = None if order.gentle is None else eyes.ask("faces", order.photo).result()
    inputs = parts.inputs(order, faces)
    run = nst.stream(order.photo.source, settings=order.settings, init_image=order.init, control=control, **inputs)
    for snapshot in run:
        if not snapshot.step:
            drafts.append(snapshot)
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
