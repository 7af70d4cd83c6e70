"""Modulation of features by a style, compared with NumPy, location by location."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from nst.models.stylizers import fast
from nst.models.stylizers.modulation import EPSILON, Modulation, Normalizer, RegionModulation

RNG = np.random.default_rng(0)
CHANNELS = {"first": 3, "second": 5}


def normalized(x: NDArray[Any], mean: Any, variance: Any, scale: Any, offset: Any) -> NDArray[Any]:
    """Equation 8 of Huang & Belongie 2017 with any statistics, in float64; `scale` is what a style asks for less 1."""
    return (x.astype(np.float64) - mean) / np.sqrt(variance + EPSILON) * (1 + scale) + offset


def adain(x: NDArray[Any], scale: NDArray[Any], offset: NDArray[Any]) -> NDArray[Any]:
    """Apply Equation 8 with the statistics of one picture (h, w, C)."""
    return normalized(x, x.mean((0, 1)), x.var((0, 1)), scale, offset)


@pytest.mark.parametrize("layer", ["entry", "skip4", "fine2"])  # the first, one between, the last
def test_modulation_is_adaptive_instance_normalization(layer: str) -> None:
    widths = fast.modulated()
    parameters = RNG.normal(0, 1, (2, 2 * sum(widths.values()))).astype(np.float32)
    features = RNG.normal(3, 2, (2, 5, 7, widths[layer])).astype(np.float32)
    found = Modulation(widths, tf.constant(parameters), Normalizer())(tf.constant(features), layer).numpy()

    start = 2 * sum(list(widths.values())[: list(widths).index(layer)])
    scales, offsets = (
        parameters[:, start:][:, : widths[layer]],
        parameters[:, start + widths[layer] :][:, : widths[layer]],
    )
    for got, x, scale, offset in zip(found, features, scales, offsets, strict=True):
        np.testing.assert_allclose(got, adain(x, scale, offset), atol=2e-4)


def test_a_picture_can_be_normalized_by_the_statistics_of_another() -> None:
    photo, other = (RNG.normal(mean, 2, (1, 4, 6, 5)).astype(np.float32) for mean in (3, -1))
    scale, offset = RNG.normal(0, 1, (2, 1, 5)).astype(np.float32)
    measuring = Normalizer()
    measuring(tf.constant(other), "layer", tf.constant(1 + scale), tf.constant(offset))
    mean, variance = measuring.measured["layer"]
    np.testing.assert_allclose(mean, other.mean((0, 1, 2)), atol=1e-5)
    np.testing.assert_allclose(variance, other.var((0, 1, 2)), rtol=1e-5)  # of all pixels, not of a sample of them

    given = Normalizer(measuring.measured)
    found = given(tf.constant(photo), "layer", tf.constant(1 + scale), tf.constant(offset)).numpy()
    np.testing.assert_allclose(found, normalized(photo, *map(np.asarray, (mean, variance, scale, offset))), atol=2e-4)
    assert given.measured["layer"] == measuring.measured["layer"]  # so they can be noted for a picture in regions


@pytest.mark.parametrize("given", [False, True])
def test_bfloat16_is_normalized_as_float32_is(given: bool) -> None:
    x = RNG.normal(3, 2, (1, 8, 8, 5)).astype(np.float32)
    moments = {"layer": (tf.constant(x.mean((0, 1, 2))), tf.constant(x.var((0, 1, 2))))}
    normalize = Normalizer(moments if given else None)
    found = normalize(tf.cast(x, "bfloat16"), "layer", tf.ones((1, 5)), tf.zeros((1, 5)))
    assert found.dtype == tf.bfloat16
    np.testing.assert_allclose(tf.cast(found, tf.float32)[0], adain(x[0], np.zeros(5), np.zeros(5)), atol=0.03)


def test_a_flat_channel_becomes_what_is_asked_for() -> None:
    found = Normalizer()(tf.fill((1, 4, 4, 2), 7.0), "layer", tf.constant([[3.0, 0.5]]), tf.constant([[1.0, -2.0]]))
    np.testing.assert_allclose(found, np.broadcast_to([1.0, -2.0], (1, 4, 4, 2)), atol=1e-4)


def test_noted_is_what_was_there_and_what_was_asked_for() -> None:
    parameters = RNG.normal(0, 1, (1, 16)).astype(np.float32)
    x = RNG.normal(3, 2, (1, 4, 6, 5)).astype(np.float32)
    modulate = Modulation(CHANNELS, tf.constant(parameters), Normalizer())
    modulate(tf.constant(x), "second")
    scale, offset = parameters[0, 6:11], parameters[0, 11:]
    mean, deviation, *asked = np.split(modulate.normalization("second").numpy()[0], 4)
    np.testing.assert_allclose(mean, x.mean((0, 1, 2)), atol=1e-5)
    np.testing.assert_allclose(deviation, np.sqrt(x.var((0, 1, 2)) + EPSILON), atol=1e-5)
    np.testing.assert_allclose(asked, [1 + scale, offset], atol=1e-6)


def test_each_place_is_normalized_by_the_mixture_that_it_is() -> None:
    """By hand, for two regions whose features have unlike sizes: their mixture comes out as large as is asked."""
    numbers = RNG.uniform(0.5, 2, (2, 32)).astype(np.float32)
    numbers[0, 12:20] *= 100  # means and deviations of the second layer, in the first region
    maps = RNG.random((4, 6, 2)).astype(np.float32)
    maps /= maps.sum(-1, keepdims=True)
    x = RNG.normal(0, 50, (1, 4, 6, 5)).astype(np.float32)
    found = RegionModulation(CHANNELS, tf.constant(numbers), {"second": tf.constant(maps)})(tf.constant(x), "second")
    mean, deviation, scale, offset = np.split(maps.astype(float) @ numbers[:, 12:], 4, -1)
    wanted = (x[0] - mean) / deviation * scale + offset
    np.testing.assert_allclose(found[0], wanted, rtol=1e-4)
