"""What a run looked like on its way: its previews as small files, thinned out to a bounded number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from nst.images import io as images
from nst.images.alpha import on_white
from nst.images.io import Pixels
from nst.run.snapshot import Losses, Snapshot

MOST = 40  # moments of a run; even, because so many are halved
QUALITY = 90  # of their JPEG files: a moment may become the result


@dataclass(frozen=True)
class Moment:
    """A preview of a run, as a JPEG file."""

    step: int  # 0 for a draft
    seconds: float
    losses: Losses | None
    working_size: tuple[int, int]
    file: bytes = field(repr=False)

    @property
    def pixels(self) -> Pixels:
        """uint8 RGB (H, W, 3)."""
        return images.read(self.file, "moment").rgb

    def as_result(self, result: Snapshot) -> Snapshot:
        """The moment as if the run had been stopped there; `result` is what it came to in the end.

        It is as large as previews are, which is smaller than a result of more than snapshot.PREVIEW_SIDE pixels.
        """
        pixels = self.pixels
        return replace(
            result,
            image=pixels,
            step=self.step,
            losses=self.losses,
            seconds=self.seconds,
            working_size=self.working_size,
            checkpoint=None,
            note="",
            alpha=images.resize_alpha(result.alpha, (pixels.shape[1], pixels.shape[0])),
        )


class Moments:
    """The moments of a run of any length, evenly spread: some megabytes at most.

    The thread of the run adds them, others look at them. A run that goes on after a restart has them from before.
    """

    def __init__(self, before: Iterable[Moment] = ()) -> None:
        self._all = tuple(before)

    @property
    def all(self) -> tuple[Moment, ...]:
        """Oldest first; the latest is always there."""
        return self._all

    def add(self, snapshot: Snapshot) -> None:
        """Put a preview aside; a final snapshot is the result, which needs none."""
        if snapshot.final:
            return
        file = images.encode(snapshot.image, "jpeg", QUALITY)
        moment = Moment(snapshot.step, snapshot.seconds, snapshot.losses, snapshot.working_size, file)
        self._all = (*_thinned(self._all), moment)

    def before(self, step: int) -> list[Moment]:
        """The moments before a step, oldest first."""
        return [moment for moment in self._all if moment.step < step]

    def film(self, result: Snapshot) -> list[Pixels]:
        """What led to a result, and that, uint8 RGB (H, W, 3) of one size, on white: frames of a film."""
        frames = [moment.pixels for moment in self.before(result.step)]
        size = (frames or [result.image])[0].shape[1::-1]
        alpha = images.resize_alpha(result.alpha, (size[0], size[1]))
        fitted = [images.resize(frame, (size[0], size[1])) for frame in [*frames, result.image]]
        return fitted if alpha is None else [on_white(np.dstack([frame, alpha])) for frame in fitted]


def _thinned(moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """Room for one more: how far apart they are to be is seen from them, so that nothing else need be remembered.

    The first is no measure: from the draft to the first preview is often less than from one preview to the next.
    """
    if len(moments) > 3 and moments[-1].step - moments[-2].step < moments[2].step - moments[1].step:
        moments = moments[:-1]  # it was there as the latest
    return moments[::2] if len(moments) == MOST else moments
