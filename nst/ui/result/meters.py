"""Distance of the result from content image and style image: two meters, and figures and a chart under Details."""

from __future__ import annotations

import streamlit as st

from nst.jobs.queue import Progress
from nst.optimization.meters import Meters, meters
from nst.run.regions import RegionSet
from nst.run.snapshot import Losses, Snapshot
from nst.settings.engines import OptimizeSettings
from nst.ui.result.timeline import in_view
from nst.ui.server import engine_inputs
from nst.ui.server.mask_finder import mask_finder
from nst.ui.server.streamlit_workarounds import import_altair
from nst.ui.state import format
from nst.ui.state import session_state as session
from nst.ui.state.pictures import preview
from nst.ui.state.request import Request
from nst.ui.state.run_handle import RunHandle

_KEPT = "How similar the picture still is to your photo."
_MATCHED = "How similar brushwork and colors are to the style."
_METERS_MEAN = (
    "Photo kept: 100% is the unchanged photo; at 50% half of the picture is new. Style matched: at 100% brushwork and "
    "colors are those of the style, at 0% none of them is there. "
)
_CHART_MEANS = (
    "The chart shows the distance of the picture from photo and style at each iteration, multiplied by its weight. "
    "Painting makes the sum smaller."
)
_REGIONS_SIDE = 128  # pixels; the area shares of regions do not depend on the size


def draw_meters(handle: RunHandle, losses: Losses | None) -> None:
    """Draw the two meters for the losses of a snapshot.

    Draw nothing without losses, with the fast engine, or with a published loss formulation.
    """
    found = _meters(handle, losses)
    if found is None:
        return
    with st.container(key="gauges"):
        named = (("Photo kept", found.kept, _KEPT), ("Style matched", found.matched, _MATCHED))
        for column, (name, share, about) in zip(st.columns(2, gap="medium"), named, strict=True):
            if share is not None:
                column.progress(share, f"{name} **{share:.0%}**")
                column.caption(about)


def details(handle: RunHandle, progress: Progress) -> None:
    """Draw a collapsed expander with the loss curves of a run and, for an ended run, size, time and network.

    Draw nothing if there is neither a result nor a curve.
    """
    done = progress.snapshot if progress.state.ended else None
    if done is None and len(progress.history) <= 1:
        return
    with st.expander("Details", icon=":material/show_chart:", key="details"):
        if done is not None:
            st.markdown(_facts(in_view(handle, done), handle.why))
        if len(progress.history) > 1:
            _chart(progress)
            losses = progress.snapshot.losses if progress.snapshot else None
            metered = _meters(handle, losses) is not None
            st.caption(_METERS_MEAN + _CHART_MEANS if metered else _CHART_MEANS)


def _facts(snapshot: Snapshot, network: str) -> str:
    height, width = snapshot.image.shape[:2]
    facts = [f"{width} x {height} pixels", format.duration(snapshot.seconds)]
    if snapshot.losses is not None:
        of = "" if snapshot.step == snapshot.total else f" of {snapshot.total}"
        facts.append(f"{snapshot.step}{of} iterations")
    return f"{' · '.join([*facts, format.literal(network)])}" + (
        f"  \n{format.literal(snapshot.note)}" if snapshot.note else ""
    )


def _meters(handle: RunHandle, losses: Losses | None) -> Meters | None:
    request, settings = handle.request, handle.request.settings
    if losses is None or not isinstance(settings, OptimizeSettings):
        return None
    return meters(losses, settings, settings.strength, session.region_set.of(request, make=lambda: _regions(request)))


def _regions(request: Request) -> RegionSet | None:
    """Return the regions of a request at reduced size for the meters, or None if the request has no regions."""
    inputs = engine_inputs.inputs(request, mask_finder().known("faces", request.photo))
    if not inputs["regions"]:
        return None
    width, height = preview(request.photo).size
    scale = _REGIONS_SIDE / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return RegionSet.of(inputs["regions"], size, engine_inputs.styles_in(inputs))


def _chart(progress: Progress) -> None:
    """Draw the weighted losses per step on a logarithmic scale, because their ratios matter."""
    alt = import_altair()  # here, because it is a large part of the import time of the page and not needed at first

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
