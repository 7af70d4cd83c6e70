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
from nst.ui.result.keep_refining import paint_on
from nst.ui.result.meters import details, gauges
from nst.ui.result.photo_blend import photo_share, show_through
from nst.ui.result.result_area import keepsake, shown_result, take_home
from nst.ui.result.timeline import in_view, keep_this, scrubber
from nst.ui.server.run_state import paused, waiting
from nst.ui.state import format
from nst.ui.state.pictures import PREVIEW_SIDE, RESULT_SIDE, Choice, Shown, preview, shown
from nst.ui.state.request import Order, Painting
from nst.ui.widgets.compare import compare
from nst.ui.widgets.overlay import plain
from nst.ui.widgets.page_css import easel_shape
from nst.ui.widgets.tab_title import tab_title

CLEARER = 0.4  # fraction of the draft's working size; below it, a snapshot looks blurred beside the draft
PACE = {"waiting": 1.0, "soon": 0.2, "live": 0.5, "paused": 2.0}  # polling intervals in seconds


def easel(
    photo: Choice, plan: str, painting: Painting | None, seen: Progress | None, wanted: Callable[[], Order] | None
) -> None:
    """Draw the run, or the content image and the plan if there is no run or a finished run of another content image.

    `seen` is the progress that the rest of the page was drawn for. `wanted` returns the current request, or is None if
    an input is missing.
    """
    over = seen is None or seen.state.ended
    easel_shape(preview(photo if over or painting is None else painting.order.photo).size)
    with st.container(key="easel"):
        # Always a fragment: otherwise the browser would recreate the image when a run starts, which flickers.
        if painting is None or seen is None or (over and painting.order.photo != photo):
            st.fragment(_still)(photo, plan, painting)
        else:
            pace = _pace(painting, seen)
            st.fragment(_live, run_every=pace, key="live")(painting, pace, wanted)


def _still(photo: Choice, plan: str, painting: Painting | None) -> None:
    """Draw the content image before its run. `painting` is a finished run of another content image."""
    with st.container(key="status"):
        st.markdown(plan)
    _canvas(preview(photo), photo.alt)
    if painting is not None:
        keepsake(painting)


def _canvas(picture: Shown, alt: str, photo: Choice | None = None) -> None:
    """Draw an image, with a comparison slider if its content image `photo` is given.

    The content image is sent with each frame. Beside the frequent frames of a run, the content image is therefore as
    small as the frames.
    """
    with st.container(key="canvas"):
        if photo is None:
            compare(picture, alt)
        else:
            compare(picture, alt, preview(photo) if max(picture.size) > PREVIEW_SIDE else plain(photo), photo.alt)


def _pace(painting: Painting, progress: Progress) -> float | None:
    """Return the polling interval in seconds, None after the run. Shorter before the first snapshot and after Stop."""
    if progress.state.ended:
        return None
    if progress.state in {State.QUEUED, State.PAUSED}:  # another tab may resume the job
        return PACE["waiting" if progress.state is State.QUEUED else "paused"]
    return PACE["soon" if progress.snapshot is None or painting.job.control.stopped else "live"]


def _live(painting: Painting, pace: float | None, wanted: Callable[[], Order] | None) -> None:
    progress, photo = painting.job.progress, painting.order.photo
    if _pace(painting, progress) != pace:
        st.rerun()
    tab_title(progress)
    with st.container(key="status"):
        _status(painting, progress)
    names = f"{photo.name} in the style of {painting.order.mix.names}"
    snapshot = _in_sight(painting, progress)
    if snapshot is None:
        _canvas(preview(photo), photo.alt)
    elif progress.state.ended and progress.snapshot is not None:
        moment, result = in_view(painting, progress.snapshot), shown_result(painting, progress.snapshot)
        _canvas(_frame(result), f"{names}{_stage(result)}{_with_photo()}", photo)
        _afterwards(painting, progress.snapshot, result, wanted)
        advise_after(painting)
        gauges(painting, moment.losses)
    else:
        _canvas(_frame(snapshot), f"{names}{_stage(snapshot)}", photo)
        gauges(painting, snapshot.losses)
    details(painting, progress)


def _afterwards(painting: Painting, end: Snapshot, result: Snapshot, wanted: Callable[[], Order] | None) -> None:
    """Draw the actions for a finished result. Only paint_on() starts a new run."""
    with st.container(key="afterwards", horizontal=True, gap="small"):
        take_home(painting, result)
        paint_on(result, wanted)
        keep_this(painting, end)
    left, right = st.columns(2, gap="medium")
    with left:
        show_through()
    with right:
        scrubber(painting, end)


def _in_sight(painting: Painting, progress: Progress) -> Snapshot | None:
    """Return the snapshot to show: the draft until the working size reaches CLEARER times that of the draft."""
    latest, draft = progress.snapshot or painting.before, painting.draft
    if latest is None or draft is None or progress.state.ended:
        return latest
    return draft if max(latest.working_size) < CLEARER * max(draft.working_size) else latest


def _stage(snapshot: Snapshot) -> str:
    """Return the progress of a snapshot for the alt text."""
    if not snapshot.step:
        return ", draft"
    return f", iteration {snapshot.step}" if snapshot.losses else ""


def _with_photo() -> str:
    """Return the photo blend for the alt text."""
    share = photo_share()
    return f", with {share}% of the photo" if share else ""


def _frame(snapshot: Snapshot) -> Shown:
    """Encode a snapshot for the page, once per snapshot."""
    kept: tuple[Snapshot, Shown] | None = st.session_state.get("frame")
    if kept is None or kept[0] is not snapshot:
        side, quality = (RESULT_SIDE, 90) if snapshot.final else (PREVIEW_SIDE, 80)
        kept = st.session_state["frame"] = (snapshot, shown(snapshot.picture, side, quality))
    return kept[1]


def _status(painting: Painting, progress: Progress) -> None:
    snapshot = progress.snapshot
    if progress.state is State.QUEUED:
        waiting(painting, progress)
    elif progress.state is State.PAUSED:
        paused(painting, progress)
    elif progress.error:
        st.error(format.literal(progress.error), icon=":material/sentiment_dissatisfied:")
    elif snapshot is None:
        ended = progress.state.ended
        st.markdown("Stopped before painting began.") if ended else st.progress(0.0, "Getting ready…")
    elif progress.state is State.RUNNING:
        st.progress(snapshot.step / snapshot.total, _how_far(painting, progress, snapshot))
    else:
        names = format.literal(painting.order.photo.name), format.literal(painting.order.mix.names)
        st.markdown(f"**{names[0]}** in the style of **{names[1]}**")
        faces_note(painting.order)


def _how_far(painting: Painting, progress: Progress, snapshot: Snapshot) -> str:
    if not snapshot.step:
        return "Draft · refining…"
    times = f"{format.duration(snapshot.seconds)} so far · {format.remaining(snapshot.remaining)}"
    if _in_sight(painting, progress) is not snapshot:
        return f"Draft · refining… {times}"
    return f"Iteration {snapshot.step} of {snapshot.total} · {times}"
