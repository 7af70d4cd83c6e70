"""Layer experiment: the selected layers, the job and the results so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from nst.jobs.job import Job
from nst.ui.state.pictures import ImageChoice


@dataclass(frozen=True)
class Question:
    """Setup of an experiment: style layers and content layers. Without content layers, only the style is rendered."""

    photo: ImageChoice
    style: ImageChoice
    styled: tuple[str, ...]
    held: tuple[str, ...]


@dataclass(frozen=True)
class Experiment:
    """A running or finished experiment.

    `pictures` maps names of results to data URIs of their latest state. The job's thread updates the dictionary.
    """

    question: Question
    job: Job[None]
    pictures: dict[str, str] = field(repr=False)

    @property
    def complete(self) -> bool:
        """Return True if the job has ended."""
        return self.job.progress.state.ended

    @property
    def share(self) -> float:
        """Completed share of the work, from 0 to 1."""
        last = self.job.progress.snapshot
        return last.step / last.total if last else 0.0
