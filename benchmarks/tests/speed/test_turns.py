"""Tests of loops in separate processes, of which one works at a time."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from benchmarks.speed.material import Task
from benchmarks.speed.reference_loops import Report
from benchmarks.speed.turns import players

TASK = Task(Path("content.png"), Path("style.png"), Path("weights.npz"), "block1_conv1", ("block1_conv1",))
PAUSE = 0.02  # seconds that a step takes


def slow_loop(task: Task, steps: int, report: Report, *, value: int) -> None:
    assert task == TASK
    for step in range(1, steps + 1):
        time.sleep(PAUSE)
        report(step, np.full((2, 2, 3), value, np.uint8))


def broken_loop(task: Task, steps: int, report: Report) -> None:
    raise ValueError("no weights")


def test_a_clock_counts_the_loops_own_turns_alone() -> None:
    loops = {name: partial(slow_loop, value=value) for value, name in enumerate(("a", "b"))}
    with players(loops, TASK, {"a": 6, "b": 2}, {"a": 2.5 * PAUSE, "b": 0.0}) as (a, b):
        first = a.turn()
        time.sleep(20 * PAUSE)  # another loop's turn
        marks = [*first, *a.turn(), *a.turn()]
        other = [*b.turn(), *b.turn(), *b.turn()]
    assert len(first) >= 2
    assert [mark.step for mark in marks] == list(range(1, len(marks) + 1))
    assert marks[-1].seconds < len(marks) * PAUSE + 10 * PAUSE  # without the pause in between
    assert [mark.step for mark in other] == [1, 2] and b.over
    assert marks[0].picture.max() == 0 and other[0].picture.min() == 1
    assert a.cold > PAUSE and a.peak_mb > 1


def test_a_loop_may_be_stopped_in_the_middle() -> None:
    with players({"a": partial(slow_loop, value=1)}, TASK, {"a": 10_000}, {"a": 0.0}) as (a,):
        assert [mark.step for mark in a.turn()] == [1]
        a.stop()
    assert a.over


def large_loop(task: Task, steps: int, report: Report) -> None:
    report(1, np.ones((400, 1024, 1024, 1), np.uint8)[0])


def test_peak_memory_is_the_loops_own_not_its_parents() -> None:
    held = np.ones(600 * 2**20, np.uint8)  # in this process
    loops = {"small": partial(slow_loop, value=1), "large": large_loop}
    with players(loops, TASK, {"small": 1, "large": 1}, {"small": 0.0, "large": 0.0}) as (small, large):
        small.turn()
        large.turn()
    del held
    assert small.peak_mb < 350
    assert 350 < large.peak_mb - small.peak_mb < 450


def test_a_loop_that_fails_says_which_it_was() -> None:
    with (
        pytest.raises(RuntimeError, match="broken ended"),
        players({"broken": broken_loop}, TASK, {"broken": 1}, {"broken": 0.0}),
    ):
        pass
