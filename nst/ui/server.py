"""What all sessions of this server share: the jobs."""

from __future__ import annotations

import streamlit as st

from nst.jobs import Jobs
from nst.ui import sessions
from nst.ui.painting import Order


@st.cache_resource(show_spinner=False, on_release=Jobs.close)
def jobs() -> Jobs:
    """Pictures that are worked on for a while, one at a time."""
    return Jobs(is_alive=sessions.is_alive)


@st.cache_resource(show_spinner=False, on_release=Jobs.close)
def instant_jobs() -> Jobs:
    """Pictures that are made in one go; whoever wants one does not wait behind the others."""
    return Jobs(is_alive=sessions.is_alive)


def queue(order: Order) -> Jobs:
    """The jobs that an order belongs to."""
    return instant_jobs() if order.instant else jobs()
