"""What a session has asked for, and the job that does it."""

from __future__ import annotations

from dataclasses import dataclass, field

from nst.jobs import Job
from nst.settings import FastSettings, Settings
from nst.snapshot import Snapshot
from nst.ui.pictures import Choice

PHOTO_SHARE = "photo-share"  # where the session keeps how much of the photo shows through its painting, in percent


@dataclass(frozen=True)
class Order:
    """A picture to be painted."""

    photo: Choice
    style: Choice
    settings: Settings
    init: bytes | None = field(default=None, repr=False)  # a picture to start from

    @property
    def instant(self) -> bool:
        """Whether it is made in one go."""
        return isinstance(self.settings, FastSettings)


@dataclass(frozen=True)
class Painting:
    """An order that is being carried out, or has been."""

    order: Order
    job: Job
    why: str  # the network was chosen, in plain words
    before: Snapshot | None = None  # what is shown until the job has a picture; None: the photo
    drafts: list[Snapshot] = field(default_factory=list, repr=False)  # one at most; the job's thread puts it here
