"""Resources shared by all sessions of this server: limits, job queues, job store and uploads."""

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
    """Return the limits for visitors. Raises SettingsError if an environment variable is invalid."""
    return Limits.of()


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """Return the store on disk, which keeps jobs across server restarts."""
    return Store(cache_folder.folder() / RUNS, hours=limits().kept_hours, megabytes=limits().kept_megabytes)


@st.cache_resource(show_spinner=False)
def uploads() -> Uploads:
    """Return the accounting of uploads by all visitors."""
    return Uploads(limits().uploads_megabytes, sessions.is_alive)


@st.cache_resource(show_spinner=False, on_release=JobQueue.close)
def jobs() -> JobQueue[JobPayload]:
    """Return the queue of long-running jobs."""
    return JobQueue(limits(), store=store(), is_alive=sessions.is_alive)


@st.cache_resource(show_spinner=False, on_release=JobQueue.close)
def instant_jobs() -> JobQueue[Any]:
    """Return the queue of jobs of the fast engine: results, variations and layer experiments, with various payloads.

    These jobs do not wait for those in jobs(), and take turns after each snapshot, so that a sheet of variations does
    not block others.
    """
    return JobQueue(limits(), in_turns=True, is_alive=sessions.is_alive)


def findable(token: str) -> bool:
    """Return True if jobs() or the store on disk contains a job with this token."""
    return token in jobs() or token in store()


def queue(request: Request) -> JobQueue[JobPayload]:
    """Return the queue responsible for a request."""
    return instant_jobs() if request.instant else jobs()
