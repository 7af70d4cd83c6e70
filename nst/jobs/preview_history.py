"""Preview history of a style-transfer run: previews as JPEG files, thinned out to at most MOST previews."""

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
    """Preview of a style-transfer run, with its image as a JPEG file.

    `seconds` is the run time up to this preview, `working_size` the (width, height) in pixels at which the engine
    worked.
    """

    step: int  # 0 for the draft of init="fast"
    seconds: float
    losses: Losses | None
    working_size: tuple[int, int]
    file: bytes = field(repr=False)

    @property
    def pixels(self) -> Pixels:
        """Decoded image of the preview, uint8 RGB (H, W, 3)."""
        return images.read(self.file, "preview", any_shape=True).rgb

    def as_result(self, result: Snapshot) -> Snapshot:
        """Return a copy of `result`, the last snapshot of the run, with image, step, losses and time of this preview.

        The image keeps the size of the preview: at most PREVIEW_SIDE (nst.run.snapshot) pixels on the long side.
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
    """Previews of a run at approximately even distances in steps, a few megabytes at most.

    Thread-safe for one writer, the thread of the run, and any number of readers. `before` holds the first previews:
    those saved before the run was restored from disk.
    """

    def __init__(self, before: Iterable[Preview] = ()) -> None:
        self._all = tuple(before)

    @property
    def all(self) -> tuple[Preview, ...]:
        """All previews in the history, oldest first. The most recently added preview is always included."""
        return self._all

    def add(self, snapshot: Snapshot) -> None:
        """Append a snapshot as a preview and thin out the older ones. Ignore a final snapshot, which is the result."""
        if snapshot.final:
            return
        file = images.encode(snapshot.image, "jpeg", QUALITY)
        preview = Preview(snapshot.step, snapshot.seconds, snapshot.losses, snapshot.working_size, file)
        self._all = (*_thinned(self._all), preview)

    def before(self, step: int) -> list[Preview]:
        """Return the previews made before step `step`, oldest first."""
        return [preview for preview in self._all if preview.step < step]

    def film(self, result: Snapshot) -> list[Pixels]:
        """Return the frames of an animation: the previews made before `result`, then `result` itself.

        Frames are uint8 RGB (H, W, 3) and have the size of the first preview, or of `result` if there are no previews.
        If `result` is transparent, its alpha channel is applied to every frame, on white.
        """
        frames = [preview.pixels for preview in self.before(result.step)]
        size = (frames or [result.image])[0].shape[1::-1]
        alpha = images.resize_alpha(result.alpha, (size[0], size[1]))
        fitted = [images.resize(frame, (size[0], size[1])) for frame in [*frames, result.image]]
        return fitted if alpha is None else [on_white(np.dstack([frame, alpha])) for frame in fitted]


def _thinned(previews: tuple[Preview, ...]) -> tuple[Preview, ...]:
    """Return the previews thinned out, so that one more can be added.

    Drops the latest preview if its distance in steps to its predecessor is smaller than the spacing of the history.
    Then drops every second preview if there are MOST. The spacing is the distance between the second and the third
    preview, so that no other state is needed; the first distance, from the draft to the first preview, is often
    shorter.
    """
    if len(previews) > 3 and previews[-1].step - previews[-2].step < previews[2].step - previews[1].step:
        previews = previews[:-1]  # off the grid; present only because it was the latest
    return previews[::2] if len(previews) == MOST else previews
