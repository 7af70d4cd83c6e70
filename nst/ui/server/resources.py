"""What all sessions of this server share: the jobs, the folder where they are kept, and uploads."""

from __future__ import annotations

import streamlit as st

from nst.jobs.limits import Limits
from nst.jobs.queue import Jobs
from nst.jobs.store import Store
from nst.system import cache_folder
from nst.ui.server import sessions
from nst.ui.server.uploads import Uploads
from nst.ui.state.request import Order

RUNS = "runs"  # folder, in that of what this machine remembers


@st.cache_resource(show_spinner=False)
def limits() -> Limits:
    """What visitors may have. Raises SettingsError where the environment says something that makes no sense."""
    return Limits.of()


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """Where runs outlive the server."""
    return Store(cache_folder.folder() / RUNS, hours=limits().kept_hours, megabytes=limits().kept_megabytes)


@st.cache_resource(show_spinner=False)
def uploads() -> Uploads:
    """Visitors' own pictures."""
    return Uploads(limits().uploads_megabytes, sessions.is_alive)


@st.cache_resource(show_spinner=False, on_release=Jobs.close)
def jobs() -> Jobs:
    """Pictures that are worked on for a while."""
    return Jobs(limits(), store=store(), is_alive=sessions.is_alive)


@st.cache_resource(show_spinner=False, on_release=Jobs.close)
def instant_jobs() -> Jobs:
    """Pictures that are made in a moment; whoever wants one waits for none of jobs(), nor for a whole sheet."""
    return Jobs(limits(), in_turns=True, is_alive=sessions.is_alive)


def findable(token: str) -> bool:
    """Whether a job can be found again by its token."""
    return token in jobs() or token in store()


def queue(order: Order) -> Jobs:
    """The jobs that an order belongs to."""
    return instant_jobs() if order.instant else jobs()
