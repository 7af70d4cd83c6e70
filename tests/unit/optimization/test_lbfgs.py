"""L-BFGS against a dense BFGS matrix and against SciPy's implementation."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize as scipy_minimize

from nst.errors import Diverged
from nst.optimization.lbfgs import DISTRUST, ENOUGH, LBFGS, two_loop
from nst.optimization.minimize import Evaluation
from nst.run.snapshot import Losses

Array = NDArray[np.float32]


class Quadratic:
    """0.5 (x - c)^T A (x - c) with a condition number of 1000; counts how often it is asked."""

    def __init__(self, center: float, size: int = 60) -> None:
        rng = np.random.default_rng(0)
        basis = np.linalg.qr(rng.normal(size=(size, size)))[0]
        self.matrix = basis @ np.diag(np.geomspace(1, 1000, size)) @ basis.T
        self.center = np.full(size, center)
        self.asked = 0

    def loss(self, x: NDArray[np.floating]) -> float:
        return float(0.5 * (x - self.center) @ self.matrix @ (x - self.center))

    def gradient(self, x: NDArray[np.floating]) -> NDArray[np.float64]:
        return self.matrix @ (x - self.center)

    def __call__(self, x: Array) -> Evaluation:
        self.asked += 1
        return Evaluation(Losses(self.loss(x), 0, 0), self.gradient(x).astype(np.float32))


def start(size: int = 60) -> Array:
    return np.random.default_rng(1).uniform(0.2, 0.8, size).astype(np.float32)


def test_two_loop_equals_the_dense_bfgs_matrix() -> None:
    """Equation 7.16 of Nocedal & Wright, multiplied out with full matrices."""
    rng = np.random.default_rng(2)
    pairs = [(s, s * 2 + 0.1 * rng.normal(size=8)) for s in rng.normal(size=(4, 8))]
    gradient = rng.normal(size=8)
    s, y = pairs[-1]
    inverse = np.eye(8) * (s @ y) / (y @ y)
    for s, y in pairs:
        rho = 1 / (s @ y)
        left = np.eye(8) - rho * np.outer(s, y)
        inverse = left @ inverse @ left.T + rho * np.outer(s, s)
    np.testing.assert_allclose(two_loop(gradient, pairs), inverse @ gradient, rtol=1e-10)


def test_a_few_pixels_with_most_of_the_gradient_do_not_have_the_first_step_for_themselves() -> None:
    center, steepness = np.full(1000, 0.5, np.float32), np.ones(1000, np.float32)
    steepness[:10] = 50

    def evaluate(x: Array) -> Evaluation:
        gradient = steepness * (x - center)
        return Evaluation(Losses(float(np.vdot(x - center, gradient)) / 2, 0, 0), gradient)

    minimizer = LBFGS(np.full(1000, 0.3, np.float32))
    assert minimizer.step(evaluate) is not None
    moved = minimizer.x - 0.3
    assert 0 < moved[10] < moved[0] < 10 * moved[10]


def test_is_as_good_as_scipys_with_the_same_number_of_evaluations() -> None:
    problem = Quadratic(0.5)
    optimizer = LBFGS(start())
    for _ in range(40):
        optimizer.step(problem)
    oracle = scipy_minimize(
        problem.loss, start(), jac=problem.gradient, method="L-BFGS-B", options={"maxcor": 10, "maxfun": problem.asked}
    )
    assert problem.asked < 60
    assert problem.loss(optimizer.x) <= max(oracle.fun * 3, 1e-7)


def test_finds_scipys_minimum_where_bounds_are_active() -> None:
    problem = Quadratic(0.0)
    problem.center = np.random.default_rng(3).uniform(-1, 2, 60)
    optimizer = LBFGS(start())
    for _ in range(300):
        if optimizer.step(problem) is None:
            break
    oracle = scipy_minimize(problem.loss, start(), jac=problem.gradient, method="L-BFGS-B", bounds=[(0, 1)] * 60)
    assert optimizer.x.min() >= 0 and optimizer.x.max() <= 1
    assert problem.loss(optimizer.x) == pytest.approx(oracle.fun, rel=1e-3)


def test_never_goes_uphill() -> None:
    problem = Quadratic(0.5)
    optimizer = LBFGS(start())
    losses = [problem.loss(optimizer.x)]
    for _ in range(30):
        taken = optimizer.step(problem)
        losses.append(losses[-1] if taken is None else taken.total)
    assert all(after <= before * (1 + 1e-4) for before, after in itertools.pairwise(losses))


def test_says_when_there_is_no_way_down() -> None:
    problem = Quadratic(0.5)
    assert LBFGS(np.full(60, 0.5, np.float32)).step(problem) is None


def test_goes_on_from_a_stored_state_as_if_nothing_had_happened() -> None:
    problem = Quadratic(0.5)
    straight = LBFGS(start())
    for _ in range(6):
        straight.step(problem)
    resumed = LBFGS(straight.x.copy())
    resumed.restore({name: array.copy() for name, array in straight.state().items()})
    for _ in range(6):
        straight.step(problem)
        resumed.step(problem)
    np.testing.assert_array_equal(straight.x, resumed.x)


def test_a_step_that_was_too_long_makes_the_next_ones_shorter_and_a_stored_state_knows() -> None:
    rng = np.random.default_rng(0)
    curvature = rng.uniform(1, 50, (8, 8, 3)).astype(np.float32)

    def bowl(x: Array, *, steeper: float = 1.0) -> Evaluation:
        away = x - 0.5
        return Evaluation(Losses(float((curvature * away**2).sum()) * steeper, 0, 0), 2 * steeper * curvature * away)

    optimizer = LBFGS(rng.uniform(0.2, 0.8, (8, 8, 3)).astype(np.float32), preconditioned=True)
    for _ in range(ENOUGH):
        optimizer.step(bowl)
    assert optimizer.state()["trust"] == 1
    optimizer.here = None
    optimizer.step(partial(bowl, steeper=8.0))
    assert optimizer.state()["trust"] == DISTRUST
    resumed = LBFGS(optimizer.x.copy(), preconditioned=True)
    resumed.restore(optimizer.state())
    assert resumed.state()["trust"] == DISTRUST
    optimizer.forget()
    assert optimizer.state()["trust"] == 1


def test_a_loss_that_is_not_finite_is_an_error() -> None:
    def broken(x: Array) -> Evaluation:
        return Evaluation(Losses(float("nan"), 0, 0), np.zeros_like(x))

    with pytest.raises(Diverged, match="no longer a finite number"):
        LBFGS(start()).step(broken)


def test_backs_off_from_a_cliff() -> None:
    """Beyond 0.6 nothing is finite, as when features overflow: the line search stays on this side."""
    problem = Quadratic(0.59)

    def cliff(x: Array) -> Evaluation:
        found = problem(x)
        return found if x.max() < 0.62 else Evaluation(Losses(float("inf"), 0, 0), found.gradient)

    optimizer = LBFGS(np.full(60, 0.3, np.float32))
    for _ in range(20):
        optimizer.step(cliff)
    assert np.isfinite(problem.loss(optimizer.x)) and optimizer.x.max() < 0.62
