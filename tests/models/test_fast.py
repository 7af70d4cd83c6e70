"""The network behind micro: its file, its arithmetic against NumPy, and what strength means in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from nst.models import fast
from nst.models.fast import Fast, _convolve_enlarged
from nst.models.stylizers import MICRO_WEIGHTS

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def network() -> Fast:
    """The network with random weights."""
    rng = np.random.default_rng(1)
    scales = {n: (2 / max(1, np.prod(s[:-1]))) ** 0.5 for n, s in fast.shapes().items()}
    return Fast({n: tf.constant(rng.normal(0, scales[n], s), tf.float32) for n, s in fast.shapes().items()})


def picture(height: int, width: int, count: int = 1) -> NDArray[np.float32]:
    return RNG.random((count, height, width, 3)).astype(np.float32)


def test_the_file_that_ships_has_all_weights_and_is_small() -> None:
    with np.load(MICRO_WEIGHTS) as file:
        assert {name: file[name].shape for name in file} == fast.shapes()
        assert {file[name].dtype.name for name in file} == {"float16"}
        assert all(np.isfinite(file[name]).all() for name in file)
    assert MICRO_WEIGHTS.stat().st_size <= 4_000_000


def test_a_flat_channel_stays_finite(network: Fast) -> None:
    flat = network.encode(tf.fill((1, 16, 16, 3), 0.5))
    assert np.isfinite(network.decode(flat, tf.ones((1, fast.CODE)), tf.ones(1))).all()
    assert np.isfinite(network.describe(tf.fill((1, 16, 16, 3), 0.5))).all()


def test_at_strength_zero_no_style_shows(network: Fast) -> None:
    features = network.encode(picture(24, 32))
    codes = [tf.constant(RNG.normal(0, 1, (1, fast.CODE)), tf.float32) for _ in range(2)]
    plain = [network.decode(features, code, tf.zeros(1)).numpy() for code in codes]
    styled = [network.decode(features, code, tf.ones(1)).numpy() for code in codes]
    np.testing.assert_array_equal(*plain)
    assert np.abs(styled[0] - styled[1]).mean() > 0.05


def test_strength_acts_in_the_features(network: Fast) -> None:
    features, code = network.encode(picture(24, 32)), tf.constant(RNG.normal(0, 1, (1, fast.CODE)), tf.float32)
    none, half, full = (network.decode(features, code, tf.constant([alpha])).numpy() for alpha in (0.0, 0.5, 1.0))
    assert np.abs(half - (none + full) / 2).mean() > 0.1 * np.abs(full - none).mean()


def parted(network: Fast, features: fast.Features, codes: list[Any], maps: Any) -> NDArray[np.float32]:
    """A picture in parts, as its user takes it from the network."""
    noted = [network.note(features, code) for code in codes]
    deep, asked = (tf.concat(each, 0) for each in zip(*noted, strict=True))
    return network.decode_parts(features, deep, asked, maps).numpy()


def test_a_part_that_has_all_of_the_pixels_is_painted_as_without_parts(network: Fast) -> None:
    features = network.encode(picture(24, 40))
    codes = [tf.constant(RNG.normal(0, 1, (1, fast.CODE)), tf.float32) for _ in range(2)]
    for i, code in enumerate(codes):
        wanted = network.decode(features, code)
        maps = tf.one_hot(tf.fill((24, 40), i), 2)
        np.testing.assert_allclose(parted(network, features, codes, maps), wanted, atol=1e-3)
        alone = parted(network, features, [code], tf.ones((24, 40, 1)))
        np.testing.assert_allclose(alone, wanted, atol=1e-3)


def test_parts_stay_in_their_places(network: Fast) -> None:
    """Beyond a few pixels, a part does not know of the other."""
    features, reach = network.encode(picture(16, 160)), 30
    codes = [tf.constant(RNG.normal(0, 1, (1, fast.CODE)), tf.float32) for _ in range(2)]
    maps = tf.tile(tf.one_hot(tf.range(160) // 80, 2)[None], (16, 1, 1))
    found = parted(network, features, codes, maps)
    one, other = (network.decode(features, code).numpy() for code in codes)
    np.testing.assert_allclose(found[:, :, : 80 - reach], one[:, :, : 80 - reach], atol=1e-3)
    np.testing.assert_allclose(found[:, :, 80 + reach :], other[:, :, 80 + reach :], atol=1e-3)
    assert np.abs(one - other).mean() > 0.05


def test_pictures_of_a_batch_do_not_mix(network: Fast) -> None:
    photos, styles, alphas = picture(16, 24, 2), picture(32, 32, 2), np.array([1.0, 0.4], np.float32)
    together = network.decode(network.encode(photos), network.describe(styles), tf.constant(alphas)).numpy()
    for i in range(2):
        one = slice(i, i + 1)
        alone = network.decode(network.encode(photos[one]), network.describe(styles[one]), tf.constant(alphas[one]))
        np.testing.assert_allclose(together[one], alone, atol=2e-4)


def test_sizes_halve_thrice_and_come_back(network: Fast) -> None:
    features = network.encode(picture(24, 40))
    shapes = [tuple(f.shape) for f in features]
    assert shapes == [(1, 24 // k, 40 // k, width) for k, width in zip((2, 4, 8), fast.WIDTHS, strict=True)]
    assert network.decode(features, tf.zeros((1, fast.CODE)), tf.ones(1)).shape == (1, 24, 40, 3)


def test_moments_are_means_and_covariances() -> None:
    features = RNG.normal(1, 2, (2, 6, 5, 4)).astype(np.float32)
    mean, covariance = fast.moments(tf.constant(features))
    for i, flat in enumerate(features.reshape(2, -1, 4)):
        np.testing.assert_allclose(mean[i], flat.mean(0), atol=1e-5)
        np.testing.assert_allclose(covariance[i], np.cov(flat.T, bias=True), atol=1e-4)


@pytest.mark.parametrize("size", [(1, 1), (3, 5)])
def test_the_folded_kernel_convolves_what_was_enlarged(size: tuple[int, int]) -> None:
    x, kernel = RNG.normal(0, 1, (2, *size, 4)), RNG.normal(0, 1, (3, 3, 4, 6))
    large = np.pad(x.repeat(2, 1).repeat(2, 2), ((0, 0), (1, 1), (1, 1), (0, 0)), "edge")
    wanted = sum(large[:, i : i + 2 * size[0], j : j + 2 * size[1]] @ kernel[i, j] for i in range(3) for j in range(3))
    found = _convolve_enlarged(tf.constant(x, tf.float32), tf.constant(kernel, tf.float32))
    np.testing.assert_allclose(found, wanted, atol=1e-4)
