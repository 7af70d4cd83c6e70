"""Turning the dials of a picture while it is painted: the run takes them over with its next step."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from nst.jobs.job import Job
from nst.run.regions import Region
from nst.settings.engines import Settings
from nst.settings.fields import live
from nst.ui.server import engine_inputs
from nst.ui.server.mask_finder import lookout
from nst.ui.state import request_json
from nst.ui.state.request import Commission, Order, Painting

_ASKED = "asked"  # where the session keeps what it wanted when it last looked, and of which job
WHOLE = 100.0  # percent of the strength: what faces get where nobody wants them painted more lightly


def steer(painting: Painting, wanted: Order) -> bool:
    """Turn all dials of a painting that were turned to `wanted`; whether that is all there was to change.

    Only what was turned on this page: somebody may look at the same painting on another.
    """
    state, job = st.session_state, painting.job
    known: Commission = job.about
    asked = state.get(_ASKED)
    state[_ASKED] = job.token, wanted
    if asked is not None and asked[0] == job.token and asked[1] != wanted:
        turned = _turned(known.order, wanted)
        if turned != known.order:
            known = replace(known, order=turned, drafts=[])  # else a draft would hide for a while what was turned
            job.describe(known, request_json.plain(turned))
            tell(job)
    return _settled(known.order) == _settled(wanted)


def tell(job: Job) -> None:
    """Let the run have the strengths and colors that its order has by now."""
    order = job.about.order
    strengths = {number: each.strength for number, each in enumerate(_regions(order)) if each.strength is not None}
    job.control.update(regions=strengths, **live(order.settings))


def _turned(now: Order, wanted: Order) -> Order:
    """`now` with the colors and strengths of `wanted`, as far as the run has the parts that they belong to."""
    whole = replace(now, settings=_live(now, wanted))
    if now.settings.strength is None:
        return whole
    area, gentle = now.area, now.gentle
    if area is not None and wanted.area is not None:
        area = replace(area, rest_strength=wanted.area.rest_strength)
    if gentle is not None:
        gentle = WHOLE if wanted.gentle is None else wanted.gentle
    turned = replace(whole, area=area, gentle=gentle)
    return turned if len(_regions(turned)) == len(_regions(now)) else whole


def _live(now: Order, wanted: Order) -> Settings:
    """The settings of `now` with those of `wanted` that its run takes over."""
    ours, theirs = now.settings, wanted.settings
    if type(ours) is not type(theirs):
        return ours
    taken = live(theirs)
    if ours.strength is None or theirs.strength is None:  # raw weights know none
        del taken["strength"]
    if theirs.recolors or not recolorable(now):
        del taken["colors"], taken["color_amount"]
    return replace(ours, **taken)


def recolorable(order: Order) -> bool:
    """Whether its colors can be turned while it is painted: not where they are those of another painting."""
    return order.mix.colors_of is None


def _regions(order: Order) -> list[Region]:
    faces = lookout().known("faces", order.photo) if order.gentle is not None else None
    return list(engine_inputs.inputs(order, faces)["regions"])


def _settled(order: Order) -> Order:
    """To compare orders by: faces that get all of the strength are as if nobody had looked for them."""
    return replace(order, gentle=None) if order.gentle == WHOLE else order
