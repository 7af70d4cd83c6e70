"""Timeline: a slider over the previews of a finished run. The selected preview becomes the displayed result."""

from __future__ import annotations

import streamlit as st

from nst.run.snapshot import Snapshot
from nst.ui.result.history import keep_preview
from nst.ui.state import bound_widget
from nst.ui.state import session_state as session
from nst.ui.state.run_handle import RunHandle

_HELP = "Shows an earlier step. Save picture and Keep refining use the step shown."
_KEEP_HELP = "Adds this step to your pictures below."


def in_view(handle: RunHandle, result: Snapshot) -> Snapshot:
    """Return the preview selected on the timeline, as a Snapshot.

    If the end of the timeline is selected, as at first, return `result`, the last snapshot of the job.
    """
    if session.preview_of.value is not handle.job or session.preview_step.value is None:
        session.preview_of.value, session.preview_step.value = handle.job, result.step
    step = session.preview_step.value
    preview = next((each for each in handle.previews.before(result.step) if each.step == step), None)
    if preview is None:  # the end of the timeline is selected
        return result
    return session.selected_preview.of(preview, result, make=lambda: preview.as_result(result))


def scrubber(handle: RunHandle, result: Snapshot) -> None:
    """Draw the slider of the timeline, if there are previews before `result`.

    Call in_view() first, which initializes the selection.
    """
    steps = [preview.step for preview in handle.previews.before(result.step)]
    if not steps:
        return
    names = {0: "start", result.step: "finished"}
    st.select_slider(
        "Steps",
        [*steps, result.step],
        format_func=lambda step: names.get(step, f"iteration {step}"),
        help=_HELP,
        **bound_widget.value(session.preview_step),
    )


def keep_this(handle: RunHandle, result: Snapshot) -> None:
    """Draw a button that adds the selected preview to the history. Draw nothing if `result` itself is selected."""
    selected = in_view(handle, result)
    if selected is result:
        return
    if st.button("Keep this step", key="keep-moment", icon=":material/bookmark_add:", help=_KEEP_HELP):
        st.toast(f"Kept as number {keep_preview(handle, selected)} of your pictures.", icon=":material/bookmark_added:")
        st.rerun()
