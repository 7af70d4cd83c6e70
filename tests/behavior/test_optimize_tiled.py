"""Runs whose large levels are worked at in tiles; here everything above a few thousand pixels counts as large."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

import nst
from nst.optimization import evaluator, footprint
from nst.optimization.tiled_objective import TiledObjective

pytestmark = pytest.mark.slow

CONTENT, STYLE = (np.random.default_rng(seed).integers(0, 256, (20, 26, 3), np.uint8) for seed in (0, 1))
SETTINGS = nst.OptimizeSettings(network="lite", size=200, steps=12, precision="float32", preview_every=1)


@pytest.fixture(scope="module")
def small_tiles() -> Iterator[None]:
    """The finest of the levels, of 200x154 pixels, in six tiles; the one below it as a whole."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(footprint, "WHOLE", 10_000)
        patch.setattr(evaluator, "TILE", 80)
        yield


@pytest.fixture(scope="module", params=["lbfgs", "adam"])
def straight(request: pytest.FixtureRequest, small_tiles: None) -> tuple[nst.OptimizeSettings, nst.Snapshot]:
    """Settings and result of a run without a stop."""
    settings = replace(SETTINGS, optimizer=request.param)
    return settings, nst.stylize(CONTENT, STYLE, settings)


def difference(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> int:
    return int(np.abs(a.astype(int) - b).max())


def test_tiles_paint_the_same_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footprint, "HISTORY", 1)  # a short one is all that large pictures have
    monkeypatch.setattr(footprint, "WHOLE", 100_000)
    whole = nst.stylize(CONTENT, STYLE, SETTINGS)
    monkeypatch.setattr(footprint, "WHOLE", 10_000)
    monkeypatch.setattr(evaluator, "TILE", 80)
    tiled = nst.stylize(CONTENT, STYLE, SETTINGS)
    assert whole.losses is not None and tiled.losses is not None
    assert tiled.losses.total == pytest.approx(whole.losses.total, rel=1e-3)
    assert difference(tiled.image, whole.image) <= 2
    assert tiled.working_size == (200, 154)


@pytest.mark.parametrize("stop_at", [3, 20, 30])  # tiles: among those of the targets, of the first step, of the last
def test_a_stop_between_tiles_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, straight: tuple[nst.OptimizeSettings, nst.Snapshot], stop_at: int
) -> None:
    chosen, whole = straight
    control, part, asked = nst.Control(), TiledObjective._part, 0

    def counted(self: TiledObjective, *given: object) -> object:
        nonlocal asked
        asked += 1
        if asked == stop_at:
            control.stop()
        return part(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(TiledObjective, "_part", counted)
    stopped = nst.stylize(CONTENT, STYLE, chosen, control=control)
    assert asked == stop_at  # the tile that was begun when the stop came was not looked at
    assert stopped.final and stopped.checkpoint is not None and stopped.step < 12
    assert stopped.image.shape == (154, 200, 3)
    resumed = nst.stylize(CONTENT, STYLE, resume=stopped.checkpoint)
    assert resumed.step == 12
    np.testing.assert_array_equal(resumed.image, whole.image)


@pytest.mark.usefixtures("small_tiles")
def test_a_pause_holds_between_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    control, part, asked, reached = nst.Control(), TiledObjective._part, 0, threading.Event()

    def counted(self: TiledObjective, *given: object) -> object:
        nonlocal asked
        asked += 1
        if asked == 30:
            control.pause()
            reached.set()
        return part(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(TiledObjective, "_part", counted)
    found: list[nst.Snapshot] = []

    def work(stream: Iterator[nst.Snapshot]) -> None:
        found.extend(stream)

    worker = threading.Thread(target=work, args=(nst.stream(CONTENT, STYLE, SETTINGS, control=control),))
    worker.start()
    assert reached.wait(60)
    worker.join(0.3)
    assert worker.is_alive() and asked == 30
    control.resume()
    worker.join(60)
    assert found[-1].step == 12 and asked > 30
