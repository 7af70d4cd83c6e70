"""Live changes: apply changed settings to a running job at its next step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from nst.jobs.job import Job
from nst.settings.engines import Settings
from nst.settings.fields import live
from nst.ui.server import engine_inputs
from nst.ui.server.mask_finder import mask_finder
from nst.ui.state import request_json
from nst.ui.state.request import JobPayload, Request, RunHandle

_ASKED = "asked"  # session key: job token and request at the last call of steer()
WHOLE = 100.0  # percent of the strength; applied to faces if face protection is turned off during a run


def steer(handle: RunHandle, wanted: Request) -> bool:
    """Apply the live settings of `wanted` to a running job. Return True if no other difference remains.

    Only settings changed on this page since the last call are applied, because another session may view the same run.
    """
    state, job = st.session_state, handle.job
    known: JobPayload = job.about
    asked = state.get(_ASKED)
    state[_ASKED] = job.token, wanted
    if asked is not None and asked[0] == job.token and asked[1] != wanted:
        turned = _turned(known.request, wanted)
        if turned != known.request:
            known = replace(known, request=turned, drafts=[])  # an old draft would hide the change for a while
            job.describe(known, request_json.plain(turned))
            tell(job)
    return _settled(known.request) == _settled(wanted)


def tell(job: Job) -> None:
    """Send the current strengths and color settings of the request to the run."""
    request = job.about.request
    given = _inputs(request)
    strengths = {number: each.strength for number, each in enumerate(given["regions"]) if each.strength is not None}
    protection = given.get("protection")
    kept = None if protection is None else protection.recognizable
    job.control.update(regions=strengths, recognizable=kept, **live(request.settings))


def _turned(now: Request, wanted: Request) -> Request:
    """Return `now` with the colors and strengths of `wanted`, limited to the regions that the run has."""
    whole = replace(now, settings=_live(now, wanted))
    if now.settings.strength is None:
        return whole
    area, gentle = now.area, now.gentle
    if area is not None and wanted.area is not None:
        area = replace(area, rest_strength=wanted.area.rest_strength)
    if gentle is not None:
        gentle = WHOLE if wanted.gentle is None else wanted.gentle
    turned = replace(whole, area=area, gentle=gentle)
    return turned if len(_inputs(turned)["regions"]) == len(_inputs(now)["regions"]) else whole


def _live(now: Request, wanted: Request) -> Settings:
    """Return the settings of `now` with the live settings of `wanted`."""
    ours, theirs = now.settings, wanted.settings
    if type(ours) is not type(theirs):
        return ours
    taken = live(theirs)
    if ours.strength is None or theirs.strength is None:  # runs with raw weights have no strength
        del taken["strength"]
    if theirs.recolors or not recolorable(now):
        del taken["colors"], taken["color_amount"]
    return replace(ours, **taken)


def recolorable(request: Request) -> bool:
    """Return True if colors can change during the run. False with a separate color style."""
    return request.mix.colors_of is None


def _inputs(request: Request) -> dict[str, Any]:
    faces = mask_finder().known("faces", request.photo) if request.gentle is not None else None
    return engine_inputs.inputs(request, faces)


def _settled(request: Request) -> Request:
    """Normalize a request for comparison: face protection at full strength equals no face protection."""
    return replace(request, gentle=None) if request.gentle == WHOLE else request
