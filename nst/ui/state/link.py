"""Address of the page, which contains the token of the displayed job.

The address opens the job in another tab or after a server restart.
"""

from __future__ import annotations

import streamlit as st

_RUN = "run"  # query parameter with the token of a job


def token() -> str | None:
    """Return the job token in the page address, not validated; None if the address has no job token."""
    found: str | None = st.query_params.get(_RUN)
    return found


def point_to(job_token: str | None) -> None:
    """Put the token of a job into the page address; for None, remove the token in the address."""
    if job_token is not None:
        if token() != job_token:
            st.query_params.update(way_to(job_token))
    elif _RUN in st.query_params:
        del st.query_params[_RUN]


def way_to(job_token: str) -> dict[str, str]:
    """Return the query parameters of an address that opens the job with this token."""
    return {_RUN: job_token}
