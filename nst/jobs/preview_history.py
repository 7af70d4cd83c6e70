"""Preview history of a run: its previews as JPEG files, thinned out to a bounded number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from nst.images import io as images
from nst.images.alpha import on_white
from nst.images.io import Pixels
from nst.run.snapshot import Losses, Snapshot

MOST = 40  # maximum number of previews; even, so that the spacing stays regular after every second one is dropped
QUALITY = 90  # JPEG quality; high, because a preview may be used as the result


@dataclass(frozen=True)
class Preview:
    """One preview of a run, as a JPEG file."""

    step: int  # 0 for the draft of init="fast"
    seconds: float
    losses: Losses | None
    working_size: tuple[int, int]
    file: bytes = field(repr=False)

    @property
    def pixels(self) -> Pixels:
        """Decoded preview, uint8 RGB (H, W, 3)."""
        return images.read(self.file, "preview", any_shape=True).rgb

    def as_result(self, result: Snapshot) -> Snapshot:
        """Return `result`, the last snapshot of the run, with the image and the figures of this preview.

        The image keeps the size of a preview, at most snapshot.PREVIEW_SIDE pixels on the long side.
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


class PreviewHistory:
    """Preview history of a run: approximately evenly spaced, a few megabytes at most.

    Thread-safe for one writer, the thread of the run, and any number of readers. `before` is the saved history of a
    restored run.
    """

    def __init__(self, before: Iterable[Preview] = ()) -> None:
        self._all = tuple(before)

    @property
    def all(self) -> tuple[Preview, ...]:
        """All previews, oldest first; the latest one is never thinned out."""
        return self._all

    def add(self, snapshot: Snapshot) -> None:
        """Append a preview. Final snapshots are ignored: they are the result."""
        if snapshot.final:
            return
        file = images.encode(snapshot.image, "jpeg", QUALITY)
        preview = Preview(snapshot.step, snapshot.seconds, snapshot.losses, snapshot.working_size, file)
        self._all = (*_thinned(self._all), preview)

    def before(self, step: int) -> list[Preview]:
        """Return the previews before a step, oldest first."""
        return [preview for preview in self._all if preview.step < step]

    def film(self, result: Snapshot) -> list[Pixels]:
        """Return the frames of a film: the previews before `result`, then `result` itself.

        Frames are uint8 RGB (H, W, 3), all of the size of the first one; transparency is composited on white.
        """
        frames = [preview.pixels for preview in self.before(result.step)]
        size = (frames or [result.image])[0].shape[1::-1]
        alpha = images.resize_alpha(result.alpha, (size[0], size[1]))
        fitted = [images.resize(frame, (size[0], size[1])) for frame in [*frames, result.image]]
        return fitted if alpha is None else [on_white(np.dstack([frame, alpha])) for frame in fitted]


def _thinned(previews: tuple[Preview, ...]) -> tuple[Preview, ...]:
    """Make room for one more preview.

    Drops the latest preview if it is closer to its predecessor than the spacing of the history, and every second one
    if there are MOST. The spacing is read off the second and third preview, so that no other state is needed; the first
    interval, from draft to first preview, is often shorter.
    """
    if len(previews) > 3 and previews[-1].step - previews[-2].step < previews[2].step - previews[1].step:
        previews = previews[:-1]  # off the grid; present only because it was the latest
    return previews[::2] if len(previews) == MOST else previews
