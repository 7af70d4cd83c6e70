"""Result view: the current snapshot of the session's run, its progress and its actions.

During a run, the result view is a fragment that Streamlit redraws at intervals. The fragment only reads the job. When
the polling interval changes (first snapshot, end of the run), the whole page reruns.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from nst.jobs.queue import Progress, State
from nst.run.snapshot import Snapshot
from nst.ui.inputs.faces import faces_note
from nst.ui.result.diagnostics import advise_after
from nst.ui.result.keep_refining import keep_refining
from nst.ui.result.meters import details, draw_meters
from nst.ui.result.photo_blend import photo_blend
from nst.ui.result.result_area import download_menu, previous_result, shown_result
from nst.ui.result.timeline import in_view, keep_this, scrubber
from nst.ui.server.run_state import paused, waiting
from nst.ui.state import format
from nst.ui.state import session_state as session
from nst.ui.state.pictures import PREVIEW_SIDE, RESULT_SIDE, ImageChoice, PageImage, preview, shown
from nst.ui.state.request import Request
from nst.ui.state.run_handle import RunHandle
from nst.ui.state.show_errors import show_error
from nst.ui.widgets.compare import compare
from nst.ui.widgets.overlay import plain
from nst.ui.widgets.page_css import shape_result
from nst.ui.widgets.tab_title import tab_title

CLEARER = 0.4  # fraction of the draft's working size; below it, a snapshot looks blurred beside the draft
PACE = {"waiting": 1.0, "soon": 0.2, "live": 0.5, "paused": 2.0}  # polling intervals in seconds


def result_view(
    photo: ImageChoice, plan: str, handle: RunHandle | None, seen: Progress | None, wanted: Callable[[], Request] | None
) -> None:
    """Draw the run, or the selected content image if there is no run or an ended run of another content image.

    `photo` is the selected content image and `plan` a summary of the current request, as Markdown. `handle` is the
    latest run. `seen` is its progress for which the rest of the page was drawn. `wanted` returns the current request,
    or is None if an input is missing.
    """
    over = seen is None or seen.state.ended
    shape_result(preview(photo if over or handle is None else handle.request.photo).size)
    with st.container(key="easel"):
        # Always a fragment: otherwise the browser would recreate the image when a run starts, which flickers.
        if handle is None or seen is None or (over and handle.request.photo != photo):
            st.fragment(_still)(photo, plan, handle)
        else:
            pace = _pace(handle, seen)
            st.fragment(_live, run_every=pace, key="live")(handle, pace, wanted)


def _still(photo: ImageChoice, plan: str, handle: RunHandle | None) -> None:
    """Draw the content image `photo` and, above it, `plan`, a summary of the request, as Markdown.

    `handle` is an ended run of another content image, whose result is drawn small below; None if there is no run.
    """
    with st.container(key="status"):
        st.markdown(plan)
    _picture_area(preview(photo), photo.alt)
    if handle is not None:
        previous_result(handle)


def _picture_area(picture: PageImage, alt: str, photo: ImageChoice | None = None) -> None:
    """Draw an image with alternative text, and a slider for comparison if its content image `photo` is given.

    The content image is sent with each new snapshot. During a run, when snapshots are frequent, it is therefore as
    small as the snapshots.
    """
    with st.container(key="canvas"):
        if photo is None:
            compare(picture, alt)
        else:
            compare(picture, alt, preview(photo) if max(picture.size) > PREVIEW_SIDE else plain(photo), photo.alt)


def _pace(handle: RunHandle, progress: Progress) -> float | None:
    """Return the polling interval in seconds, or None for an ended run.

    The interval is shorter before the first snapshot and after Stop.
    """
    if progress.state.ended:
        return None
    if progress.state in {State.QUEUED, State.PAUSED}:  # another tab may resume the job
        return PACE["waiting" if progress.state is State.QUEUED else "paused"]
    return PACE["soon" if progress.snapshot is None or handle.active.control.stopped else "live"]


def _live(handle: RunHandle, pace: float | None, wanted: Callable[[], Request] | None) -> None:
    progress, photo = handle.job.progress, handle.request.photo
    if _pace(handle, progress) != pace:
        st.rerun()
    tab_title(progress)
    with st.container(key="status"):
        _status(handle, progress)
    names = f"{photo.name} in the style of {handle.request.mix.names}"
    snapshot = _in_sight(handle, progress)
    if snapshot is None:
        _picture_area(preview(photo), photo.alt)
    elif progress.state.ended and progress.snapshot is not None:
        selected, result = in_view(handle, progress.snapshot), shown_result(handle, progress.snapshot)
        _picture_area(_frame(result), f"{names}{_stage(result)}{_with_photo()}", photo)
        _afterwards(handle, progress.snapshot, result, wanted)
        advise_after(handle)
        draw_meters(handle, selected.losses)
    else:
        _picture_area(_frame(snapshot), f"{names}{_stage(snapshot)}", photo)
        draw_meters(handle, snapshot.losses)
    details(handle, progress)


def _afterwards(handle: RunHandle, end: Snapshot, result: Snapshot, wanted: Callable[[], Request] | None) -> None:
    """Draw the actions for a finished result. Only keep_refining() starts a new run.

    `end` is the last snapshot of the job, `result` the result as displayed.
    """
    with st.container(key="afterwards", horizontal=True, gap="small"):
        download_menu(handle, result)
        keep_refining(result, wanted)
        keep_this(handle, end)
    left, right = st.columns(2, gap="medium")
    with left:
        photo_blend()
    with right:
        scrubber(handle, end)


def _in_sight(handle: RunHandle, progress: Progress) -> Snapshot | None:
    """Return the snapshot to display, or None if there is none yet.

    The draft is displayed until the working size of the run reaches CLEARER times that of the draft, then the latest
    snapshot.
    """
    latest, draft = progress.snapshot or handle.before, handle.draft
    if latest is None or draft is None or progress.state.ended:
        return latest
    return draft if max(latest.working_size) < CLEARER * max(draft.working_size) else latest


def _stage(snapshot: Snapshot) -> str:
    """Return the step of a snapshot for the alternative text, such as ", iteration 20"."""
    if not snapshot.step:
        return ", draft"
    return f", iteration {snapshot.step}" if snapshot.losses else ""


def _with_photo() -> str:
    """Return the share of the content image in the result for the alternative text; empty if 0."""
    share = session.photo_share.value
    return f", with {share}% of the photo" if share else ""


def _frame(snapshot: Snapshot) -> PageImage:
    """Return a snapshot encoded for the page. Encoded only once while the same snapshot is displayed."""
    side, quality = (RESULT_SIDE, 90) if snapshot.final else (PREVIEW_SIDE, 80)
    return session.frame.of(snapshot, make=lambda: shown(snapshot.picture, side, quality))


def _status(handle: RunHandle, progress: Progress) -> None:
    snapshot = progress.snapshot
    if progress.state is State.QUEUED:
        waiting(handle, progress)
    elif progress.state is State.PAUSED:
        paused(handle, progress)
    elif progress.error:
        show_error(progress.error, icon=":material/sentiment_dissatisfied:")
    elif snapshot is None:
        ended = progress.state.ended
        st.markdown("Stopped before painting began.") if ended else st.progress(0.0, "Getting ready…")
    elif progress.state is State.RUNNING:
        st.progress(snapshot.step / snapshot.total, _how_far(handle, progress, snapshot))
    else:
        names = format.literal(handle.request.photo.name), format.literal(handle.request.mix.names)
        st.markdown(f"**{names[0]}** in the style of **{names[1]}**")
        faces_note(handle.request)


def _how_far(handle: RunHandle, progress: Progress, snapshot: Snapshot) -> str:
    if not snapshot.step:
        return "Draft · refining…"
    times = f"{format.duration(snapshot.seconds)} so far · {format.remaining(snapshot.remaining)}"
    if _in_sight(handle, progress) is not snapshot:
        return f"Draft · refining… {times}"
    return f"Iteration {snapshot.step} of {snapshot.total} · {times}"
