"""Statistics of layers as one array: back to the layers, and those of several pictures as of one."""

from __future__ import annotations

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nst.models.stylizers.fast import normalized
from nst.models.stylizers.statistics import SIZE, by_layer, joined, pooled

RNG = np.random.default_rng(0)
WIDTHS = normalized()


def features(locations: int, mean: float) -> dict[str, NDArray[np.float64]]:
    """Return features of all layers by name, (locations, channels)."""
    return {name: RNG.normal(mean, RNG.uniform(0.5, 3, width), (locations, width)) for name, width in WIDTHS.items()}


def statistics(layers: dict[str, NDArray[np.float64]]) -> NDArray[np.float32]:
    """By hand."""
    return np.concatenate([each for f in layers.values() for each in (f.mean(0), f.var(0))]).astype(np.float32)


def test_layers_are_joined_one_after_another_and_found_again() -> None:
    layers = features(50, 1.0)
    moments = {n: (tf.constant(f.mean(0), tf.float32), tf.constant(f.var(0), tf.float32)) for n, f in layers.items()}
    one = joined(dict(reversed(moments.items())))
    np.testing.assert_allclose(one, statistics(layers), rtol=1e-6)
    assert one.shape == (SIZE,)
    found = by_layer(one)
    assert list(found) == list(WIDTHS)
    for name, pair in moments.items():
        for got, wanted in zip(found[name], pair, strict=True):
            np.testing.assert_array_equal(got, wanted)


def test_pooled_statistics_are_those_of_all_pictures_together() -> None:
    pictures = [features(locations, mean) for locations, mean in ((40, 0.0), (70, 5.0), (10, -30.0))]
    together = {name: np.concatenate([each[name] for each in pictures]) for name in WIDTHS}
    found = pooled([statistics(each) for each in pictures], [4000, 7000, 1000])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, statistics(together), rtol=1e-4, atol=1e-5)


def test_pooled_statistics_of_one_picture_are_its_own() -> None:
    own = statistics(features(30, 2.0))
    np.testing.assert_array_equal(pooled([own], [123]), own)
    np.testing.assert_allclose(pooled([own, own], [1, 9]), own, rtol=1e-6)
