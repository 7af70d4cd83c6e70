"""Layer experiments: small results with selected extractor layers, and with all default layers for comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

import nst
from nst.jobs.progress import State
from nst.models.extractors.lite import LITE
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from nst.settings.engines import OptimizeSettings
from nst.settings.fields import LayerWeights
from nst.ui.server import resources as server
from nst.ui.server import sessions
from nst.ui.server.streamlit_workarounds import prepare_engine
from nst.ui.state.experiment import Experiment, Question
from nst.ui.state.pictures import ImageChoice, shown

SIDE = 256  # long side in pixels
STEPS = 30
GRAIN = 0.1  # TV weight with init="noise", enough to suppress specks that are not in the style image

MINE, ALL = "mine", "all"  # keys of the two results of an experiment

_WEIGHTS, _HOLD = dict(LITE.style_layers), dict(LITE.content_layers)  # default layer weights of the studio
_DEEP = LITE.style_layers[-1][1]  # weight of layers deeper than the default style layers


def begin(question: Question, last: Experiment | None = None) -> Experiment:
    """Submit the experiment to the queue for short jobs. `last` is the previous experiment, if any.

    The result with all layers is taken from `last` if that experiment is finished and has the same content and style
    image. Raises SettingsError if no style layers are selected, and Busy if the queue is full.
    """
    plan = [(MINE, _settings_of(question))]
    pictures = dict[str, str]()
    if last is not None and last.job.progress.state is State.DONE and _pair(last.question) == _pair(question):
        pictures[ALL] = last.pictures[ALL]
    else:
        plan.append((ALL, _settings()))
    run = partial(_run, question, plan, pictures)
    return Experiment(question, server.instant_jobs().submit(sessions.current(), run, payload=None), pictures)


def _settings_of(question: Question) -> OptimizeSettings:
    """Return the engine settings for the selected layers. Raises SettingsError if no style layers are selected."""
    styled = {name: _WEIGHTS.get(name, _DEEP) for name in question.styled}
    if question.held:
        return _settings(styled, dict.fromkeys(question.held, 1.0))
    # Without content layers: texture synthesis from noise.
    return replace(
        _settings(styled), strength=None, content_weight=0.0, style_weight=1.0, tv_weight=GRAIN, init="noise"
    )


def _settings(styled: Mapping[str, float] = _WEIGHTS, held: Mapping[str, float] = _HOLD) -> OptimizeSettings:
    """Return settings for a small result with these weights of style layers and content layers."""
    style_layers, content_layers = _weighed(styled), _weighed(held)
    return OptimizeSettings(
        network="lite", size=SIDE, steps=STEPS, style_layers=style_layers, content_layers=content_layers
    )


def _weighed(weights: Mapping[str, float]) -> LayerWeights:
    """Return a weight for every layer of the extractor, 0 for layers not in `weights`.

    TensorFlow keeps a trace for each set of layers and never frees it. With all layers listed, one trace serves every
    experiment.
    """
    return tuple((name, weights.get(name, 0.0)) for name in LITE.layers)


def _pair(question: Question) -> tuple[ImageChoice, ImageChoice]:
    return question.photo, question.style


def _run(
    question: Question,
    plan: list[tuple[str, OptimizeSettings]],
    pictures: dict[str, str],
    control: Control,
    _resume: Checkpoint | None,  # unused: an experiment is too short to be paused
) -> Iterator[Snapshot]:
    """Create the results in `plan`, pairs of key and settings, one after the other, and store them in `pictures`.

    Yields their snapshots, with steps counted over the whole plan.
    """
    for number, (name, settings) in enumerate(plan):
        prepare_engine(settings)
        for snapshot in nst.stream(question.photo.source, question.style.source, settings, control=control):
            pictures[name] = shown(snapshot.on_white, SIDE).uri
            done = number * STEPS + snapshot.step
            yield replace(snapshot, step=done, total=len(plan) * STEPS, final=False)
        if control.stopped:
            return
