"""A stand-in for the engines: real pictures in, made-up snapshots out, no TensorFlow.

Put it in the registry, tell it what to do, and look at what it was asked:

    fake_engine.install(monkeypatch)
    fake_engine.script = fake_engine.Script(hold_before=3)
    ...
    assert fake_engine.script.held.wait(10)   # two steps are done, the third waits
    fake_engine.script.release()              # or stop the run through its control

As the optimize engine it gives one preview a step, each a little closer to the style's mean color; the last snapshot
is the result. It goes on from the step of a checkpoint. As the fast engine it gives that result at once, as close as
the strength says.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from nst.engines import registry
from nst.images.io import fit, read, resize_alpha
from nst.run.control import EngineControl
from nst.run.inputs import Inputs
from nst.run.snapshot import Checkpoint, Losses, Snapshot
from nst.settings.engines import FastSettings, OptimizeSettings, Settings

PREVIEW_SIDE = 64  # small enough for a result of other size than its previews


@dataclass
class Script:
    """Behavior of the next runs."""

    hold_before: int | None = None  # this step of the optimize engine waits for release(), or for a stop
    hold_fast: bool = False  # so do pictures of the fast engine
    coarse_steps: int = 0  # so many steps say that they worked at a quarter of the size
    error: Exception | None = None  # raised in place of the step `error_at`
    error_at: int = 1
    ends_at: int | None = None  # this step of the optimize engine is its last, by its own decision
    note: str = ""  # of every snapshot of the optimize engine
    on_step: Callable[[int], None] = lambda step: None  # called within each step of the optimize engine
    held: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)  # set when a run has ended, however it did
    calls: list[dict[str, Any]] = field(default_factory=list)  # what runs were asked, oldest first

    def release(self) -> None:
        self.hold_before, self.hold_fast = None, False
        for call in self.calls:
            call["steered_by"].resume()


script = Script()


def install(monkeypatch: pytest.MonkeyPatch, plan: Script | None = None) -> Script:
    """Put it in the place of both engines, with a script of its own."""
    monkeypatch.setitem(registry.ENGINES, "optimize", (OptimizeSettings, __name__))
    monkeypatch.setitem(registry.ENGINES, "fast", (FastSettings, __name__))
    monkeypatch.setattr(sys.modules[__name__], "script", plan or Script())
    return script


@dataclass(frozen=True)
class Prepared:
    """A run that is ready to start."""

    inputs: Inputs
    settings: Settings
    photo: np.ndarray
    alpha: np.ndarray | None
    color: np.ndarray  # mean of the styles

    def starting_from(self, draft: Snapshot) -> Prepared:
        return replace(self, inputs=replace(self.inputs, init_image=draft.image))

    def run(self, control: EngineControl, resume: Checkpoint | None = None) -> Iterator[Snapshot]:
        asked = {"control": control, "steered_by": control._control, "resume": resume}
        script.calls.append({**vars(self.inputs), "settings": self.settings, **asked})
        if isinstance(self.settings, FastSettings):
            return _at_once(self.photo, self.color, self.alpha, self.settings, control)
        done = resume.step if resume else 0
        return _snapshots(self.photo, self.color, self.alpha, self.settings, control, done)


def prepare(inputs: Inputs, settings: Settings) -> Prepared:
    """Read the pictures, as the engine interface requires."""
    picture = read(inputs.content, "content")
    photo = fit(picture.rgb, settings.size)
    alpha = resize_alpha(picture.alpha, (photo.shape[1], photo.shape[0]))
    color = np.mean([read(each, "style").rgb.mean((0, 1)) for each in inputs.styles], axis=0)
    return Prepared(inputs, settings, photo, alpha, color)


def _at_once(
    photo: np.ndarray, color: np.ndarray, alpha: np.ndarray | None, settings: FastSettings, control: EngineControl
) -> Iterator[Snapshot]:
    if script.error is not None:
        raise script.error
    if script.hold_fast:
        control._control.pause()
        script.held.set()
    control.wait()
    yield Snapshot(
        image=np.rint(photo + (color - photo) * (settings.strength / 100)).astype(np.uint8),
        step=1,
        total=1,
        losses=None,
        seconds=0.05,
        network="quick fake",
        working_size=(photo.shape[1], photo.shape[0]),
        final=True,
        alpha=alpha,
    )


def _snapshots(
    photo: np.ndarray,
    color: np.ndarray,
    alpha: np.ndarray | None,
    settings: OptimizeSettings,
    control: EngineControl,
    done: int,
) -> Iterator[Snapshot]:
    small = fit(photo, min(PREVIEW_SIDE, max(photo.shape[:2])))
    try:
        for step in range(done + 1, settings.steps + 1):
            if step == script.error_at and script.error is not None:
                raise script.error
            if step == script.hold_before:
                control._control.pause()
                script.held.set()
            final = not control.wait() or step in {script.ends_at, settings.steps}
            picture = photo if final else small
            script.on_step(step)
            painted = picture + (color - picture) * (step / settings.steps)
            snapshot = _snapshot(painted, step, settings, alpha if final else None, final, photo.shape[:2])
            if step < settings.steps and (final or control.saving()):
                snapshot = replace(snapshot, checkpoint=Checkpoint(settings, step, step / 10, {"x": painted}))
            yield snapshot
            if final:
                return
    finally:
        script.closed.set()


def _snapshot(
    picture: np.ndarray,
    step: int,
    settings: OptimizeSettings,
    alpha: np.ndarray | None,
    final: bool,
    full: tuple[int, ...],
) -> Snapshot:
    scale = 4 if step <= script.coarse_steps else 1
    left = settings.steps - step
    return Snapshot(
        image=np.rint(picture).astype(np.uint8),
        step=step,
        total=settings.steps,
        losses=Losses(content=step / 10, style=10 / step, tv=0.0),
        seconds=step / 10,
        remaining=left / 10,
        network="fake",
        working_size=(full[1] // scale, full[0] // scale),
        final=final,
        note=script.note,
        alpha=alpha,
    )
