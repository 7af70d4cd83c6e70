"""What a style does to features: against NumPy, and place by place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from nst.models import fast
from nst.models.modulation import EPSILON, Modulation, Noting, Placed

RNG = np.random.default_rng(0)
CHANNELS = {"first": 3, "second": 5}


def adain(x: NDArray[Any], scale: NDArray[Any], offset: NDArray[Any], alpha: float) -> NDArray[Any]:
    """Equation 8 and section 6.2 of Huang & Belongie 2017, for one picture (h, w, C), in float64."""
    x = x.astype(np.float64)
    mean, variance = x.mean((0, 1)), x.var((0, 1))
    return (1 - alpha) * x + alpha * ((x - mean) / np.sqrt(variance + EPSILON) * (1 + scale) + offset)


@pytest.mark.parametrize("layer", ["entry", "skip4", "fine2"])  # the first, one between, the last
def test_modulation_is_adaptive_instance_normalization(layer: str) -> None:
    widths = fast.modulated()
    parameters = RNG.normal(0, 1, (2, 2 * sum(widths.values()))).astype(np.float32)
    features = RNG.normal(3, 2, (2, 5, 7, widths[layer])).astype(np.float32)
    alphas = [1.0, 0.3]
    found = Modulation(widths, tf.constant(parameters), tf.constant(alphas))(tf.constant(features), layer).numpy()

    start = 2 * sum(list(widths.values())[: list(widths).index(layer)])
    scales, offsets = (
        parameters[:, start:][:, : widths[layer]],
        parameters[:, start + widths[layer] :][:, : widths[layer]],
    )
    for got, x, scale, offset, alpha in zip(found, features, scales, offsets, alphas, strict=True):
        np.testing.assert_allclose(got, adain(x, scale, offset, alpha), atol=2e-4)


def test_noted_is_what_was_there_and_what_was_asked_for() -> None:
    parameters = RNG.normal(0, 1, (1, 16)).astype(np.float32)
    x = RNG.normal(3, 2, (1, 4, 6, 5)).astype(np.float32)
    noting = Noting(CHANNELS, tf.constant(parameters))
    found = noting(tf.constant(x), "second").numpy()
    scale, offset = parameters[0, 6:11], parameters[0, 11:]
    np.testing.assert_allclose(found[0], adain(x[0], scale, offset, 1.0), atol=2e-4)
    mean, deviation, *asked = np.split(noting.noted["second"].numpy()[0], 4)
    np.testing.assert_allclose(mean, x.mean((0, 1, 2)), atol=1e-5)
    np.testing.assert_allclose(deviation, np.sqrt(x.var((0, 1, 2)) + EPSILON), atol=1e-5)
    np.testing.assert_allclose(asked, [1 + scale, offset], atol=1e-6)


def test_each_place_is_normalized_by_the_mixture_that_it_is() -> None:
    """By hand, for two parts whose features have unlike sizes: the mixture of both comes out as large as is asked."""
    numbers = RNG.uniform(0.5, 2, (2, 32)).astype(np.float32)
    numbers[0, 12:20] *= 100  # means and deviations of the second layer, in the first part
    maps = RNG.random((4, 6, 2)).astype(np.float32)
    maps /= maps.sum(-1, keepdims=True)
    x = RNG.normal(0, 50, (1, 4, 6, 5)).astype(np.float32)
    found = Placed(CHANNELS, tf.constant(numbers), {5: tf.constant(maps)})(tf.constant(x), "second")
    mean, deviation, scale, offset = np.split(maps.astype(float) @ numbers[:, 12:], 4, -1)
    wanted = (x[0] - mean) / deviation * scale + offset
    np.testing.assert_allclose(found[0], wanted, rtol=1e-4)
