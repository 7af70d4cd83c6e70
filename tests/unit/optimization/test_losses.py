"""The losses against NumPy, term by term, and the properties that people rely on."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nst.optimization import losses
from nst.optimization.losses import FORMULATIONS
from nst.settings.engines import OptimizeSettings

Array = NDArray[np.float32]


def features(seed: int, shape: tuple[int, ...] = (1, 5, 7, 4)) -> Array:
    return np.random.default_rng(seed).random(shape, np.float32)


def numpy_gram(f: Array) -> Array:
    """Inner products of channels over all locations, divided by their number, one by one."""
    _, height, width, channels = f.shape
    products = [[(f[0, :, :, i] * f[0, :, :, j]).sum() for j in range(channels)] for i in range(channels)]
    return np.array(products) / (height * width)


def test_gram_holds_inner_products_of_channels_per_location() -> None:
    f = features(0)
    np.testing.assert_allclose(losses.gram(tf.constant(f)), numpy_gram(f), rtol=1e-5)


def test_gram_gradient_equals_automatic_differentiation() -> None:
    f, upstream = tf.constant(features(1)), tf.constant(features(2, (4, 4)))  # not symmetric: the general case

    def plain(x: tf.Tensor) -> tf.Tensor:
        flat = tf.reshape(x, (-1, 4))
        return tf.matmul(flat, flat, transpose_a=True) / 35

    gradients = []
    for make in (losses.gram, plain):
        with tf.GradientTape() as tape:
            tape.watch(f)
            value = tf.reduce_sum(make(f) * upstream)
        gradients.append(tape.gradient(value, f))
    np.testing.assert_allclose(*gradients, rtol=1e-5)


@given(seed=st.integers(0, 1000), gain=st.floats(0.1, 100))
@settings(max_examples=20, deadline=None)
def test_normalized_losses_mean_the_same_at_every_gain(seed: int, gain: float) -> None:
    value, target = features(seed), features(seed + 1)
    once = losses.relative_energy(tf.constant(value), tf.constant(target))
    scaled = losses.relative_energy(tf.constant(value * np.float32(gain)), tf.constant(target * np.float32(gain)))
    assert float(scaled) == pytest.approx(float(once), rel=1e-3)


@pytest.mark.parametrize("name", FORMULATIONS)
def test_every_loss_is_zero_at_its_target_and_positive_elsewhere(name: str) -> None:
    formulation, target = FORMULATIONS[name], tf.constant(features(3, (6, 6)))
    for loss in (formulation.content, formulation.style):
        assert float(loss(target, target)) == 0
        assert float(loss(target + 0.1, target)) > 0
    flat = tf.fill((1, 4, 4, 3), 0.5)
    assert float(formulation.variation(flat)) == 0


def test_relative_energy_of_a_black_target_is_finite() -> None:
    assert np.isfinite(float(losses.relative_energy(tf.zeros((3, 3)), tf.zeros((3, 3)))))


def test_gatys_2016_equations() -> None:
    """Equations 1 and 4: content sum / 2, style sum of (G - A)^2 / (4 N^2 M^2), G not divided by M."""
    f, p = features(4), features(5)
    locations, channels = 35, 4
    undivided = [numpy_gram(x) * locations for x in (f, p)]
    style = ((undivided[0] - undivided[1]) ** 2).sum() / (4 * channels**2 * locations**2)
    formulation = FORMULATIONS["gatys"]
    assert float(formulation.content(tf.constant(f), tf.constant(p))) == pytest.approx(
        ((f - p) ** 2).sum() / 2, rel=1e-5
    )
    assert float(formulation.style(losses.gram(f), losses.gram(p))) == pytest.approx(style, rel=1e-4)


def test_tutorial_terms() -> None:
    """Mean squares of features and of Gram matrices; total variation as the sum of absolute differences."""
    f, p, rgb = features(6), features(7), features(8, (1, 4, 6, 3))
    formulation = FORMULATIONS["tutorial"]
    assert float(formulation.content(tf.constant(f), tf.constant(p))) == pytest.approx(((f - p) ** 2).mean(), rel=1e-5)
    expected = ((numpy_gram(f) - numpy_gram(p)) ** 2).mean()
    assert float(formulation.style(losses.gram(f), losses.gram(p))) == pytest.approx(expected, rel=1e-4)
    total_variation = np.abs(np.diff(rgb, axis=1)).sum() + np.abs(np.diff(rgb, axis=2)).sum()
    assert float(formulation.variation(tf.constant(rgb))) == pytest.approx(total_variation, rel=1e-5)
    assert float(formulation.variation(tf.constant(rgb))) == pytest.approx(
        float(tf.image.total_variation(tf.constant(rgb))[0]), rel=1e-5
    )


def test_half_sum_terms() -> None:
    f, p = features(9), features(10)
    formulation = FORMULATIONS["half-sum"]
    assert float(formulation.content(tf.constant(f), tf.constant(p))) == pytest.approx(
        ((f - p) ** 2).sum() / 2, rel=1e-5
    )
    expected = ((numpy_gram(f) - numpy_gram(p)) ** 2).mean()
    assert float(formulation.style(losses.gram(f), losses.gram(p))) == pytest.approx(expected, rel=1e-4)


def test_layers_are_averaged_by_weight() -> None:
    values = [tf.constant([1.0]), tf.constant([2.0])]
    targets = [tf.constant([0.0]), tf.constant([0.0])]
    mean = losses.over_layers(losses.mean_squares, values, targets, tf.constant([3.0, 1.0]))
    assert float(mean) == pytest.approx((3 * 1 + 1 * 4) / 4)


def test_there_is_a_loss_for_every_setting() -> None:
    offered = {each.name: each.metadata["choices"] for each in fields(OptimizeSettings)}
    assert set(offered["style_loss"]) == {"gram", *losses.STYLE_LOSSES}
    assert set(offered["formulation"]) == set(FORMULATIONS)
    for name in offered["style_loss"]:
        assert losses.formulation_of(OptimizeSettings(style_loss=name)).means == (name != "gram")


def smoothness(rgb: tf.Tensor) -> tf.Tensor:
    """Compute the total variation of the normalized formulation term by term."""
    total = tf.constant(0.0)
    for differences in (rgb[:, 1:] - rgb[:, :-1], rgb[:, :, 1:] - rgb[:, :, :-1]):
        color = differences - tf.reduce_mean(differences, -1, keepdims=True)
        total += tf.reduce_sum(differences**2) + (losses.CHROMA - 1) * tf.reduce_sum(color**2)
    return total / tf.cast(tf.size(rgb), tf.float32)


@pytest.mark.parametrize("size", [(4, 6), (1, 5), (5, 1)])
def test_smoothness_and_its_gradient(size: tuple[int, int]) -> None:
    rgb, found = tf.constant(features(11, (1, *size, 3))), []
    for loss in (FORMULATIONS["normalized"].variation, smoothness):
        with tf.GradientTape() as tape:
            tape.watch(rgb)
            value = loss(rgb)
        found.append((value, tape.gradient(value, rgb)))
    (value, gradient), (expected, expected_gradient) = found
    assert float(value) == pytest.approx(float(expected), rel=1e-5)
    np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-4, atol=1e-6)
