"""Runs end early where there is little more to gain, if that is wanted; losses are made up, so the step is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest

import nst
from nst.optimization.early_stopping import EarlyStopping
from nst.optimization.minimize import Evaluation
from nst.optimization.objective import Objective
from nst.run.snapshot import Losses

PHOTO = np.random.default_rng(0).integers(0, 256, (130, 160, 3), np.uint8)  # two levels: 80 x 65 and 160 x 130
STYLE = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
STEPS = 100  # 80 and 20 of them
COARSE_END = 80
SETTLING = [100.0 * 0.9**step for step in range(15)]  # then it stays where it is


def over_after(least: float, totals: Sequence[float]) -> int | None:
    """The number of losses after which it is over."""
    early_stopping = EarlyStopping(least)
    for count, total in enumerate(totals, 1):
        early_stopping.add(total)
        if early_stopping.over:
            return count
    return None


def falling(percent: float, count: int = 60) -> list[float]:
    """Losses that ten steps lower by so much."""
    return [7.0 * (1 - percent / 100) ** (step / 10) for step in range(count)]


# The rule


def test_a_fall_that_is_steeper_than_the_min_improvement_goes_on_and_one_that_is_not_ends_at_once() -> None:
    assert over_after(4, falling(5)) is None
    assert over_after(6, falling(5)) == 11  # the first loss that has another ten steps before it


def test_zero_never_ends() -> None:
    assert over_after(0, [1.0] * 60) is None


def test_it_ends_ten_steps_after_the_last_good_one() -> None:
    assert over_after(1, SETTLING + [SETTLING[-1]] * 30) == len(SETTLING) + 10


def test_ups_and_downs_on_the_way_down_do_not_end_it() -> None:
    wavy = [total * (1.5 if step % 3 else 1.0) for step, total in enumerate(falling(5))]
    assert over_after(2, wavy) is None


def test_a_loss_of_nothing_ends() -> None:
    assert over_after(1, [0.0] * 20) == 11


# Runs


def settings(**changes: Any) -> nst.OptimizeSettings:
    given = {"network": "lite", "size": 160, "steps": STEPS, "preview_every": 1, "optimizer": "adam", **changes}
    return nst.OptimizeSettings(**given)


@pytest.fixture
def losses(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says which losses the steps find, at the coarse size and at the fine one; the last of them over and over."""

    def install(coarse: Sequence[float], fine: Sequence[float]) -> None:
        ahead = {80: iter(coarse), 160: iter(fine)}
        last = {80: coarse[-1], 160: fine[-1]}

        def evaluate(self: Objective, x: np.ndarray, targets: object, weights: object) -> Evaluation:
            width = x.shape[1]
            return Evaluation(Losses(0.0, next(ahead[width], last[width]), 0.0), np.full_like(x, 0.1))

        monkeypatch.setattr(Objective, "evaluate", evaluate)

    return install


def test_a_coarse_size_that_settles_goes_on_to_the_next(losses: Callable[..., None]) -> None:
    losses(coarse=SETTLING, fine=[50 - step for step in range(40)])
    found = list(nst.stream(PHOTO, STYLE, settings(min_improvement=1.0)))
    coarse = [snapshot.step for snapshot in found if snapshot.working_size == (80, 65)]
    assert coarse == [*range(1, len(SETTLING) + 10), COARSE_END]
    assert found[-1].step == STEPS and found[-1].final and found[-1].checkpoint is None
    spared = COARSE_END - len(SETTLING) - 10
    assert found[-1].note == f"Skipped {spared} iterations that would have changed little."
    assert found[0].note == ""


def test_the_last_size_ends_the_run_with_a_note_and_can_be_asked_to_go_on(losses: Callable[..., None]) -> None:
    losses(coarse=falling(20, 80), fine=[3.0])
    found = list(nst.stream(PHOTO, STYLE, settings(min_improvement=1.0)))
    last = found[-1]
    assert last.final and last.step == COARSE_END + 11 and [s.step for s in found] == list(range(1, last.step + 1))
    assert last.image.shape == PHOTO.shape and last.checkpoint is not None
    assert last.note == "Skipped 9 iterations that would have changed little."
    more = list(nst.stream(PHOTO, STYLE, resume=last.checkpoint))
    assert more[-1].final and more[-1].step == STEPS and more[-1].note == ""


def test_both_sizes_count(losses: Callable[..., None]) -> None:
    losses(coarse=[5.0], fine=[3.0])
    last = nst.stylize(PHOTO, STYLE, settings(min_improvement=1.0))
    assert last.note == f"Skipped {COARSE_END - 11 + 9} iterations that would have changed little."


def test_without_the_setting_all_steps_are_taken(losses: Callable[..., None]) -> None:
    losses(coarse=[5.0], fine=[3.0])
    assert [snapshot.step for snapshot in nst.stream(PHOTO, STYLE, settings())] == list(range(1, STEPS + 1))


def test_a_new_strength_is_a_new_chance(losses: Callable[..., None]) -> None:
    losses(coarse=[5.0], fine=[3.0])
    control, steps = nst.Control(), []
    for snapshot in nst.stream(PHOTO, STYLE, settings(min_improvement=1.0, strength=20), control=control):
        steps.append(snapshot.step)
        if snapshot.step == 6:
            control.update(strength=90)
    assert steps[:18] == [*range(1, 6 + 11), COARSE_END, COARSE_END + 1]


@cache
def uninterrupted(chosen: nst.OptimizeSettings) -> list[nst.Snapshot]:
    """All snapshots of a run, which is the same for all tests."""
    return list(nst.stream(PHOTO, STYLE, chosen))


@pytest.mark.slow
@pytest.mark.parametrize(
    "chosen",
    [  # a lot, so that all sizes end early
        settings(min_improvement=30.0, optimizer="lbfgs", tv_weight=0.0),
        settings(min_improvement=50.0, learning_rate=0.005),
    ],
    ids=["lbfgs", "adam"],
)
@pytest.mark.parametrize("stop_at", [9, 84])
def test_a_resumed_run_ends_where_it_would_have_ended(chosen: nst.OptimizeSettings, stop_at: int) -> None:
    """On the real objective."""
    straight = uninterrupted(chosen)
    assert straight[-1].step < STEPS and COARSE_END in {snapshot.step for snapshot in straight}
    control, last = nst.Control(), None
    for last in nst.stream(PHOTO, STYLE, chosen, control=control):
        if last.step >= stop_at:
            control.stop()
    assert last is not None and last.checkpoint is not None and last.step < straight[-1].step
    resumed = nst.stylize(PHOTO, STYLE, resume=last.checkpoint)
    assert (resumed.step, resumed.note) == (straight[-1].step, straight[-1].note)
    np.testing.assert_array_equal(resumed.image, straight[-1].image)
