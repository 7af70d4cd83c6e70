"""The preconditioner against Hessians whose inverse is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.fft import dctn, idctn

from nst.optimization.lbfgs import LBFGS
from nst.optimization.minimize import Evaluation
from nst.optimization.preconditioner import Preconditioner, Response
from nst.run.snapshot import Losses

Array = NDArray[np.float32]
Hessian = Callable[[Array], Array]

SHAPE = (48, 64, 3)
GRAY = np.ones(3, np.float32) / np.sqrt(np.float32(3))


def noise(seed: int, shape: tuple[int, ...] = SHAPE) -> Array:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def learned(hessian: Hessian, pairs: int = 8) -> tuple[Preconditioner, list[Response]]:
    """Return an estimate after random steps."""
    found = Preconditioner(SHAPE)
    return found, [found.response(s, hessian(s)) for s in (noise(seed) for seed in range(pairs))]


def stiff_left(v: Array) -> Array:
    """Ten times as stiff in the left half."""
    factor = np.ones(SHAPE, np.float32)
    factor[:, :32] = 10
    return factor * v


def stiff_slow(v: Array) -> Array:
    """Ten times as stiff along slow waves as along fast ones."""
    down, across = (np.arange(length)[:, None] / length for length in SHAPE[:2])
    slow = np.hypot(down, across.T)[..., None] < 0.25
    found: Array = idctn(dctn(v, axes=(0, 1)) * np.where(slow, 10, 1), axes=(0, 1)).astype(np.float32)
    return found


def stiff_gray(v: Array) -> Array:
    """Ten times as stiff along brightness as along colors."""
    found: Array = v + 9 * (v @ GRAY)[..., None] * GRAY
    return found


def stretched(estimate: tuple[Preconditioner, list[Response]], direction: Array) -> float:
    """Return the factor by which the estimate scales a direction."""
    preconditioner, responses = estimate
    return float(np.vdot(direction, preconditioner.apply(direction, responses)) / np.vdot(direction, direction))


def one_half(first: int, last: int) -> Array:
    found = np.zeros(SHAPE, np.float32)
    found[:, first:last] = noise(20)[:, first:last]
    return found


def wave(turns: int) -> Array:
    line = np.cos(np.pi * turns * (np.arange(64) + 0.5) / 64).astype(np.float32)
    return np.broadcast_to(line[None, :, None], SHAPE).copy()


COLOR = noise(21) - (noise(21) @ GRAY)[..., None] * GRAY
DIRECTIONS = {
    "places": (stiff_left, one_half(4, 28), one_half(36, 60)),
    "frequencies": (stiff_slow, wave(3), wave(40)),
    "colors": (stiff_gray, noise(22)[..., :1] * GRAY, COLOR),
}


@pytest.mark.parametrize("kind", DIRECTIONS)
def test_soft_directions_are_gone_along_further_than_stiff_ones(kind: str) -> None:
    hessian, stiff, soft = DIRECTIONS[kind]
    estimate = learned(hessian)
    assert 2 < stretched(estimate, soft) / stretched(estimate, stiff) < 15  # 10, but for the doubt


@pytest.mark.parametrize("kind", DIRECTIONS)
def test_is_symmetric_and_positive(kind: str) -> None:
    preconditioner, responses = learned(DIRECTIONS[kind][0])
    a, b = noise(30), noise(31)
    there, back = np.vdot(a, preconditioner.apply(b, responses)), np.vdot(b, preconditioner.apply(a, responses))
    assert there == pytest.approx(back, rel=1e-3)
    assert stretched((preconditioner, responses), a) > 0


def test_an_even_hessian_is_divided_by() -> None:
    preconditioner, responses = learned(lambda v: 4 * v)
    np.testing.assert_allclose(preconditioner.apply(noise(40), responses), noise(40) / 4, atol=0.02)


def test_the_last_steps_count_most() -> None:
    preconditioner, stale = learned(lambda v: 3 * v, pairs=30)
    fresh = learned(lambda v: v, pairs=30)[1]
    assert stretched((preconditioner, stale + fresh), noise(41)) == pytest.approx(1, rel=0.15)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 7, 3), (5, 3, 3)])
def test_small_and_flat_pictures_give_numbers(shape: tuple[int, int, int]) -> None:
    preconditioner = Preconditioner(shape)
    flat = np.ones(shape, np.float32)
    found = preconditioner.apply(noise(50, shape), [preconditioner.response(flat, 2 * flat)])
    assert found.shape == shape and found.dtype == np.float32 and np.isfinite(found).all()


def test_lbfgs_takes_fewer_steps_with_it() -> None:
    """Curvature that differs a hundredfold and more, by place, frequency and color, all at once."""
    goal = np.clip(0.5 + 0.1 * noise(60), 0.05, 0.95)

    def evaluate(x: Array) -> Evaluation:
        gradient = stiff_left(stiff_slow(stiff_gray(stiff_slow(stiff_left(x - goal)))))
        return Evaluation(Losses(float(np.vdot(x - goal, gradient)) / 2, 0, 0), gradient)

    ends: dict[bool, float] = {}
    for preconditioned in (False, True):
        minimizer = LBFGS(np.full(SHAPE, 0.5, np.float32), preconditioned=preconditioned)
        for _ in range(40):
            losses = minimizer.step(evaluate)
            assert losses
            ends[preconditioned] = losses.total
    assert ends[True] < 0.6 * ends[False]
