"""Distance from content image and style image: two meters for everybody, and a chart under Details."""

from __future__ import annotations

import streamlit as st

from nst.jobs.queue import Progress
from nst.optimization.meters import Meters, meters
from nst.run.regions import Parts
from nst.run.snapshot import Losses
from nst.settings.engines import OptimizeSettings
from nst.ui.server import engine_inputs
from nst.ui.server.mask_finder import lookout
from nst.ui.state.pictures import preview
from nst.ui.state.request import Painting

_KEPT = "How much of your photo is still there."
_MATCHED = "How close brushwork and colors are to the painting."
_METERS_MEAN = (
    "Photo kept: at 100% nothing has changed, at 50% as much is new as there is in your photo. Style matched: at 100% "
    "brushwork and colors are the same, at 0% there is nothing of them. "
)
_CHART_MEANS = (
    "The chart shows how far the picture has been from photo and style, each times its weight: it is their sum that "
    "gets smaller."
)
_PARTS_SIDE = 128  # pixels; the area shares of regions do not depend on the size

_PARTS = "gauges-parts"  # session key of the cached regions


def gauges(painting: Painting, losses: Losses | None) -> None:
    """Draw the two meters for the losses of a snapshot. Draw nothing if no meter applies."""
    found = _meters(painting, losses)
    if found is None:
        return
    with st.container(key="gauges"):
        named = (("Photo kept", found.kept, _KEPT), ("Style matched", found.matched, _MATCHED))
        for column, (name, share, about) in zip(st.columns(2, gap="medium"), named, strict=True):
            if share is not None:
                column.progress(share, f"{name} **{share:.0%}**")
                column.caption(about)


def details(painting: Painting, progress: Progress) -> None:
    """Draw the loss curves in a collapsed expander."""
    if len(progress.history) > 1:
        with st.expander("Details", icon=":material/show_chart:", key="details"):
            _chart(progress)
            losses = progress.snapshot.losses if progress.snapshot else None
            metered = _meters(painting, losses) is not None
            st.caption(_METERS_MEAN + _CHART_MEANS if metered else _CHART_MEANS)


def _meters(painting: Painting, losses: Losses | None) -> Meters | None:
    settings, control = painting.order.settings, painting.job.control
    if losses is None or not isinstance(settings, OptimizeSettings):
        return None
    strength = settings.strength
    if strength is not None and control.strength is not None:  # with raw weights there is no strength to change
        strength = control.strength
    places = _parts(painting)
    return meters(losses, settings, strength, places and places.turned(dict(control.regions)))


def _parts(painting: Painting) -> Parts | None:
    """Return the regions at reduced size, or None without regions. Computed once per run."""
    kept: tuple[Painting, Parts | None] | None = st.session_state.get(_PARTS)
    if kept is None or kept[0] is not painting:
        order = painting.order
        given = engine_inputs.inputs(order, lookout().known("faces", order.photo))
        width, height = preview(order.photo).size
        scale = _PARTS_SIDE / max(width, height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        kept = painting, Parts.of(given["regions"], size, engine_inputs.styles_in(given)) if given["regions"] else None
        st.session_state[_PARTS] = kept
    return kept[1]


def _chart(progress: Progress) -> None:
    """Draw the weighted losses on a logarithmic scale, because their ratios matter."""
    import altair as alt  # a large part of the import time of the page, and not needed on a first visit

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
            alt.Color("from:N", title=None, legend=alt.Legend(orient="top", direction="vertical")),
        )
    )
    st.altair_chart(chart, key="chart")
