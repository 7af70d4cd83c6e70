"""Contact sheet of style variations, with its job and the results finished."""

from __future__ import annotations

from dataclasses import dataclass, field

from nst.engines.variations import Variation
from nst.jobs.job import Job
from nst.ui.state.request import Request


@dataclass(frozen=True)
class VariationSheet:
    """Style variations of a request and their finished results. The thread of the job adds to `pictures`."""

    request: Request  # common to all variations
    variants: tuple[Variation, ...]
    job: Job[None]
    pictures: dict[Variation, str] = field(repr=False)  # data URIs

    @property
    def complete(self) -> bool:
        """True if the job has ended."""
        return self.job.progress.state.ended

    @property
    def broken(self) -> bool:
        """True if the job ended or was stopped before all variations were finished."""
        ending = self.complete or self.job.control.stopped
        return ending and len(self.pictures) < len(self.variants)
