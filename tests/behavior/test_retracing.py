"""A server that paints picture after picture makes no new TensorFlow traces, which would never be freed.

Every traced function of the process is counted, whoever made it. The jobs run as a server runs them: one after another
in the thread of a worker.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import cycle, islice
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

import nst
from nst.jobs.queue import Job, JobQueue, State
from nst.optimization import evaluator, footprint

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(2718)  # pictures of no other test, whose codes the fast engine may know
SIDES = (64, 83, 96, 121, 130, 152)  # the largest of them in tiles
COUNT = 12
# A job of each kind: an engine, and what asks for other work of it.
KINDS: dict[str, dict[str, Any]] = {
    "quasi-Newton": {},
    "adam": {"optimizer": "adam"},
    "adam from noise": {"optimizer": "adam", "init": "noise"},
    "refined draft": {"init": "fast"},
    "published weights": {"formulation": "gatys", "content_weight": 1.0, "style_weight": 10.0, "levels": 1},
    "in parts": {},
    "at once": {"strength": 100},
    "at once, in part": {"strength": 40},
}


def picture(height: int, width: int) -> NDArray[np.uint8]:
    return RNG.integers(0, 256, (height, width, 3), np.uint8)


def settings(kind: str, side: int, steps: int) -> nst.OptimizeSettings | nst.FastSettings:
    if kind.startswith("at once"):
        return nst.FastSettings(size=side, **KINDS[kind])
    return nst.OptimizeSettings(network="lite", size=side, steps=steps, preview_every=1, **KINDS[kind])


def regions(kind: str, shape: tuple[int, int]) -> list[nst.Region]:
    """One to three, some of them not painted, for a kind in parts."""
    if not kind.endswith("in parts"):
        return []
    corners = RNG.integers(1, min(shape), (RNG.integers(1, 4), 2))
    strengths = RNG.choice([None, 0, 30, 90], len(corners))
    masks = [np.outer(np.arange(shape[0]) < down, np.arange(shape[1]) < across) for down, across in corners]
    return [nst.Region(mask, strength=strength) for mask, strength in zip(masks, strengths, strict=True)]


def traces() -> dict[int, tuple[Any, int]]:
    """All traced functions that there are, each held so that none makes room for another, and how often each was."""
    gc.unfreeze()  # what the page's tests have set aside would not be found
    found = [each for each in gc.get_objects() if isinstance(each, tf.types.experimental.PolymorphicFunction)]
    return {id(each): (each, each.experimental_get_tracing_count()) for each in found}


def total(found: dict[int, tuple[Any, int]]) -> int:
    return sum(count for _, count in found.values())


def new(before: dict[int, tuple[Any, int]]) -> list[str]:
    """Functions that were traced since."""
    return [f"{each}: {count}" for key, (each, count) in traces().items() if count > before.get(key, (each, 0))[1]]


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[JobQueue]:
    """A worker, and small tiles."""
    monkeypatch.setattr(footprint, "WHOLE", 150 * 100)
    monkeypatch.setattr(evaluator, "TILE", 64)
    jobs = JobQueue()
    yield jobs
    jobs.close()


def paint(jobs: JobQueue, kind: str, side: int, styles: Sequence[NDArray[np.uint8]], steps: int = 2) -> Job:
    """A photo of its own shape, by the worker."""
    shape = side, side - 9
    run = partial(nst.stream, picture(*shape), styles, settings(kind, side, steps), regions=regions(kind, shape))
    job = jobs.submit("somebody", lambda control, resume: run(control=control), payload=None)
    assert job.ended.wait(120) and job.progress.state is State.DONE, job.progress.error
    return job


def test_jobs_of_all_kinds_and_sizes_make_no_trace_after_the_first_of_each_kind(jobs: JobQueue) -> None:
    for kind in KINDS:
        for side in (min(SIDES), max(SIDES)):  # as a whole, and in tiles
            paint(jobs, kind, side, [picture(60, 60)])
    before = traces()
    sizes = set()
    for number, (kind, side) in enumerate(islice(zip(cycle(KINDS), cycle(SIDES), strict=False), COUNT)):
        styles = [picture(40 + 7 * number, 90 - number) for _ in range(1 + number % 2)]
        snapshot = paint(jobs, kind, side, styles, steps=1 + number % 3).progress.snapshot
        assert snapshot is not None
        sizes.add(snapshot.image.shape)
    assert len(sizes) == len(SIDES)
    assert new(before) == []


@pytest.mark.parametrize("side", [min(SIDES), max(SIDES)], ids=["whole", "tiled"])
def test_colors_that_are_turned_in_mid_run_make_no_trace(jobs: JobQueue, side: int) -> None:
    paint(jobs, "quasi-Newton", side, [picture(60, 60)])
    before, control = traces(), nst.Control()
    run = nst.stream(picture(side, side), picture(60, 60), settings("quasi-Newton", side, 4), control=control)
    for snapshot, asked in zip(run, ("photo", "matched", "style"), strict=False):
        assert not snapshot.final
        control.update(colors=asked)
    assert new(before) == []


def test_a_trace_too_many_would_be_seen(jobs: JobQueue) -> None:
    """Layers that nobody has looked at yet take traces of their own."""
    paint(jobs, "adam", 64, [picture(60, 60)])
    before = traces()
    layers = nst.OptimizeSettings(network="lite", size=64, steps=1, style_layers="block1_conv1:0.3,block3_conv2")
    nst.stylize(picture(64, 64), picture(40, 40), layers)
    assert len(new(before)) == 3  # the photo's features, the style's, and the objective
    assert total(traces()) == total(before) + 3
