"""Tests of the jobs of the memory benchmark."""

from __future__ import annotations

import numpy as np

from benchmarks.speed import jobs
from nst.settings.engines import FastSettings, OptimizeSettings

DRAW = np.random.default_rng(0)


def job(number: int) -> tuple[object, tuple[int, int]]:
    return jobs.settings(number), jobs.shape(number, DRAW, new=False)


def test_the_first_ten_jobs_repeat() -> None:
    first = [job(number) for number in range(jobs.EVERY)]
    assert [job(number) for number in range(jobs.EVERY, jobs.COUNT)] == first * (jobs.COUNT // jobs.EVERY - 1)


def test_jobs_have_all_engines_sizes_and_shapes() -> None:
    settings, shapes = zip(*map(job, range(jobs.EVERY)), strict=True)
    assert {type(each) for each in settings} == {OptimizeSettings, FastSettings}
    assert {each.size for each in settings} == set(jobs.SIZES)
    assert set(shapes) == set(jobs.SHAPES)


def test_new_shapes_differ() -> None:
    shapes = [jobs.shape(number, DRAW, new=True) for number in range(jobs.COUNT)]
    assert len(set(shapes)) > 0.95 * jobs.COUNT
