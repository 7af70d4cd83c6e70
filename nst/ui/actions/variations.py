"""A contact sheet at work: an order's looks, painted one after another in the background."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

import nst
from nst.engines.variations import TRIED_AT, Variant, variants
from nst.images import io as images
from nst.jobs.job import Job
from nst.models.stylizers import trained_style
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from nst.ui.server import engine_inputs, sessions
from nst.ui.server import resources as server
from nst.ui.server.mask_finder import Lookout, lookout
from nst.ui.state.pictures import Choice, shown
from nst.ui.state.request import Order

SHOWN_SIDE = 256  # pixels; they are seen at about 200
LARGEST = 2 * TRIED_AT  # pixels that are of use to the finest brush


@dataclass(frozen=True)
class Sheet:
    """An order's looks, and those pictures of them that are there; the job's thread adds to them."""

    order: Order  # all that they have in common
    variants: tuple[Variant, ...]
    job: Job
    pictures: dict[Variant, str] = field(repr=False)  # data URIs

    @property
    def complete(self) -> bool:
        """Whether no more of them will come."""
        return self.job.progress.state.ended

    @property
    def broken(self) -> bool:
        """Whether some of them never will."""
        ending = self.complete or self.job.control.stopped
        return ending and len(self.pictures) < len(self.variants)


def begin(order: Order) -> Sheet:
    """Try an order's looks, beside the instant pictures. Raises NstError."""
    looks, pictures = variants(order.settings), dict[Variant, str]()
    run = partial(_run, order, looks, pictures, lookout())
    return Sheet(common(order), looks, server.instant_jobs().submit(sessions.current(), run), pictures)


def common(order: Order) -> Order:
    """What is the same for all looks of an order, and for orders that differ in their look only."""
    return replace(order, settings=variants(order.settings)[0].settings, init=None)


def _run(
    order: Order,
    looks: tuple[Variant, ...],
    pictures: dict[Variant, str],
    eyes: Lookout,
    control: Control,
    _resume: Checkpoint | None,  # it is over in a moment, and never paused
) -> Iterator[Snapshot]:
    """One Snapshot a look, small."""
    faces = None if order.gentle is None else eyes.ask("faces", order.photo).result()
    order = _small(order)
    for number, look in enumerate(looks, 1):
        if control.stopped:
            return
        trial = replace(order, settings=look.trial, init=None)
        painted = nst.stylize(trial.photo.source, settings=trial.settings, **engine_inputs.inputs(trial, faces))
        small = images.fit(painted.picture, min(SHOWN_SIDE, max(painted.image.shape)))
        pictures[look] = shown(small, SHOWN_SIDE).uri
        yield replace(painted, image=small[..., :3], alpha=None, step=number, total=len(looks), final=False)


def _small(order: Order) -> Order:
    """The same with its pictures decoded, once for all looks, and no larger than they are looked at."""
    mix = order.mix
    mix = replace(mix, styles=tuple(map(_decoded, mix.styles)), colors_of=mix.colors_of and _decoded(mix.colors_of))
    area = order.area
    if area is not None and area.rest_style is not None:
        area = replace(area, rest_style=_decoded(area.rest_style))
    return replace(order, photo=_decoded(order.photo), mix=mix, area=area)


def _decoded(choice: Choice) -> Choice:
    """A trained style is left as it is: it is more than its picture."""
    if trained_style.find(choice.source) is not None:
        return choice
    picture = images.read(choice.source, choice.name)
    pixels = picture.rgb if picture.alpha is None else np.dstack([picture.rgb, picture.alpha])
    return replace(choice, source=images.fit(pixels, min(LARGEST, max(pixels.shape[:2]))))
