"""The layer laboratory at work: a small picture painted with some of the network's layers, beside one with all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import nst
from nst.jobs.job import Job
from nst.jobs.progress import State
from nst.models.extractors.lite import LITE
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from nst.settings.engines import LayerWeights, OptimizeSettings
from nst.ui.server import resources as server
from nst.ui.server import sessions
from nst.ui.state.pictures import Choice, shown

SIDE = 256  # pixels of the long side
STEPS = 30
GRAIN = 0.1  # weight of smoothness for pictures from noise: enough against specks that the style does not have

MINE, ALL = "mine", "all"  # the two pictures of an experiment

_WEIGHTS, _HOLD = dict(LITE.style_layers), dict(LITE.content_layers)  # as the studio has them
_DEEP = LITE.style_layers[-1][1]  # weight of layers deeper than those that the studio uses


@dataclass(frozen=True)
class Question:
    """What is tried: which layers the style is taken from, and which ones hold on to the photo; none: nothing does."""

    photo: Choice
    style: Choice
    styled: tuple[str, ...]
    held: tuple[str, ...]

    @property
    def settings(self) -> OptimizeSettings:
        """Of the picture with these layers. Raises SettingsError where there is none to take the style from."""
        styled = {name: _WEIGHTS.get(name, _DEEP) for name in self.styled}
        if self.held:
            return _settings(styled, dict.fromkeys(self.held, 1.0))
        # Nothing of the photo: the style alone, as it grows out of noise.
        return replace(
            _settings(styled), strength=None, content_weight=0.0, style_weight=1.0, tv_weight=GRAIN, init="noise"
        )


@dataclass(frozen=True)
class Experiment:
    """A question, and its pictures so far by MINE and ALL, as data URIs; the job's thread adds to them."""

    question: Question
    job: Job
    pictures: dict[str, str] = field(repr=False)

    @property
    def complete(self) -> bool:
        """Whether nothing more will come."""
        return self.job.progress.state.ended

    @property
    def share(self) -> float:
        """How much of the work is done, from 0 to 1."""
        last = self.job.progress.snapshot
        return last.step / last.total if last else 0.0


def begin(question: Question, last: Experiment | None = None) -> Experiment:
    """Try it, beside the instant pictures; the picture with all layers is taken from the last experiment if it fits.

    Raises NstError.
    """
    plan = [(MINE, question.settings)]
    pictures = dict[str, str]()
    if last is not None and last.job.progress.state is State.DONE and _pair(last.question) == _pair(question):
        pictures[ALL] = last.pictures[ALL]
    else:
        plan.append((ALL, _settings()))
    run = partial(_run, question, plan, pictures)
    return Experiment(question, server.instant_jobs().submit(sessions.current(), run), pictures)


def _settings(styled: Mapping[str, float] = _WEIGHTS, held: Mapping[str, float] = _HOLD) -> OptimizeSettings:
    """Those of a small picture, with weights of layers."""
    style_layers, content_layers = _weighed(styled), _weighed(held)
    return OptimizeSettings(
        network=LITE.name, size=SIDE, steps=STEPS, style_layers=style_layers, content_layers=content_layers
    )


def _weighed(weights: Mapping[str, float]) -> LayerWeights:
    """All of the network's layers, with weight 0 where they have none.

    TensorFlow makes a trace for each set of layers and never frees it: so there is one, whatever people try.
    """
    return tuple((name, weights.get(name, 0.0)) for name in LITE.layers)


def _pair(question: Question) -> tuple[Choice, Choice]:
    return question.photo, question.style


def _run(
    question: Question,
    plan: list[tuple[str, OptimizeSettings]],
    pictures: dict[str, str],
    control: Control,
    _resume: Checkpoint | None,  # it is over in a moment, and never paused
) -> Iterator[Snapshot]:
    """One picture after the other, each as it comes to be."""
    for number, (name, settings) in enumerate(plan):
        for snapshot in nst.stream(question.photo.source, question.style.source, settings, control=control):
            pictures[name] = shown(snapshot.on_white, SIDE).uri
            done = number * STEPS + snapshot.step
            yield replace(snapshot, step=done, total=len(plan) * STEPS, final=False)
        if control.stopped:
            return
