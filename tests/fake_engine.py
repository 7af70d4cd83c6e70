"""A stand-in for the optimize engine: real pictures in, made-up snapshots out, no TensorFlow.

Put it in the registry, tell it what to do, and look at what it was asked:

    monkeypatch.setitem(engines.ENGINES, "optimize", (OptimizeSettings, "tests.fake_engine"))
    fake_engine.script = fake_engine.Script(hold_before=3)
    ...
    assert fake_engine.script.held.wait(10)   # two steps are done, the third waits
    fake_engine.script.release()              # or stop the run through its control

One preview a step, each a little closer to the style's mean color; the last snapshot is the result.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nst.control import Control
from nst.images import Source, fit, read
from nst.settings import OptimizeSettings
from nst.snapshot import Checkpoint, Losses, Snapshot

PREVIEW_SIDE = 64  # small enough for a result of other size than its previews


@dataclass
class Script:
    """What the next runs do."""

    hold_before: int | None = None  # this step waits for release(), or for a stop
    error: Exception | None = None  # raised in place of the step `error_at`
    error_at: int = 1
    held: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)  # set when a run has ended, however it did
    calls: list[dict[str, Any]] = field(default_factory=list)  # what run() was asked, oldest first

    def release(self) -> None:
        self.hold_before = None
        for call in self.calls:
            call["control"].resume()


script = Script()


def run(
    content: Source,
    style: Source | Sequence[Source],
    settings: OptimizeSettings,
    *,
    control: Control,
    style_weights: Sequence[float] | None = None,
    init_image: Source | None = None,
    resume: Checkpoint | None = None,
) -> Iterator[Snapshot]:
    """Reads its pictures before the generator is returned, as the contract wants."""
    script.calls.append(dict(locals()))
    photo = fit(read(content, "content").rgb, settings.size)
    styles = style if isinstance(style, list | tuple) else [style]
    color = np.mean([read(each, "style").rgb.mean((0, 1)) for each in styles], axis=0)
    return _snapshots(photo, color, settings, control)


def _snapshots(
    photo: np.ndarray, color: np.ndarray, settings: OptimizeSettings, control: Control
) -> Iterator[Snapshot]:
    small = fit(photo, min(PREVIEW_SIDE, max(photo.shape[:2])))
    try:
        for step in range(1, settings.steps + 1):
            if step == script.error_at and script.error is not None:
                raise script.error
            if step == script.hold_before:
                control.pause()
                script.held.set()
            final = not control.wait() or step == settings.steps
            picture = photo if final else small
            yield _snapshot(picture + (color - picture) * (step / settings.steps), step, settings, final)
            if final:
                return
    finally:
        script.closed.set()


def _snapshot(picture: np.ndarray, step: int, settings: OptimizeSettings, final: bool) -> Snapshot:
    left = settings.steps - step
    return Snapshot(
        image=np.rint(picture).astype(np.uint8),
        step=step,
        total=settings.steps,
        losses=Losses(content=step / 10, style=10 / step, tv=0.0),
        seconds=step / 10,
        remaining=left / 10,
        network="fake",
        working_size=(picture.shape[1], picture.shape[0]),
        final=final,
        checkpoint=Checkpoint(settings, step, step / 10, {}) if final and left else None,
    )
