"""Layer experiment: the selected layers, the job and the results finished or in progress."""

from __future__ import annotations

from dataclasses import dataclass, field

from nst.jobs.job import Job
from nst.ui.state.pictures import ImageChoice


@dataclass(frozen=True)
class Question:
    """Images and layers of an experiment: style layers `styled` and content layers `held`.

    Without content layers, only the style is rendered.
    """

    photo: ImageChoice
    style: ImageChoice
    styled: tuple[str, ...]
    held: tuple[str, ...]


@dataclass(frozen=True)
class Experiment:
    """Layer experiment, running or finished.

    `pictures` maps the keys of results (actions.layer_experiment.MINE and ALL) to data URIs of their latest snapshots.
    The thread of the job updates the dictionary.
    """

    question: Question
    job: Job[None]
    pictures: dict[str, str] = field(repr=False)

    @property
    def complete(self) -> bool:
        """True if the job has ended."""
        return self.job.progress.state.ended

    @property
    def share(self) -> float:
        """Completed share of the work, from 0 to 1."""
        last = self.job.progress.snapshot
        return last.step / last.total if last else 0.0
