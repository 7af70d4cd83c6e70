"""Live changes: changed settings are sent to a running job, which uses them from its next step on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nst.jobs.job import Job
from nst.settings.engines import Settings
from nst.settings.fields import live
from nst.ui.server import engine_inputs
from nst.ui.server.mask_finder import mask_finder
from nst.ui.state import request_json
from nst.ui.state import session_state as session
from nst.ui.state.request import Request
from nst.ui.state.run_handle import JobPayload, RunHandle

UNPROTECTED = 0.0  # face protection of a run in which it is turned off later


def steer(handle: RunHandle, wanted: Request) -> bool:
    """Send the live settings of `wanted` to an unfinished job. Return True if its request then equals `wanted`.

    Only settings changed on this page since the last call are sent, because another session may control the same job.
    """
    job, asked = handle.active, session.steered.value
    known = job.payload
    session.steered.value = job.token, wanted
    if asked is not None and asked[0] == job.token and asked[1] != wanted:
        changed = _with_live_changes(known.request, wanted)
        if changed != known.request:
            known = replace(known, request=changed, drafts=[])  # an old draft would hide the change for a while
            job.describe(known, request_json.plain(changed))
            tell(job)
    return _settled(known.request) == _settled(wanted)


def tell(job: Job[JobPayload]) -> None:
    """Send the strengths, face protection and color settings of the job's current request to its engine."""
    request = job.payload.request
    given = _inputs(request)
    strengths = {number: each.strength for number, each in enumerate(given["regions"]) if each.strength is not None}
    protection = given.get("protection")
    kept = None if protection is None else protection.recognizable
    job.control.update(regions=strengths, recognizable=kept, **live(request.settings))


def _with_live_changes(now: Request, wanted: Request) -> Request:
    """Return `now` with the colors and strengths of `wanted`. The regions of the run stay the same."""
    whole = replace(now, settings=_live(now, wanted))
    if now.settings.strength is None:
        return whole
    region, face_protection = now.region, now.face_protection
    if region is not None and wanted.region is not None:
        region = replace(region, outside_strength=wanted.region.outside_strength)
    if face_protection is not None:
        face_protection = UNPROTECTED if wanted.face_protection is None else wanted.face_protection
    changed = replace(whole, region=region, face_protection=face_protection)
    return changed if len(_inputs(changed)["regions"]) == len(_inputs(now)["regions"]) else whole


def _live(now: Request, wanted: Request) -> Settings:
    """Return the settings of `now`, with those of `wanted` that can change during the run."""
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
    """Return True if the colors can change during the run: the request has no separate color style."""
    return request.mix.colors_of is None


def _inputs(request: Request) -> dict[str, Any]:
    faces = mask_finder().known("faces", request.photo) if request.face_protection is not None else None
    return engine_inputs.inputs(request, faces)


def _settled(request: Request) -> Request:
    """Return a request for comparison: a face protection of 0 is replaced by None."""
    return replace(request, face_protection=None) if request.face_protection == UNPROTECTED else request
