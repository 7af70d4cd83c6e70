"""The page's address: it leads back to the run that the page shows, from another tab or after a restart."""

from __future__ import annotations

import streamlit as st

from nst.jobs.queue import Job

_RUN = "run"  # the query parameter that holds a job's token


def token() -> str | None:
    """Of the run that the address leads to; it may be anything that somebody typed."""
    found: str | None = st.query_params.get(_RUN)
    return found


def point_to(job: Job | None) -> None:
    """Let the address lead to a job, or to none."""
    if job is not None:
        if token() != job.token:
            st.query_params.update(way_to(job))
    elif _RUN in st.query_params:
        del st.query_params[_RUN]


def way_to(job: Job) -> dict[str, str]:
    """Query parameters of an address that leads to a job."""
    return {_RUN: job.token}
