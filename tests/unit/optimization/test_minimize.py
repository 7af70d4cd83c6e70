"""Adam against Keras' implementation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import keras
import numpy as np
import pytest

from nst.errors import Diverged
from nst.optimization.lbfgs import LBFGS
from nst.optimization.minimize import Adam, Evaluation, Minimizer
from nst.run.snapshot import Losses


def slope(x: np.ndarray) -> Evaluation:
    return Evaluation(Losses(float((x**2).sum()), 0, 0), (2 * x * np.arange(1, 6)).astype(np.float32))


def test_follows_keras_adam_with_the_tutorials_constants() -> None:
    x = np.linspace(0.3, 0.7, 5, dtype=np.float32)
    ours = Adam(x, learning_rate=0.02, beta_1=0.99, epsilon=1e-1)
    theirs, variable = keras.optimizers.Adam(0.02, beta_1=0.99, epsilon=1e-1), keras.Variable(x)
    theirs.build([variable])
    for _ in range(10):
        gradient = slope(np.asarray(variable)).gradient
        theirs.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        ours.step(slope)
    np.testing.assert_allclose(ours.x, np.asarray(variable), rtol=1e-5)


def test_stays_inside_the_colors_that_exist() -> None:
    adam = Adam(np.full(5, 0.01, np.float32), learning_rate=0.5, beta_1=0.9, epsilon=1e-8)
    adam.step(slope)
    assert (adam.x == 0).all()


def test_goes_on_from_a_stored_state_as_if_nothing_had_happened() -> None:
    constants = {"learning_rate": 0.02, "beta_1": 0.9, "epsilon": 1e-8}
    straight = Adam(np.full(5, 0.5, np.float32), **constants)
    straight.step(slope)
    resumed = Adam(straight.x.copy(), **constants)
    resumed.restore(straight.state())
    straight.step(slope)
    resumed.step(slope)
    np.testing.assert_array_equal(straight.x, resumed.x)


@pytest.mark.parametrize("make", [LBFGS, partial(Adam, learning_rate=0.02, beta_1=0.9, epsilon=1e-8)])
def test_what_is_known_of_where_it_starts_is_not_asked_again(make: Callable[..., Minimizer]) -> None:
    knowing, asking = make(np.full(5, 0.5, np.float32)), make(np.full(5, 0.5, np.float32))
    knowing.here = slope(knowing.x)
    asked: list[int] = []

    def counted(x: np.ndarray) -> Evaluation:
        asked.append(1)
        return slope(x)

    for _ in range(3):
        knowing.step(counted)
    known = len(asked)
    for _ in range(3):
        asking.step(counted)
    assert len(asked) == 2 * known + 1
    np.testing.assert_array_equal(knowing.x, asking.x)


def test_a_gradient_that_is_not_finite_is_an_error() -> None:
    def broken(x: np.ndarray) -> Evaluation:
        return Evaluation(Losses(1.0, 0, 0), np.full_like(x, np.inf))

    with pytest.raises(Diverged, match="last good picture is kept"):
        Adam(np.zeros(5, np.float32), learning_rate=0.02, beta_1=0.9, epsilon=1e-8).step(broken)
