"""Resources shared by all sessions of this server: limits, job queues, saved jobs and accounting of uploads."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nst.jobs.limits import Limits
from nst.jobs.queue import JobQueue
from nst.jobs.store import Store
from nst.system import cache_folder
from nst.ui.server import sessions
from nst.ui.server.uploads import Uploads
from nst.ui.state.request import Request
from nst.ui.state.run_handle import JobPayload

RUNS = "runs"  # subfolder of the cache folder


@st.cache_resource(show_spinner=False)
def limits() -> Limits:
    """Return the limits of this server. Raises SettingsError if an environment variable has an invalid value."""
    return Limits.of()


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """Return the store that keeps jobs on disk across server restarts."""
    return Store(cache_folder.folder() / RUNS, hours=limits().kept_hours, megabytes=limits().kept_megabytes)


@st.cache_resource(show_spinner=False)
def uploads() -> Uploads:
    """Return the accounting of the memory used by uploads of all sessions."""
    return Uploads(limits().uploads_megabytes, sessions.is_alive)


@st.cache_resource(show_spinner=False, on_release=JobQueue.close)
def jobs() -> JobQueue[JobPayload]:
    """Return the queue of the optimize engine, whose jobs run for a long time and can be saved on disk."""
    return JobQueue(limits(), store=store(), is_alive=sessions.is_alive)


@st.cache_resource(show_spinner=False, on_release=JobQueue.close)
def instant_jobs() -> JobQueue[Any]:
    """Return the queue of short jobs: results of the fast engine, variations and layer experiments.

    The type of the payload depends on the kind of job. These jobs do not wait for those in jobs(). They take turns
    after each snapshot, so that the many variations of one session do not block others.
    """
    return JobQueue(limits(), in_turns=True, is_alive=sessions.is_alive)


def findable(token: str) -> bool:
    """Return True if jobs() or the store on disk contains a job with this token."""
    return token in jobs() or token in store()


def queue(request: Request) -> JobQueue[JobPayload]:
    """Return the queue for the jobs of a request: instant_jobs() for the fast engine, jobs() for all others."""
    return instant_jobs() if request.instant else jobs()
