"""What a session has asked for, and the job that does it."""

from __future__ import annotations

from dataclasses import dataclass

from nst.jobs import Job
from nst.ui.pictures import Choice


@dataclass(frozen=True)
class Painting:
    """A photo that is being painted, or has been, in the manner of a style."""

    photo: Choice
    style: Choice
    job: Job
    why: str  # the network was chosen, in plain words
