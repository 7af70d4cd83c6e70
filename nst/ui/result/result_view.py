"""The easel: the picture of a session as it comes to be, and how far it is.

While a job runs, the easel is a fragment that Streamlit redraws on its own; it looks at the job and never works
on it. When the pace should change (first picture there, run over) the whole page is run again.
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

CLEARER = 0.4  # of the draft's size: a run that works at less looks blurred beside it
PACE = {"waiting": 1.0, "soon": 0.2, "live": 0.5, "paused": 2.0}  # seconds between two looks at a job


def easel(
    photo: Choice, plan: str, painting: Painting | None, seen: Progress | None, wanted: Callable[[], Order] | None
) -> None:
    """Show the painting; or the photo, and the plan for it, where there is none or another photo was chosen since.

    `seen` is the progress that the rest of the page was drawn for; `wanted` is the picture that the page stands for,
    None where something is lacking.
    """
    over = seen is None or seen.state.ended
    easel_shape(preview(photo if over or painting is None else painting.order.photo).size)
    with st.container(key="easel"):
        # A fragment in any case: without, the picture would be made anew when a run begins, and flicker.
        if painting is None or seen is None or (over and painting.order.photo != photo):
            st.fragment(_still)(photo, plan, painting)
        else:
            pace = _pace(painting, seen)
            st.fragment(_live, run_every=pace, key="live")(painting, pace, wanted)


def _still(photo: Choice, plan: str, painting: Painting | None) -> None:
    """The photo, before it is painted; `painting` is that of another one."""
    with st.container(key="status"):
        st.markdown(plan)
    _canvas(preview(photo), photo.alt)
    if painting is not None:
        keepsake(painting)


def _canvas(picture: Shown, alt: str, photo: Choice | None = None) -> None:
    """The picture; to be compared with the photo that it is painted from, where one is given.

    That is sent with each frame, so beside those of a run, which come quickly, it is as small as they are.
    """
    with st.container(key="canvas"):
        if photo is None:
            compare(picture, alt)
        else:
            compare(picture, alt, preview(photo) if max(picture.size) > PREVIEW_SIDE else plain(photo), photo.alt)


def _pace(painting: Painting, progress: Progress) -> float | None:
    """Quicker where the first picture or, after Stop, the last is due at any moment."""
    if progress.state.ended:
        return None
    if progress.state in {State.QUEUED, State.PAUSED}:  # another tab may resume it
        return PACE["waiting" if progress.state is State.QUEUED else "paused"]
    return PACE["soon" if progress.snapshot is None or painting.job.control.stopped else "live"]


def _live(painting: Painting, pace: float | None, wanted: Callable[[], Order] | None) -> None:
    progress, photo = painting.job.progress, painting.order.photo
    if _pace(painting, progress) != pace:
        st.rerun()
    tab_title(progress)
    with st.container(key="status"):
        _status(painting, progress)
    names = f"{photo.name} in the manner of {painting.order.mix.names}"
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
    """What can be done with a picture that is there: none of it paints anything, but for the last."""
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
    """The latest picture; a draft stays until its refinement is as clear."""
    latest, draft = progress.snapshot or painting.before, painting.draft
    if latest is None or draft is None or progress.state.ended:
        return latest
    return draft if max(latest.working_size) < CLEARER * max(draft.working_size) else latest


def _stage(snapshot: Snapshot) -> str:
    """How far a picture is, for its alternative text."""
    if not snapshot.step:
        return ", draft"
    return f", iteration {snapshot.step}" if snapshot.losses else ""


def _with_photo() -> str:
    """What else is in a picture, for its alternative text."""
    share = photo_share()
    return f", with {share}% of the photo" if share else ""


def _frame(snapshot: Snapshot) -> Shown:
    """A snapshot for the page; encoded once, however often it is looked at."""
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
        st.error(progress.error, icon=":material/sentiment_dissatisfied:")
    elif snapshot is None:
        ended = progress.state.ended
        st.markdown("Stopped before the first stroke.") if ended else st.progress(0.0, "Mixing the colors…")
    elif progress.state is State.RUNNING:
        st.progress(snapshot.step / snapshot.total, _how_far(painting, progress, snapshot))
    else:
        snapshot = in_view(painting, snapshot)
        st.markdown(_facts(snapshot), help=" ".join(filter(None, (painting.why, snapshot.note))))
        faces_note(painting.order)


def _how_far(painting: Painting, progress: Progress, snapshot: Snapshot) -> str:
    if not snapshot.step:
        return "Draft · refining…"
    times = f"{format.duration(snapshot.seconds)} so far · {format.remaining(snapshot.remaining)}"
    if _in_sight(painting, progress) is not snapshot:
        return f"Draft · refining… {times}"
    return f"Iteration {snapshot.step} of {snapshot.total} · {times}"


def _facts(snapshot: Snapshot) -> str:
    height, width = snapshot.image.shape[:2]
    size = f"{width} x {height} pixels in {format.duration(snapshot.seconds)}"
    if snapshot.losses is None:
        return size  # it was made in one go, and there is one network for that
    of = "" if snapshot.step == snapshot.total else f" of {snapshot.total}"
    return f"{size} · {snapshot.step}{of} iterations · network: {snapshot.network}"
