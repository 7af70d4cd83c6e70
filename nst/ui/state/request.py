"""What a session has asked for, and the job that does it."""

from __future__ import annotations

from dataclasses import dataclass, field

from nst.jobs.preview_history import Moments
from nst.jobs.queue import Job
from nst.run.snapshot import Snapshot
from nst.settings.engines import FastSettings, Settings
from nst.ui.state import format
from nst.ui.state.pictures import Choice

PHOTO_SHARE = "photo-share"  # where the session keeps how much of the photo shows through its painting, in percent
PROBLEM = "problem"  # where it keeps what is to be said in place of a picture


@dataclass(frozen=True)
class Mix:
    """Styles in one picture, each with its weight; the first is the one that a person chose first."""

    styles: tuple[Choice, ...]
    weights: tuple[float, ...]
    colors_of: Choice | None = None  # whose colors they take on; None: they keep their own

    @property
    def names(self) -> str:
        """What the styles are called."""
        return format.listed(style.name for style in self.styles)


AREAS = {  # what parts of a photo are called
    "subject": "the subject",
    "background": "the background",
    "sky": "the sky",
    "alpha": "what is not transparent",
    "brush": "what you brushed",
    "file": "what is white in your mask",
}


@dataclass(frozen=True)
class Area:
    """A part of the photo that is painted, and what becomes of the rest."""

    place: str  # one of AREAS
    mask: bytes = field(repr=False)  # a picture file, white where it is
    feather: float  # percent of the long side that its edge is soft
    rest_strength: float = 0.0  # at 0 the rest stays the photo
    rest_style: Choice | None = None  # None: the same

    @property
    def name(self) -> str:
        """What it is called."""
        return AREAS[self.place]


@dataclass(frozen=True)
class Order:
    """A picture to be painted."""

    photo: Choice
    mix: Mix
    settings: Settings
    init: bytes | None = field(default=None, repr=False)  # a picture to start from
    area: Area | None = None  # None: all of the photo
    gentle: float | None = None  # percent of the strength that is left to faces; None: all of it

    @property
    def pictures(self) -> tuple[Choice, ...]:
        """All that a person chose for it."""
        others = self.mix.colors_of, self.area.rest_style if self.area else None
        return self.photo, *self.mix.styles, *filter(None, others)

    @property
    def instant(self) -> bool:
        """Whether it is made in one go."""
        return isinstance(self.settings, FastSettings)


@dataclass(frozen=True)
class Commission:
    """What a job has to do with: the same for all sessions that look at it."""

    order: Order
    why: str  # the network was chosen, in plain words
    drafts: list[Snapshot] = field(default_factory=list, repr=False)  # one at most; the job's thread puts it here
    moments: Moments = field(default_factory=Moments, repr=False)  # of the run; the same thread adds them


@dataclass(frozen=True)
class Painting:
    """A commission that is being carried out, or has been."""

    job: Job
    before: Snapshot | None = None  # what is shown until the job has a picture; None: the photo

    @property
    def _known(self) -> Commission:
        known: Commission = self.job.about
        return known

    @property
    def order(self) -> Order:
        """What is painted, with its dials as they are by now."""
        return self._known.order

    @property
    def why(self) -> str:
        """The network was chosen, in plain words."""
        return self._known.why

    @property
    def draft(self) -> Snapshot | None:
        """What the run began with, once that is there."""
        return self._known.drafts[0] if self._known.drafts else None

    @property
    def moments(self) -> Moments:
        """The run's own previews."""
        return self._known.moments

    @property
    def steps(self) -> bool:
        """Whether it is made step by step, so that it can be paused and steered."""
        return not (self.order.instant or self.order.settings.recolors)
