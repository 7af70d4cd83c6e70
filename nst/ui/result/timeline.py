"""Back in time: a slider through the moments of a run that is over. The moment that is chosen is the picture."""

from __future__ import annotations

import streamlit as st

from nst.jobs.preview_history import Moment
from nst.run.snapshot import Snapshot
from nst.ui.result.history import keep_moment
from nst.ui.state import bound_widget
from nst.ui.state.request import Painting

_STEP, _JOB, _SEEN = "moment", "moment-of", "moment-seen"  # where the session keeps them
_HELP = "Goes back to an earlier moment. What you see is what you take home, and what is painted on."
_KEEP_HELP = "Puts it beside your other pictures, below."


def in_view(painting: Painting, result: Snapshot) -> Snapshot:
    """The moment that a person has gone back to, as a picture like `result`, which it is at first."""
    state = st.session_state
    if state.get(_JOB) is not painting.job or state.get(_STEP) is None:
        state[_JOB], state[_STEP] = painting.job, result.step
    moment = next((each for each in painting.moments.before(result.step) if each.step == state[_STEP]), None)
    if moment is None:  # it is at its end
        return result
    seen: tuple[Moment, Snapshot, Snapshot] | None = state.get(_SEEN)
    if seen is None or seen[0] is not moment or seen[1] is not result:
        seen = state[_SEEN] = (moment, result, moment.as_result(result))
    return seen[2]


def scrubber(painting: Painting, result: Snapshot) -> None:
    """The slider, where there is anything to go back to. in_view() must have been asked before."""
    steps = [moment.step for moment in painting.moments.before(result.step)]
    if not steps:
        return
    names = {0: "the draft", result.step: "the end"}
    st.select_slider(
        "Go back in time",
        [*steps, result.step],
        format_func=lambda step: names.get(step, f"iteration {step}"),
        help=_HELP,
        **bound_widget.value(_STEP),
    )


def keep_this(painting: Painting, result: Snapshot) -> None:
    """A button that keeps the moment that a person has gone back to, beside the result."""
    moment = in_view(painting, result)
    if moment is result:
        return
    if st.button("Keep this moment", key="keep-moment", icon=":material/bookmark_add:", help=_KEEP_HELP):
        st.toast(f"It is number {keep_moment(painting, moment)} of your pictures.", icon=":material/bookmark_added:")
        st.rerun()
