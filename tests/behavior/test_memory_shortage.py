"""Runs whose memory runs short: in tiles from then on, or ended with what was painted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import psutil
import pytest
import tensorflow as tf

import nst
from nst.optimization.evaluator import RESCUED
from nst.optimization.objective import Objective
from nst.optimization.tiled_objective import TiledObjective
from nst.system import memory

pytestmark = pytest.mark.slow

CONTENT, STYLE = (np.random.default_rng(seed).integers(0, 256, (20, 26, 3), np.uint8) for seed in (0, 1))
SETTINGS = nst.OptimizeSettings(network="lite", size=200, steps=12, precision="float32", preview_every=1)
EXHAUSTED = tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")
NO_PRIMITIVE = tf.errors.AbortedError(
    None, None, "received an exception:Status: 1, message: could not create a primitive"
)


def failing_at(width: int, evaluate: Callable[..., Any], error: Exception) -> Callable[..., Any]:
    """`evaluate`, out of memory at its second picture of that width."""
    seen = 0

    def fails(self: object, x: Any, *given: Any, **named: Any) -> Any:
        nonlocal seen
        seen += x.shape[1] == width
        if x.shape[1] == width and seen >= 2:
            raise error
        return evaluate(self, x, *given, **named)

    return fails


@pytest.mark.parametrize("error", [EXHAUSTED, NO_PRIMITIVE, MemoryError()])
def test_a_failed_allocation_goes_on_in_tiles_and_says_so(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    straight = nst.stylize(CONTENT, STYLE, SETTINGS)
    monkeypatch.setattr(Objective, "evaluate", failing_at(200, Objective.evaluate, error))
    found = list(nst.stream(CONTENT, STYLE, SETTINGS))
    assert [snapshot.step for snapshot in found] == list(range(1, 13))
    assert found[0].note == "" and found[-1].note == RESCUED
    assert found[-1].losses is not None and straight.losses is not None
    assert found[-1].losses.total == pytest.approx(straight.losses.total, rel=0.1)


def test_last_picture_is_kept_if_tiles_fail_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (Objective, TiledObjective):
        monkeypatch.setattr(kind, "evaluate", failing_at(200, kind.evaluate, EXHAUSTED))
    seen = []
    with pytest.raises(nst.OutOfMemory, match="200 x 154 pixels, even in tiles") as refusal:
        for snapshot in nst.stream(CONTENT, STYLE, SETTINGS):
            seen.append(snapshot)
    kept = refusal.value.snapshot
    assert kept.final and kept.step == seen[-1].step and kept.image.shape == (154, 200, 3)


def test_a_bug_of_onednn_is_no_lack_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    bug = tf.errors.AbortedError(None, None, "received an exception:Status: 3, message: unimplemented")
    monkeypatch.setattr(Objective, "evaluate", failing_at(200, Objective.evaluate, bug))
    with pytest.raises(tf.errors.AbortedError):
        nst.stylize(CONTENT, STYLE, SETTINGS)


def test_too_large_run_is_refused_before_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 30_000_000)
    with pytest.raises(nst.OutOfMemory, match="Choose a size of at most 128 pixels"):
        nst.stream(CONTENT, STYLE, SETTINGS)


def test_memory_that_others_took_in_mid_run_ends_it_with_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = iter([10**10, 10**10])  # asked before the run and before its first level
    monkeypatch.setattr(memory, "available", lambda: next(rooms, 1_000_000))
    with pytest.raises(nst.OutOfMemory) as refusal:
        list(nst.stream(CONTENT, STYLE, SETTINGS))
    assert refusal.value.snapshot.step == 9 and refusal.value.snapshot.checkpoint is not None


LIMITED = """
import resource, sys
import numpy as np
import psutil
import nst
from nst.optimization import evaluator as aims, footprint

photo = np.random.default_rng(0).integers(0, 256, (700, 1000, 3), np.uint8)
aims.TILE = footprint.TILE = 256
nst.stylize(photo, photo, nst.OptimizeSettings(network="lite", size=64, steps=2))
used, hard = psutil.Process().memory_info().vms, resource.getrlimit(resource.RLIMIT_AS)[1]
for megabytes in map(int, sys.argv[1:]):
    resource.setrlimit(resource.RLIMIT_AS, (used + megabytes * 1_000_000, hard))
    try:
        last = nst.stylize(photo, photo, nst.OptimizeSettings(network="lite", size=1000, steps=1, levels=1))
        print("done", last.image.shape)
    except nst.OutOfMemory as error:
        print("refused:", error)
"""


@pytest.mark.skipif(not psutil.LINUX, reason="only Linux limits the address space")
def test_a_process_with_little_room() -> None:
    """As a whole, the picture would take 1 GB."""
    command = [sys.executable, "-c", LIMITED, "100", "700"]
    refused, done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=240).stdout.splitlines()
    assert refused.startswith("refused: A picture of 1000 x 700 pixels")
    assert done == "done (700, 1000, 3)"
