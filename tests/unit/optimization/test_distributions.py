"""Style losses on distributions against NumPy and SciPy, and through them on features with a constant one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray
from scipy.linalg import sqrtm

from nst.optimization.distributions import MOMENTS, WASSERSTEIN, moments, wasserstein, with_one
from nst.optimization.losses import gram

Array = NDArray[np.float32]
LOSSES = [moments, wasserstein]


def features(seed: int, mean: float = 0.5, channels: int = 4) -> Array:
    rng = np.random.default_rng(seed)
    mixing = rng.normal(size=(channels, channels))
    return (mean + 0.3 * rng.normal(size=(1, 12, 15, channels)) @ mixing).astype(np.float32)


def seen(f: Array) -> tf.Tensor:
    return gram(with_one(tf.constant(f)))


def flat(f: Array) -> NDArray[np.float64]:
    return f.reshape(-1, f.shape[-1]).astype(np.float64)


def test_the_gram_matrix_of_features_with_a_constant_one_holds_their_means() -> None:
    f = features(0)
    found = seen(f).numpy()
    np.testing.assert_allclose(found[-1], [*flat(f).mean(0), 1], rtol=1e-5)
    np.testing.assert_allclose(found[:-1, :-1], gram(tf.constant(f)), rtol=1e-5)


@pytest.mark.parametrize("loss", LOSSES)
def test_nothing_is_lost_where_distributions_are_equal_and_all_where_there_are_no_features(
    loss: Callable[[tf.Tensor, tf.Tensor], tf.Tensor],
) -> None:
    f = features(1)
    assert float(loss(seen(f), seen(f))) == pytest.approx(0, abs=1e-5)
    assert float(loss(seen(f[:, ::-1, ::-1]), seen(f))) == pytest.approx(0, abs=1e-5)  # places do not count
    whole = MOMENTS if loss is moments else WASSERSTEIN
    assert float(loss(seen(0 * f), seen(f))) == pytest.approx(whole, rel=0.05)  # but for the floor


@pytest.mark.parametrize("loss", LOSSES)
def test_features_ten_times_as_large_lose_as_much(loss: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]) -> None:
    f, target = features(2), features(3)
    assert float(loss(seen(10 * f), seen(10 * target))) == pytest.approx(float(loss(seen(f), seen(target))), rel=1e-3)


def test_moments_are_means_and_standard_deviations() -> None:
    f, target = features(4), features(5, mean=0.9)
    (m, s), (n, t) = ((flat(x).mean(0), flat(x).std(0)) for x in (f, target))
    expected = (((m - n) ** 2).sum() + ((s - t) ** 2).sum()) / (flat(target) ** 2).mean(0).sum()
    assert float(moments(seen(f), seen(target))) == pytest.approx(MOMENTS * expected, rel=2e-3)


def test_moments_do_not_see_what_goes_together() -> None:
    f = features(6)
    shuffled = np.stack([np.random.default_rng(c).permutation(channel) for c, channel in enumerate(flat(f).T)], 1)
    apart = shuffled.reshape(f.shape).astype(np.float32)
    assert float(moments(seen(apart), seen(f))) == pytest.approx(0, abs=1e-5)
    assert float(wasserstein(seen(apart), seen(f))) > 0.01


def test_the_wasserstein_distance_by_matrix_roots() -> None:
    f, target = features(7), features(8, mean=0.9)
    (m, c), (n, d) = ((flat(x).mean(0), np.cov(flat(x).T, bias=True)) for x in (f, target))
    root = sqrtm(d)
    distance = ((m - n) ** 2).sum() + np.trace(c + d - 2 * sqrtm(root @ c @ root).real)
    energy = (flat(target) ** 2).mean(0).sum()
    assert float(wasserstein(seen(f), seen(target))) == pytest.approx(WASSERSTEIN * distance / energy, rel=5e-3)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradient_is_the_slope(loss: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]) -> None:
    f, target = features(9).astype(np.float64), features(10, mean=0.9)
    direction = np.random.default_rng(11).normal(size=f.shape)

    def value(x: NDArray[np.float64]) -> float:
        return float(loss(seen(x.astype(np.float32)), seen(target)))

    with tf.GradientTape() as tape:
        x = tf.constant(f.astype(np.float32))
        tape.watch(x)
        lost = loss(gram(with_one(x)), seen(target))
    found = float((tape.gradient(lost, x).numpy() * direction).sum())
    step = 1e-2
    assert found == pytest.approx((value(f + step * direction) - value(f - step * direction)) / (2 * step), rel=0.02)


@pytest.mark.parametrize("loss", LOSSES)
def test_dead_channels_have_a_finite_gradient(loss: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]) -> None:
    f, target = features(12), features(13)
    f[..., 1] = 0
    target[..., 2] = target[..., 3]  # a covariance without full rank
    with tf.GradientTape() as tape:
        x = tf.constant(f)
        tape.watch(x)
        lost = loss(gram(with_one(x)), seen(target))
    assert np.isfinite(tape.gradient(lost, x).numpy()).all()


def test_a_black_target_has_a_finite_loss() -> None:
    for loss in LOSSES:
        assert np.isfinite(float(loss(seen(features(14)), seen(0 * features(14)))))
