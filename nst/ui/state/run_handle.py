"""Handle of a style-transfer run, active or finished, for the result view."""

from __future__ import annotations

from dataclasses import dataclass, field

from nst.jobs.job import FinishedJob, Job
from nst.jobs.preview_history import PreviewHistory
from nst.run.snapshot import Snapshot
from nst.ui.state.request import Request


@dataclass(frozen=True)
class JobPayload:
    """Payload of a job: its request, network, draft and preview history.

    Shared by all sessions that view the job.
    """

    request: Request
    why: str  # network in use, as text for users
    drafts: list[Snapshot] = field(default_factory=list, repr=False)  # at most one, appended by the thread of the job
    previews: PreviewHistory = field(default_factory=PreviewHistory, repr=False)  # filled by the thread of the job


@dataclass(frozen=True)
class RunHandle:
    """Handle of a style-transfer run, active or finished."""

    job: Job[JobPayload] | FinishedJob[JobPayload]
    before: Snapshot | None = None  # shown until the job has a snapshot; None: the content image

    @property
    def active(self) -> Job[JobPayload]:
        """Job of a run that is not a FinishedJob. Fails with AssertionError for a FinishedJob."""
        assert isinstance(self.job, Job), "this run has ended"
        return self.job

    @property
    def request(self) -> Request:
        """Request of the job, with its current live settings."""
        return self.job.payload.request

    @property
    def why(self) -> str:
        """Network used by the run, as text for users."""
        return self.job.payload.why

    @property
    def draft(self) -> Snapshot | None:
        """Draft from which the run started, or None if the run has no draft, or none yet."""
        drafts = self.job.payload.drafts
        return drafts[0] if drafts else None

    @property
    def previews(self) -> PreviewHistory:
        """Preview history of the run."""
        return self.job.payload.previews

    @property
    def steps(self) -> bool:
        """True if the run is iterative and therefore can be paused and changed live."""
        return not (self.request.instant or self.request.settings.recolors)
