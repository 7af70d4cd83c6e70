"""Optimize engine: style transfer by optimizing the pixels of an image (Gatys et al. 2015), coarse to fine."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from statistics import median
from typing import Any

import numpy as np

from nst.errors import Diverged, OutOfMemory, SettingsError
from nst.images.io import Pixels
from nst.models import precision
from nst.models.extractors import networks
from nst.models.extractors.extractor import FeatureExtractor
from nst.models.extractors.networks import NetworkChoice
from nst.optimization.early_stopping import EarlyStopping
from nst.optimization.evaluator import EXHAUSTED, Evaluator
from nst.optimization.footprint import WHOLE, history
from nst.optimization.lbfgs import LBFGS
from nst.optimization.minimize import Adam, Array, Evaluate, Minimizer
from nst.optimization.problem import Problem
from nst.optimization.schedule import Level, plan
from nst.optimization.strength import Weights, likeness_weight, part_weights, weights_of
from nst.run.control import EngineControl, Interrupted
from nst.run.inputs import Inputs
from nst.run.snapshot import Checkpoint, Losses, Snapshot
from nst.settings.engines import OptimizeSettings

SLOW = 2.0  # seconds; after a step that takes longer, a preview is yielded
WORK_GROWTH = 0.8  # exponent of step time over pixels: small images use the cores less fully


def prepare(inputs: Inputs, settings: OptimizeSettings) -> Prepared:
    """Decode the inputs of a run and load its network.

    Raises InputError if an input or a setting cannot be used, and ModelError if the network cannot be loaded.
    """
    began = time.monotonic()
    problem = Problem.read(inputs, settings)
    choice = networks.choose(settings.network, settings.content_layers, settings.style_layers, settings.weights)
    network = networks.load(choice, settings.pooling, precision.resolve(settings.precision))
    return Prepared(problem, choice, network, began)


@dataclass(frozen=True)
class Prepared:
    """Run of the optimize engine with decoded inputs and a loaded network, ready to start."""

    problem: Problem
    choice: NetworkChoice
    network: FeatureExtractor
    began: float  # on the monotonic clock, in seconds

    def starting_from(self, draft: Snapshot) -> Prepared:
        """Return a copy that starts from the image of `draft`, and whose time includes the time of the draft."""
        problem = replace(self.problem, first=draft.image)
        return replace(self, problem=problem, began=time.monotonic() - draft.seconds)

    def run(self, control: EngineControl, resume: Checkpoint | None = None) -> Iterator[Snapshot]:
        """Return the snapshots of the run, from its start or from the checkpoint `resume`.

        Raises SettingsError at the call if the checkpoint has other settings or regions, or if `init` and the initial
        image do not fit together; OutOfMemory if the image does not fit into memory.
        """
        problem, settings = self.problem, self.problem.settings
        if resume is None:
            problem.check_start()
        elif resume.settings != settings:
            raise SettingsError(
                "The checkpoint is from a run with other settings. Resume with the settings stored in it."
            )
        else:
            problem = replace(problem, live_settings=problem.live_settings.restored(resume.arrays))
        parts = problem.live_settings.parts
        regions = len(parts.region_styles) if parts else 0
        evaluator = Evaluator(self.network, self.choice, settings, regions, control.wait)
        evaluator.check(problem.size)
        return _Run(problem, evaluator, control, self.began).snapshots(resume)


class _Run:
    """State of one run of the optimize engine: current level, step, losses and minimizer."""

    def __init__(self, problem: Problem, evaluator: Evaluator, control: EngineControl, began: float) -> None:
        self._settings, self._problem, self._evaluator = problem.settings, problem, evaluator
        self._control, self._began = control, began
        self._levels = plan(problem.size, self._settings.levels, self._settings.steps)
        self._ends = list(accumulate(level.steps for level in self._levels))
        self._step = 0
        self._losses: Losses | None = None
        self._early_stopping = EarlyStopping(self._settings.min_improvement)
        self._moved: Minimizer | None = None  # the minimizer of the last step taken

    def snapshots(self, resume: Checkpoint | None) -> Iterator[Snapshot]:
        """Yield the snapshots of the run, from the start or from a checkpoint."""
        x: Array | None = None
        if resume is not None:
            self._step, self._began = resume.step, time.monotonic() - resume.seconds
            x = np.asarray(resume.arrays["image"], np.float32)
        for level, end in zip(self._levels, self._ends, strict=True):
            if self._step > end:
                continue  # finished before the checkpoint
            minimizer = self._minimizer(self._problem.start(level.size, x))
            self._early_stopping.forget()
            if resume is not None:
                minimizer.restore(resume.arrays)
                self._early_stopping.restore(resume.arrays)
                resume, self._moved = None, minimizer
            going = yield from self._persist(minimizer, level, end)
            if not going:
                return
            x = minimizer.x

    def _persist(self, minimizer: Minimizer, level: Level, end: int) -> Generator[Snapshot, None, bool]:
        """Optimize one resolution level and yield its snapshots; return True if the run continues with the next level.

        `end` is the number of the run's last step at this level. Wraps _descend(): a stop in the middle of a step ends
        the run, and after a failed allocation the level is continued in tiles. Raises OutOfMemory if tiles do not fit
        either.
        """
        try:
            return (yield from self._descend(minimizer, level, end))
        except Interrupted:
            yield self._last(self._moved or minimizer)
            return False
        except OutOfMemory as error:
            raise OutOfMemory(str(error), self._saved()) from None
        except EXHAUSTED as error:
            if not self._evaluator.rescue(error):
                width, height = level.size
                raise OutOfMemory(
                    f"Not enough memory for {width} x {height} pixels, even in tiles. Choose a smaller size, or close "
                    "other programs.",
                    self._saved(),
                ) from error
        minimizer.forget()
        return (yield from self._persist(minimizer, level, end))

    def _saved(self) -> Snapshot | None:
        """Return a full-size snapshot after the last step, to keep after an error.

        Returns None if no step was taken or the memory does not suffice.
        """
        try:
            return self._last(self._moved) if self._moved else None
        except EXHAUSTED:
            return None

    def _descend(self, minimizer: Minimizer, level: Level, end: int) -> Generator[Snapshot, None, bool]:
        """Take the steps of one resolution level and yield its snapshots; return True if the run continues afterwards.

        `end` is the number of the run's last step at this level.
        """
        aim = self._evaluator.at(level.size, self._problem)
        if not self._step:  # trace the objective first, so that the time of step 1 is representative
            minimizer.here = aim(minimizer.x, weights=self._weights)
        took: list[float] = []
        while self._step < end:
            began = time.monotonic()
            if self._steer(minimizer):
                aim = self._evaluator.at(level.size, self._problem)
            self._advance(minimizer, partial(aim, weights=self._weights), end)
            took.append(time.monotonic() - began)
            if not self._control.wait() or self._step == self._settings.steps or self._early_stopping.over:
                yield self._last(minimizer)
                return False
            kept = self._checkpoint(minimizer) if self._control.saving() else None
            if kept or self._step == 1 or self._step % self._settings.preview_every == 0 or took[-1] >= SLOW:
                yield self._preview(minimizer.x, level, median(took), kept)
        return True

    def _advance(self, minimizer: Minimizer, evaluate: Evaluate, end: int) -> None:
        """Take one step. Skip to the end of the level if no step lowers the loss or early stopping applies.

        `end` is the number of the run's last step at this level. Raises Diverged if the losses are not finite, with the
        last valid snapshot if there is one.
        """
        try:
            losses = minimizer.step(evaluate)
        except Diverged as error:
            raise Diverged(str(error), self._last(minimizer) if self._step else None) from None
        self._step = self._step + 1 if losses else end
        self._moved = minimizer
        self._losses = losses or evaluate(minimizer.x).losses
        self._early_stopping.add(self._losses.total)
        is_last = end == self._settings.steps  # the last level can still be resumed
        if self._early_stopping.over and not is_last:
            self._early_stopping.spare(end - self._step)
            self._step = end

    @property
    def _weights(self) -> Weights:
        live_settings = self._problem.live_settings
        weights = (
            weights_of(self._settings, live_settings.strength)
            if live_settings.parts is None
            else part_weights(self._settings, live_settings.strengths)
        )
        if live_settings.recognizable is None:
            return weights
        return replace(
            weights, likeness=likeness_weight(self._settings, live_settings.recognizable, live_settings.strength)
        )

    def _steer(self, minimizer: Minimizer) -> bool:
        """Apply the changes of live settings requested by the control.

        Returns True if the objective must be rebuilt, because the stylized regions or the colors have changed.
        """
        before = self._problem
        self._problem = before.updated(self._control)
        if self._problem is before:
            return False
        x = minimizer.x
        minimizer.x = self._problem.carried(x, before.live_settings)
        minimizer.forget()
        self._early_stopping.forget()
        return minimizer.x is not x or self._problem.live_settings.coloring != before.live_settings.coloring

    def _minimizer(self, x: Array) -> Minimizer:
        settings = self._settings
        if settings.optimizer == "lbfgs":
            pixels = x.shape[0] * x.shape[1]
            return LBFGS(x, history=history(pixels), preconditioned=pixels <= WHOLE)
        assert settings.learning_rate and settings.beta_1 is not None and settings.epsilon is not None
        return Adam(x, learning_rate=settings.learning_rate, beta_1=settings.beta_1, epsilon=settings.epsilon)

    def _preview(self, x: Array, level: Level, pace: float, kept: Checkpoint | None) -> Snapshot:
        """Return a preview of image `x` with the estimated remaining time; `pace` is seconds per step at `level`."""
        work = zip(self._levels, self._ends, strict=True)
        steps = [(other, min(other.steps, max(0, end - self._step))) for other, end in work]
        remaining = sum(left * pace * (other.pixels / level.pixels) ** WORK_GROWTH for other, left in steps)
        return self._snapshot(self._problem.preview(x), x, remaining=remaining, checkpoint=kept)

    def _last(self, minimizer: Minimizer) -> Snapshot:
        """Return the final, full-size snapshot, with a checkpoint if steps of the run are left."""
        x, checkpoint = minimizer.x, self._checkpoint(minimizer) if self._step < self._settings.steps else None
        return self._snapshot(self._problem.result(x), x, final=True, checkpoint=checkpoint, alpha=self._problem.alpha)

    def _checkpoint(self, minimizer: Minimizer) -> Checkpoint:
        arrays = {
            **minimizer.state(),
            **self._early_stopping.state(),
            **self._problem.live_settings.state(),
            "image": minimizer.x,
        }
        return Checkpoint(self._settings, self._step, time.monotonic() - self._began, arrays)

    def _snapshot(self, image: Pixels, x: Array, **more: Any) -> Snapshot:
        notes = self._evaluator.note, self._early_stopping.note(self._settings.steps - self._step)
        return Snapshot(
            image=image,
            step=self._step,
            total=self._settings.steps,
            losses=self._losses,
            seconds=time.monotonic() - self._began,
            network=self._evaluator.network,
            note=" ".join(filter(None, notes)),
            working_size=(x.shape[1], x.shape[0]),
            **more,
        )
