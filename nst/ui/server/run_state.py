"""Status display of a job that is queued or paused."""

from __future__ import annotations

import streamlit as st

from nst.jobs.progress import Progress
from nst.ui.server import resources as server
from nst.ui.state import format
from nst.ui.state.run_handle import RunHandle


def waiting(handle: RunHandle, progress: Progress) -> None:
    """Draw the progress of a queued job, its position in the queue and the expected time until its start."""
    jobs = server.queue(handle.request)
    begins = jobs.wait_of(handle.active)
    turn = format.turn(jobs.position(handle.active))
    st.progress(_share(progress), turn if begins is None else f"{turn} {format.begins(begins)}")


def paused(handle: RunHandle, progress: Progress) -> None:
    """Draw the progress of a paused job, and the reason for the pause or how long the job can be resumed."""
    latest = progress.snapshot
    where = f"Paused at iteration {latest.step} of {latest.total}." if latest else "Paused before painting began."
    st.progress(_share(progress), f"{where} {format.literal(progress.notice) or _kept(handle)}".strip())


def _share(progress: Progress) -> float:
    return progress.snapshot.step / progress.snapshot.total if progress.snapshot else 0.0


def _kept(handle: RunHandle) -> str:
    if not handle.active.kept:
        return ""
    return f"Bookmark this page to continue within {format.hours(server.limits().kept_hours)}."
