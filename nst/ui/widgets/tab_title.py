"""The tab's title says how far a picture is, for whoever looks at something else meanwhile."""

from __future__ import annotations

import streamlit as st

from nst.jobs.progress import Progress, State

NAME = "NST Studio"
_STATES = {State.QUEUED: "In line", State.PAUSED: "Paused"}


def tab_title(progress: Progress) -> None:
    """Put the progress of a run into the title; each run of the whole page begins with the usual one."""
    if progress.state.ended:
        return
    latest = progress.snapshot
    share = latest.step / latest.total if latest else 0.0
    st.set_page_config(page_title=f"{_STATES.get(progress.state, f'{share:.0%}')} · {NAME}")
