"""Timeline: a slider over the preview history of a finished run. The selected preview becomes the displayed result."""

from __future__ import annotations

import streamlit as st

from nst.jobs.preview_history import Preview
from nst.run.snapshot import Snapshot
from nst.ui.result.history import keep_moment
from nst.ui.state import bound_widget
from nst.ui.state.request import RunHandle

_STEP, _JOB, _SEEN = "moment", "moment-of", "moment-seen"  # session keys: selected step, its job, cached Snapshot
_HELP = "Shows an earlier step. Save picture and Keep refining use the step shown."
_KEEP_HELP = "Adds this step to your pictures below."


def in_view(handle: RunHandle, result: Snapshot) -> Snapshot:
    """Return the selected preview as a Snapshot like `result`, or `result` itself, which is selected at first."""
    state = st.session_state
    if state.get(_JOB) is not handle.job or state.get(_STEP) is None:
        state[_JOB], state[_STEP] = handle.job, result.step
    moment = next((each for each in handle.moments.before(result.step) if each.step == state[_STEP]), None)
    if moment is None:  # the end of the timeline is selected
        return result
    seen: tuple[Preview, Snapshot, Snapshot] | None = state.get(_SEEN)
    if seen is None or seen[0] is not moment or seen[1] is not result:
        seen = state[_SEEN] = (moment, result, moment.as_result(result))
    return seen[2]


def scrubber(handle: RunHandle, result: Snapshot) -> None:
    """Draw the slider, if there are previews. Call in_view() first to initialize the selection."""
    steps = [moment.step for moment in handle.moments.before(result.step)]
    if not steps:
        return
    names = {0: "start", result.step: "finished"}
    st.select_slider(
        "Steps",
        [*steps, result.step],
        format_func=lambda step: names.get(step, f"iteration {step}"),
        help=_HELP,
        **bound_widget.value(_STEP),
    )


def keep_this(handle: RunHandle, result: Snapshot) -> None:
    """Draw a button that adds the selected preview to the history."""
    moment = in_view(handle, result)
    if moment is result:
        return
    if st.button("Keep this step", key="keep-moment", icon=":material/bookmark_add:", help=_KEEP_HELP):
        st.toast(f"Kept as number {keep_moment(handle, moment)} of your pictures.", icon=":material/bookmark_added:")
        st.rerun()
