"""The losses that fast is trained by, against NumPy by hand."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from nst.training.fast_losses import (
    CONTENT,
    RANGE,
    RECONSTRUCTION,
    STYLE,
    VARIATION,
    compare,
    content_loss,
    distance,
    grams,
    judge,
    style_loss,
    style_targets,
    style_weight,
)


def features(seed: int, count: int = 2, side: int = 5, channels: int = 4) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, side, side + 1, channels)).astype(np.float32)


def gram(f: np.ndarray) -> np.ndarray:
    """(N, C, C) in float64, location by location."""
    return np.stack([sum(np.outer(v, v) for v in each.reshape(-1, f.shape[-1]).astype(float)) for each in f]) / (
        f.shape[1] * f.shape[2]
    )


def layers(seed: int) -> dict[str, np.ndarray]:
    return {name: features(seed + i) for i, name in enumerate(CONTENT)}


@pytest.fixture(scope="module")
def lite():
    return judge("float32")


def test_grams_are_means_of_outer_products() -> None:
    f = features(0)
    np.testing.assert_allclose(grams(tf.constant(f)), gram(f), rtol=1e-5, atol=1e-6)


def test_grams_have_the_gradient_of_the_plain_formula() -> None:
    f, weights = tf.constant(features(1)), tf.constant(features(2)[:, :4, :1, :].reshape(2, 4, 4))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(f)
        ours = tf.reduce_sum(weights * grams(f))
        plain = tf.reduce_sum(weights * tf.einsum("nhwc,nhwd->ncd", f, f) / 30.0)
    np.testing.assert_allclose(tape.gradient(ours, f), tape.gradient(plain, f), rtol=1e-4, atol=1e-6)


def test_distance_is_the_relative_norm_of_the_difference() -> None:
    found, style = features(3), features(4, side=7)
    wanted = gram(style)
    mean = style.reshape(2, -1, 4).mean(1)
    covariance = wanted - mean[:, :, None] * mean[:, None, :]
    expected = np.sqrt(((gram(found) - wanted) ** 2).sum((1, 2)) / (wanted**2).sum((1, 2)) + 1e-4)
    got = distance(tf.constant(found), (tf.constant(mean), tf.constant(covariance, tf.float32)))
    np.testing.assert_allclose(got, expected, rtol=1e-4)


def test_content_is_the_relative_energy_of_what_varies() -> None:
    found, wanted = layers(0), layers(10)
    terms = []
    for name, weight in CONTENT.items():
        a, b = (f - f.mean((1, 2), keepdims=True) for f in (found[name], wanted[name]))
        energy = (b**2).sum((1, 2, 3))
        terms.append(weight * ((a - b) ** 2).sum((1, 2, 3)) / ((energy + energy.mean()) / 2))
    np.testing.assert_allclose(content_loss(found, wanted), sum(terms) / sum(CONTENT.values()), rtol=1e-4)


def test_content_knows_nothing_of_what_is_added_to_a_channel() -> None:
    found, wanted = layers(0), layers(10)
    shifted = {name: f + np.arange(4, dtype=np.float32) for name, f in found.items()}
    np.testing.assert_allclose(content_loss(shifted, wanted), content_loss(found, wanted), rtol=1e-4)
    scaled = {name: f * np.float32(1.5) for name, f in found.items()}
    assert np.all(np.abs(content_loss(scaled, wanted) - content_loss(found, wanted)) > 0.1)


def test_the_style_counts_nothing_at_0_and_in_full_at_1() -> None:
    alpha = np.linspace(0, 1, 11, dtype=np.float32)
    weights = np.asarray(style_weight(tf.constant(alpha)))
    assert weights[0] == 0 and weights[-1] == pytest.approx(1)
    assert np.all(np.diff(weights, 2) > 0)  # slowly at first


def test_a_style_is_nearest_to_itself(lite) -> None:
    rng = np.random.default_rng(5)
    one, other = (tf.constant(rng.random((1, 32, 32, 3), np.float32) ** power) for power in (1, 4))
    wanted = style_targets(lite, one)
    same, different = (style_loss(lite, lite.features(x, STYLE), x, wanted) for x in (one, other))
    assert float(same[0]) == pytest.approx(0.01, abs=1e-3)  # the root of what is added under it
    assert float(different[0]) > 0.1


def test_what_is_minimized_is_the_sum_of_its_parts(lite) -> None:
    rng = np.random.default_rng(6)
    photos, painted, styles = (rng.random((3, 32, 32, 3), np.float32) for _ in range(3))
    painted = painted * 1.5 - 0.2
    alpha = np.array([1.0, 0.4, 1.0], np.float32)
    wanted = style_targets(lite, tf.constant(styles))
    losses = compare(lite, *map(tf.constant, (painted, photos)), wanted, tf.constant(alpha), 7.0)

    found = lite.features(tf.constant(painted), {*CONTENT, *STYLE})
    content = content_loss(found, lite.features(tf.constant(photos), CONTENT)).numpy()
    style = style_loss(lite, found, tf.constant(painted), wanted).numpy()
    assert float(losses.content) == pytest.approx(content[[0, 2]].mean(), rel=1e-5)  # at full strength alone
    assert float(losses.style) == pytest.approx(style[[0, 2]].mean(), rel=1e-5)
    plain = ((painted - photos) ** 2).mean((1, 2, 3)) * np.array([0, 0.36, 0])
    assert float(losses.plain) == pytest.approx(plain.mean(), rel=1e-5)
    outside = (np.maximum(painted - 1, 0) ** 2 + np.maximum(-painted, 0) ** 2).mean((1, 2, 3))
    factor = np.array([1, (4**0.4 - 1) / 3, 1])
    total = (content + 7 * factor * style + RECONSTRUCTION * plain + RANGE * outside).mean()
    total += VARIATION * sum((np.diff(painted, axis=axis) ** 2).sum() for axis in (1, 2)) / painted.size
    assert float(losses.total) == pytest.approx(total, rel=1e-5)
