"""The losses that fast is trained by, against NumPy by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from nst.training.fast_losses import (
    CONTENT,
    MARGIN,
    RANGE,
    RECONSTRUCTION,
    SHIFT,
    SOFTNESS,
    STYLE,
    VARIATION,
    Crops,
    compare,
    content_loss,
    distance,
    grams,
    judge,
    shift_loss,
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
    relative = ((gram(found) - wanted) ** 2).sum((1, 2)) / (wanted**2).sum((1, 2))
    expected = np.sqrt(relative + SOFTNESS) - np.sqrt(SOFTNESS)
    got = distance(tf.constant(found), (tf.constant(mean), tf.constant(covariance, tf.float32)))
    np.testing.assert_allclose(got, expected, rtol=1e-4)


def test_distance_has_a_finite_slope_where_it_is_0() -> None:
    f = tf.constant(features(3))
    covariance = tf.constant(gram(f.numpy()), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(f)
        found = distance(f, (tf.zeros((2, 4)), covariance))
    np.testing.assert_allclose(found, 0, atol=1e-5)
    np.testing.assert_allclose(tape.gradient(found, f), 0, atol=1e-3)


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
    assert float(same[0]) == pytest.approx(0, abs=1e-3)
    assert float(different[0]) > 0.1


# Two views


class Painter:
    """In place of the network: `paint` makes pictures from RGB, noise, parameters and strengths, all of one batch."""

    def __init__(self, paint: Callable[..., Any]) -> None:
        self._paint = paint

    def encode(self, rgb: Any, noise: Any) -> tuple[Any, Any]:
        return rgb, noise

    def decode(self, features: tuple[Any, Any], parameters: Any, alpha: Any) -> Any:
        return self._paint(*features, parameters, alpha)


def crops(shift: tuple[int, int] = (3, 6), second: int = 2, count: int = 3, side: int = 32, step: int = 0) -> Crops:
    photos = np.random.default_rng(7).random((count, side + MARGIN, side + MARGIN, 3), np.float32)
    return Crops.of(tf.constant(photos), tf.constant(shift), second, step)


def test_views_are_of_the_photos_with_noise_that_moves_along() -> None:
    given = crops(shift=(3, 6))
    whole, noisy = given.whole.numpy(), Painter(lambda rgb, noise, *_: rgb + noise)
    painted, shifted = given.painted(noisy, tf.zeros((3, 5)), tf.ones(3))
    lit = whole[..., :3] + whole[..., 3:]
    np.testing.assert_array_equal(painted, lit[:, :32, :32])
    np.testing.assert_array_equal(shifted, lit[1:, 3:35, 6:38])  # of the last two photos
    np.testing.assert_array_equal(given.photos, whole[:, :32, :32, :3])
    assert given.side == 32


def test_the_noise_is_white_and_new_in_each_step() -> None:
    one, same, other = (crops(count=4, side=64, step=step).whole.numpy()[..., 3] for step in (0, 0, 1))
    np.testing.assert_array_equal(one, same)  # so that a stopped training goes on as if it had not been stopped
    assert abs(one.mean()) < 0.05 and abs(one.std() - 1) < 0.05
    assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.05
    assert abs(np.corrcoef(one[0].ravel(), one[1].ravel())[0, 1]) < 0.1  # nor the same for all photos


def test_both_views_of_a_photo_are_painted_in_its_style_and_at_its_strength() -> None:
    told = Painter(lambda rgb, _, parameters, alpha: 0 * rgb + (parameters[:, 0] + alpha)[:, None, None, None])
    parameters, alpha = tf.constant([[10.0], [20.0], [30.0]]), tf.constant([1.0, 0.5, 0.25])
    painted, shifted = crops(second=2).painted(told, parameters, alpha)
    np.testing.assert_allclose(painted[:, 0, 0, 0], [11, 20.5, 30.25])
    np.testing.assert_allclose(shifted[:, 0, 0, 0], [20.5, 30.25])


@pytest.mark.parametrize("shift", [(0, 0), (3, 6), (7, 0), (MARGIN - 1, MARGIN - 1)])
def test_a_painter_that_moves_along_has_no_shift_loss(shift: tuple[int, int]) -> None:
    def blurred(rgb: Any, noise: Any, *_: Any) -> Any:
        x = rgb + noise
        return x + 0.5 * tf.roll(x, 1, 1) + 0.25 * tf.roll(x, -2, 2)  # wrong at the borders, which do not count

    painted, shifted = crops(shift).painted(Painter(blurred), tf.zeros((3, 5)), tf.ones(3))
    assert float(shift_loss(painted[1:], shifted, tf.constant(shift))) == pytest.approx(0, abs=1e-10)
    wrong = shift[0] ^ 1, shift[1]
    assert float(shift_loss(painted[1:], shifted, tf.constant(wrong))) > 0.1


def test_a_painter_with_a_grid_of_its_own_has_a_shift_loss() -> None:
    """By hand: stripes of two pixels, which a shift by two turns into their opposites."""
    stripes = tf.constant(np.tile(np.arange(32) // 2 % 2, (1, 32, 1))[..., None], tf.float32)
    for right, wanted in ((0, 0.0), (1, 0.5), (2, 1.0), (4, 0.0)):
        views = crops((0, right), 1).painted(Painter(lambda rgb, *_: 0 * rgb + stripes), tf.zeros((3, 5)), tf.ones(3))
        assert float(shift_loss(views[0][2:], views[1], tf.constant((0, right)))) == pytest.approx(wanted)


# All together


def test_objective_is_the_sum_of_its_terms(lite) -> None:
    rng = np.random.default_rng(6)
    painted, styles = (rng.random((3, 32, 32, 3), np.float32) for _ in range(2))
    painted = painted * 1.5 - 0.2
    shifted, given = rng.random((2, 32, 32, 3), np.float32), crops(shift=(3, 6), second=2)
    photos = given.photos.numpy()
    alpha = np.array([1.0, 0.4, 1.0], np.float32)
    wanted, seen = style_targets(lite, tf.constant(styles)), lite.features(given.photos, CONTENT)
    losses = compare(lite, given, (tf.constant(painted), tf.constant(shifted)), seen, wanted, tf.constant(alpha), 7.0)

    found = lite.features(tf.constant(painted), {*CONTENT, *STYLE})
    content = content_loss(found, seen).numpy()
    style = style_loss(lite, found, tf.constant(painted), wanted).numpy()
    assert float(losses.content) == pytest.approx(content[[0, 2]].mean(), rel=1e-5)  # at full strength alone
    assert float(losses.style) == pytest.approx(style[[0, 2]].mean(), rel=1e-5)
    plain = ((painted - photos) ** 2).mean((1, 2, 3)) * np.array([0, 0.36, 0])
    assert float(losses.plain) == pytest.approx(plain.mean(), rel=1e-5)
    outside = (np.maximum(painted - 1, 0) ** 2 + np.maximum(-painted, 0) ** 2).mean((1, 2, 3))
    factor = np.array([1, (4**0.4 - 1) / 3, 1])
    total = (content + 7 * factor * style + RECONSTRUCTION * plain + RANGE * outside).mean()
    total += VARIATION * sum((np.diff(painted, axis=axis) ** 2).sum() for axis in (1, 2)) / painted.size
    both = painted[1:, 3 + 8 : 3 + 16, 6 + 8 : 6 + 16] - shifted[:, 8:16, 8:16]  # without MARGIN, which is 8
    assert float(losses.shift) == pytest.approx((both**2).mean(), rel=1e-5)
    assert float(losses.total) == pytest.approx(total + SHIFT * (both**2).mean(), rel=1e-5)
