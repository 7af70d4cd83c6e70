"""What all sessions of this server share: the jobs."""

from __future__ import annotations

import streamlit as st

from nst.jobs import Jobs
from nst.ui import sessions


@st.cache_resource(show_spinner=False, on_release=Jobs.close)
def jobs() -> Jobs:
    """The one job manager of this server."""
    return Jobs(is_alive=sessions.is_alive)
