"""The easel: the picture of a session as it comes to be, and how far it is.

While a job runs, the easel is a fragment that Streamlit redraws on its own; it looks at the job and never works
on it. When the pace should change (first picture there, run over) the whole page is run again.
"""

from __future__ import annotations

import altair as alt
import streamlit as st

from nst.jobs import Progress, State
from nst.snapshot import Snapshot
from nst.ui import words
from nst.ui.components.faces import faces_note
from nst.ui.components.look import easel_shape
from nst.ui.components.result import downloads, keepsake
from nst.ui.components.run_state import paused, waiting
from nst.ui.components.show_through import blended, photo_share, show_through
from nst.ui.painting import Painting
from nst.ui.pictures import PREVIEW_SIDE, RESULT_SIDE, Choice, Shown, preview, shown

CLEARER = 0.4  # of the draft's size: a run that works at less looks blurred beside it
PACE = {"waiting": 1.0, "soon": 0.2, "live": 0.5, "paused": 2.0}  # seconds between two looks at a job


def easel(photo: Choice, plan: str, painting: Painting | None, seen: Progress | None) -> None:
    """Show the painting; or the photo, and the plan for it, where there is none or another photo was chosen since.

    `seen` is the progress that the rest of the page was drawn for.
    """
    over = seen is None or seen.state.ended
    easel_shape(preview(photo if over or painting is None else painting.order.photo).size)
    with st.container(key="easel"):
        if painting is None or seen is None or (over and painting.order.photo != photo):
            with st.container(key="status"):
                st.markdown(plan)
            _canvas(preview(photo), photo.alt)
            if painting is not None:
                keepsake(painting)
        else:
            pace = _pace(painting, seen)
            st.fragment(_live, run_every=pace, key="live")(painting, pace)


def _canvas(picture: Shown, alt_text: str) -> None:
    with st.container(key="canvas"):
        st.image(picture.uri, alt=alt_text, width="stretch")


def _pace(painting: Painting, progress: Progress) -> float | None:
    """Quicker where the first picture or, after Stop, the last is due at any moment."""
    if progress.state.ended:
        return None
    if progress.state in {State.QUEUED, State.PAUSED}:  # another tab may resume it
        return PACE["waiting" if progress.state is State.QUEUED else "paused"]
    return PACE["soon" if progress.snapshot is None or painting.job.control.stopped else "live"]


def _live(painting: Painting, pace: float | None) -> None:
    progress = painting.job.progress
    if _pace(painting, progress) != pace:
        st.rerun()
    with st.container(key="status"):
        _status(painting, progress)
    snapshot = _in_sight(painting, progress)
    if snapshot is None:
        _canvas(preview(painting.order.photo), painting.order.photo.alt)
        return
    names = f"{painting.order.photo.name} in the manner of {painting.order.mix.names}"
    over = progress.state.ended and progress.snapshot is not None
    if over:
        snapshot = blended(painting, snapshot)
    _canvas(_frame(snapshot), f"{names}{_stage(snapshot)}{_with_photo()}")
    if over:
        left, right = st.columns(2, gap="medium", vertical_alignment="center")
        with left:
            show_through()
        with right:
            downloads(painting)
    if len(progress.history) > 1:
        _chart(progress)


def _in_sight(painting: Painting, progress: Progress) -> Snapshot | None:
    """The latest picture; a draft stays until its refinement is as clear."""
    latest = progress.snapshot or painting.before
    draft = painting.drafts[0] if painting.drafts else None
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
        st.markdown(_facts(snapshot), help=" ".join(filter(None, (painting.why, snapshot.note))))
        faces_note(painting.order)


def _how_far(painting: Painting, progress: Progress, snapshot: Snapshot) -> str:
    left = words.remaining(snapshot.remaining)
    if not snapshot.step:
        return "Draft · refining…"
    if _in_sight(painting, progress) is not snapshot:
        return f"Draft · refining… {left}"
    return f"Iteration {snapshot.step} of {snapshot.total} · {left}"


def _facts(snapshot: Snapshot) -> str:
    height, width = snapshot.image.shape[:2]
    size = f"{width} x {height} pixels in {words.duration(snapshot.seconds)}"
    if snapshot.losses is None:
        return size  # it was made in one go, and there is one network for that
    of = "" if snapshot.step == snapshot.total else f" of {snapshot.total}"
    return f"{size} · {snapshot.step}{of} iterations · network: {snapshot.network}"


def _chart(progress: Progress) -> None:
    """Weighted losses, under names that say what they measure; their ratios matter, hence the logarithm."""
    rows = [
        {"Iteration": point.step, "Distance": distance, "from": name}
        for point in progress.history
        for name, distance in (("distance from the style", point.style), ("distance from the photo", point.content))
        if distance > 0
    ]
    logarithm, few_ticks = alt.Scale(type="log"), alt.Axis(grid=False, tickCount=3, format="~g")
    chart = (
        alt.Chart(alt.InlineData(values=rows), height=220, description="Distance from style and photo, by iteration")
        .mark_line()
        .encode(
            alt.X("Iteration:Q", axis=alt.Axis(grid=False, tickMinStep=1)),
            alt.Y("Distance:Q", title=None, scale=logarithm, axis=few_ticks),
            alt.Color("from:N", title=None, legend=alt.Legend(orient="top")),
        )
    )
    st.altair_chart(chart, key="chart")
