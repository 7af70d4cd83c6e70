"""Progress of a job in the title of the browser tab, visible from other tabs."""

from __future__ import annotations

import streamlit as st

from nst.jobs.progress import Progress, State

NAME = "NST Studio"
_STATES = {State.QUEUED: "Waiting", State.PAUSED: "Paused"}


def tab_title(progress: Progress) -> None:
    """Put the progress of an unfinished job into the title of the browser tab.

    Each full script run resets the title.
    """
    if progress.state.ended:
        return
    latest = progress.snapshot
    share = latest.step / latest.total if latest else 0.0
    st.set_page_config(page_title=f"{_STATES.get(progress.state, f'{share:.0%}')} · {NAME}")
