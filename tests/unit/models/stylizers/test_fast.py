"""The network fast: its file, its arithmetic against NumPy, and what strength and places mean in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray
from scipy.ndimage import correlate

from nst.models.extractors import networks
from nst.models.extractors.extractor import FeatureExtractor
from nst.models.stylizers import fast
from nst.models.stylizers.fast import CODE, QUARTER_SHARE, STRIDE, STYLE_LAYERS, WIDTHS, Fast
from nst.models.stylizers.modulation import EPSILON, Normalizer
from nst.models.stylizers.registry import FAST_WEIGHTS

RNG = np.random.default_rng(0)
PARAMETERS = 2 * sum(fast.modulated().values())


@pytest.fixture(scope="module")
def lite() -> FeatureExtractor:
    return networks.load(networks.choose("lite", ((STYLE_LAYERS[-1], 1.0),)), "average", "float32")


@pytest.fixture(scope="module")
def network(lite: FeatureExtractor) -> Fast:
    """The network with random weights."""
    rng = np.random.default_rng(1)
    scales = {n: (2 / max(1, np.prod(s[:-1]))) ** 0.5 for n, s in fast.shapes().items()}
    return Fast({n: tf.constant(rng.normal(0, scales[n], s), tf.float32) for n, s in fast.shapes().items()}, lite)


def picture(height: int, width: int, count: int = 1) -> NDArray[np.float32]:
    return RNG.random((count, height, width, 3)).astype(np.float32)


def noise(height: int, width: int, count: int = 1) -> NDArray[np.float32]:
    return RNG.normal(size=(count, height, width, 1)).astype(np.float32)


def style(count: int = 1) -> Any:
    """Parameters of the modulated layers."""
    return tf.constant(RNG.normal(0, 0.5, (count, PARAMETERS)), tf.float32)


def seen(network: Fast, height: int, width: int, count: int = 1) -> fast.Features:
    """Features of random photos."""
    return network.encode(picture(height, width, count), noise(height, width, count))


def test_the_file_that_ships_has_all_weights_and_is_small() -> None:
    with np.load(FAST_WEIGHTS) as file:
        assert {name: file[name].shape for name in file} == fast.shapes()
        assert {file[name].dtype.name for name in file} == {"float16"}
        assert all(np.isfinite(file[name]).all() for name in file)
    assert FAST_WEIGHTS.stat().st_size <= 4_000_000


# Pictures


def test_sizes_halve_thrice_and_come_back(network: Fast) -> None:
    features = seen(network, 24, 40)
    shapes = [tuple(f.shape) for f in features]
    assert shapes == [(1, 24 // k, 40 // k, width) for k, width in zip((2, 4, 8), WIDTHS, strict=True)]
    assert network.decode(features, style()).shape == (1, 24, 40, 3)


@pytest.mark.parametrize("loud", [0.0, 1.0])
def test_a_flat_photo_stays_finite(network: Fast, loud: float) -> None:
    flat = tf.fill((1, 16, 16, 3), 0.5)
    features = network.encode(flat, loud * noise(16, 16))
    assert np.isfinite(network.decode(features, network.parameters(network.describe(flat)))).all()


def test_a_flat_photo_is_painted_from_noise(network: Fast) -> None:
    """Without noise there is nothing to paint strokes from."""
    flat, asked = tf.fill((1, 48, 48, 3), 0.5), style()
    still, grainy = (network.decode(network.encode(flat, loud * noise(48, 48)), asked).numpy() for loud in (0.0, 1.0))
    assert still.std((1, 2)).max() < 1e-3
    assert grainy.std((1, 2)).min() > 0.05


def test_pictures_of_a_batch_do_not_mix(network: Fast) -> None:
    photos, grain, asked = picture(16, 24, 2), noise(16, 24, 2), style(2)
    alpha = tf.constant([1.0, 0.4])
    together = network.decode(network.encode(photos, grain), asked, alpha).numpy()
    for i in range(2):
        one = slice(i, i + 1)
        alone = network.decode(network.encode(photos[one], grain[one]), asked[one], alpha[one])
        np.testing.assert_allclose(together[one], alone, atol=2e-4)


def test_a_shift_by_its_stride_shifts_the_picture(network: Fast) -> None:
    """Away from the borders, where statistics are the same and the noise lies where it lay."""
    side, reach = 320, 120
    photo, grain, asked = picture(side + STRIDE, side), noise(side + STRIDE, side), style()
    measuring = Normalizer()
    network.decode(network.encode(photo, grain, measuring), asked, tf.ones(1), measuring)
    alike = Normalizer(measuring.measured)

    def painted(start: int, grain: NDArray[np.float32]) -> NDArray[np.float32]:
        rows = slice(start, start + side)
        return network.decode(network.encode(photo[:, rows], grain[:, rows], alike), asked, None, alike).numpy()[0]

    first, second = painted(0, grain)[STRIDE:], painted(STRIDE, grain)[:-STRIDE]
    inner = np.s_[reach:-reach, reach:-reach]
    np.testing.assert_allclose(first[inner], second[inner], atol=1e-3)
    assert np.abs(first - painted(STRIDE, np.roll(grain, 3, 1))[:-STRIDE])[inner].mean() > 0.05


# Strength


def test_full_strength_is_the_same_said_or_not(network: Fast) -> None:
    features, asked = seen(network, 24, 32), style()
    np.testing.assert_allclose(network.decode(features, asked, tf.ones(1)), network.decode(features, asked), atol=1e-4)


def test_at_full_strength_a_picture_has_nothing_of_the_finest_features(network: Fast) -> None:
    (half, quarter, eighth), asked = seen(network, 24, 32), style()
    others = tf.reverse(half, [2]), quarter, eighth
    for alpha, same in ((1.0, True), (0.9, False), (0.0, False)):
        one, other = (network.decode(each, asked, tf.fill(1, alpha)) for each in ((half, quarter, eighth), others))
        assert np.allclose(one, other, atol=1e-5) == same


@pytest.mark.parametrize("strength", [0.0, 0.25, 1.0])
def test_strength_is_a_share_of_the_photos_features(network: Fast, strength: float) -> None:
    """At a quarter, from all of them to QUARTER_SHARE: as if the style asked for so much more at full strength."""
    features, asked = seen(network, 24, 32), style().numpy()
    places = np.cumsum([0, *(2 * width for width in fast.modulated().values())])
    parts = {name: slice(*places[i : i + 2]) for i, name in enumerate(fast.modulated())}
    asked[0, parts["skip2"]] = np.repeat([-1.0, 0.0], WIDTHS[0])  # a deviation of none: nothing at a half
    more = asked.copy()
    ones = np.repeat([1.0, 0.0], WIDTHS[1])  # deviations are asked for less 1
    share = 1 + strength * (QUARTER_SHARE - 1)
    more[0, parts["skip4"]] = share / QUARTER_SHARE * (asked[0, parts["skip4"]] + ones) - ones
    found, wanted = network.decode(features, asked, tf.fill(1, strength)), network.decode(features, more)
    np.testing.assert_allclose(found, wanted, atol=1e-3)


# Regions


def parted(network: Fast, features: fast.Features, asked: list[Any], maps: Any, alpha: Any) -> NDArray[np.float32]:
    """A picture in regions, as its user takes it from the network."""
    prepared = [network.prepare_region(features, each, alpha) for each in asked]
    deep, numbers = (tf.concat(each, 0) for each in zip(*prepared, strict=True))
    return network.decode_regions(features, deep, numbers, maps, alpha).numpy()


@pytest.mark.parametrize("strength", [1.0, 0.4])
def test_a_region_that_has_all_pixels_is_painted_as_without_regions(network: Fast, strength: float) -> None:
    features, both, alpha = seen(network, 24, 40), [style(), style()], tf.fill(1, strength)
    for i, asked in enumerate(both):
        wanted = network.decode(features, asked, alpha)
        maps = tf.one_hot(tf.fill((24, 40), i), 2)
        np.testing.assert_allclose(parted(network, features, both, maps, alpha), wanted, atol=1e-3)
        alone = parted(network, features, [asked], tf.ones((24, 40, 1)), alpha)
        np.testing.assert_allclose(alone, wanted, atol=1e-3)


def test_regions_stay_in_their_places(network: Fast) -> None:
    """Beyond a few pixels, a region does not know of the other."""
    features, both, reach, alpha = seen(network, 16, 160), [style(), style()], 30, tf.ones(1)
    maps = tf.tile(tf.one_hot(tf.range(160) // 80, 2)[None], (16, 1, 1))
    found = parted(network, features, both, maps, alpha)
    one, other = (network.decode(features, asked).numpy() for asked in both)
    np.testing.assert_allclose(found[:, :, : 80 - reach], one[:, :, : 80 - reach], atol=1e-3)
    np.testing.assert_allclose(found[:, :, 80 + reach :], other[:, :, 80 + reach :], atol=1e-3)
    assert np.abs(one - other).mean() > 0.05


# Descriptions


def test_moments_are_means_and_covariances() -> None:
    features = RNG.normal(1, 2, (2, 6, 5, 4)).astype(np.float32)
    mean, covariance = fast.moments(tf.constant(features))
    for i, flat in enumerate(features.reshape(2, -1, 4)):
        np.testing.assert_allclose(mean[i], flat.mean(0), atol=1e-5)
        np.testing.assert_allclose(covariance[i], np.cov(flat.T, bias=True), atol=1e-4)


def test_a_style_is_described_by_its_statistics_at_two_sizes(network: Fast, lite: FeatureExtractor) -> None:
    """Against NumPy, from lite's features on."""
    rgb, weights = picture(32, 40), {n: w.numpy().astype(float) for n, w in network.weights.items()}
    half = rgb.reshape(1, 16, 2, 20, 2, 3).mean((2, 4))
    numbers = []
    for scale, each in ((1, rgb), (2, half)):
        found = lite.features(tf.constant(each), STYLE_LAYERS)
        for name in STYLE_LAYERS:
            flat = found[name].numpy().astype(float).reshape(-1, found[name].shape[-1])
            sketch, covariance = weights[f"sketch{scale}_{name}/kernel"], np.cov(flat.T, bias=True)
            projected = sketch.T @ covariance @ sketch
            root = projected / np.sqrt(np.abs(projected) + EPSILON)
            numbers += [flat.mean(0), np.sqrt(np.diag(covariance) + EPSILON), root.ravel()]
    hidden = np.concatenate(numbers) @ weights["hidden/kernel"] + weights["hidden/bias"]
    hidden = np.maximum(hidden, 0.2 * hidden)
    description = hidden @ weights["code/kernel"] + weights["code/bias"]
    np.testing.assert_allclose(network.describe(tf.constant(rgb))[0], description, rtol=1e-3, atol=1e-3)
    asked = description @ weights["modulation/kernel"] + weights["modulation/bias"]
    code = tf.constant(description[None], tf.float32)
    np.testing.assert_allclose(network.parameters(code)[0], asked, rtol=1e-3, atol=1e-3)
    assert description.shape == (CODE,) and asked.shape == (PARAMETERS,)


# Filters


def bilinear(x: NDArray[Any]) -> NDArray[Any]:
    """Twice the size, (N, h, w, C): three quarters of the near pixel and one of the next, pixel by pixel."""

    def rows(x: NDArray[Any]) -> NDArray[Any]:
        padded = np.concatenate([x[:, :1], x, x[:, -1:]], 1)
        upper, lower = 0.25 * padded[:, :-2] + 0.75 * x, 0.75 * x + 0.25 * padded[:, 2:]
        return np.stack([upper, lower], 2).reshape(len(x), -1, *x.shape[2:])

    return rows(rows(x).swapaxes(1, 2)).swapaxes(1, 2)


def test_features_are_enlarged_bilinearly() -> None:
    x = RNG.normal(size=(2, 5, 3, 4)).astype(np.float32)
    np.testing.assert_allclose(fast._enlarge(tf.constant(x)), bilinear(x), atol=1e-5)


@pytest.mark.parametrize("size", [(3, 5), (6, 4)])
def test_the_last_convolution_is_that_of_the_enlarged_features(size: tuple[int, int]) -> None:
    x, kernel = RNG.normal(size=(2, *size, 4)), RNG.normal(size=(3, 3, 4, 6))
    large = bilinear(x)
    wanted = np.zeros((*large.shape[:3], 6))
    for i in range(4):
        for o in range(6):
            for n in range(2):
                wanted[n, :, :, o] += correlate(large[n, :, :, i], kernel[:, :, i, o], mode="nearest")
    found = fast._convolve_enlarged(tf.constant(x, tf.float32), tf.constant(kernel, tf.float32))
    np.testing.assert_allclose(found[:, 1:-1, 1:-1], wanted[:, 1:-1, 1:-1], atol=1e-4)


CHECKS = (-1.0) ** np.add.outer(np.arange(16), np.arange(24))
STRIPES = np.tile((-1.0) ** np.arange(24), (16, 1))
SLOPE = np.add.outer(2.0 * np.arange(16), 3.0 * np.arange(24))


def channels(*each: NDArray[Any]) -> Any:
    return tf.constant(np.stack(each, -1)[None], tf.float32)


def test_halving_removes_what_half_the_size_cannot_show_and_keeps_the_rest() -> None:
    found = fast._halve(channels(CHECKS, STRIPES, np.full((16, 24), 3.0), SLOPE)).numpy()[0, 1:-1, 1:-1]
    assert found.shape == (6, 10, 4)
    np.testing.assert_allclose(found[..., :2], 0, atol=1e-5)
    np.testing.assert_allclose(found[..., 2], 3, atol=1e-5)
    middles = SLOPE.reshape(8, 2, 12, 2).mean((1, 3))[1:-1, 1:-1]
    np.testing.assert_allclose(found[..., 3], middles, atol=1e-4)


def test_halving_spreads_a_pixel_by_1_3_3_1() -> None:
    point = np.zeros((16, 24))
    point[8, 8] = 64
    found = fast._halve(channels(point)).numpy()[0, ..., 0]
    np.testing.assert_allclose(found[3:5, 3:5], [[1, 3], [3, 9]], atol=1e-5)  # it is the last of four, or the second
    assert found.sum() == pytest.approx(16)


def test_smoothing_removes_the_finest_patterns_and_keeps_the_rest() -> None:
    found = fast._smooth(channels(CHECKS, STRIPES, np.full((16, 24), 3.0), SLOPE)).numpy()[0, 1:-1, 1:-1]
    np.testing.assert_allclose(found[..., :2], 0, atol=1e-5)
    np.testing.assert_allclose(found[..., 2], 3, atol=1e-5)
    np.testing.assert_allclose(found[..., 3], SLOPE[1:-1, 1:-1], atol=1e-4)


@pytest.mark.parametrize("flat", [fast._halve, fast._smooth, fast._enlarge])
def test_borders_of_a_flat_picture_stay_flat(flat: Any) -> None:
    np.testing.assert_allclose(flat(tf.fill((1, 8, 6, 2), 3.0)), 3, atol=1e-5)


# Other runtimes


@pytest.mark.slow
def test_tflite_has_all_operations_and_agrees_with_tensorflow(network):
    height, width = 24, 32
    specs = [
        tf.TensorSpec((1, height, width, 3), name="rgb"),
        tf.TensorSpec((1, height, width, 1), name="noise"),
        tf.TensorSpec((1, PARAMETERS), name="parameters"),
        tf.TensorSpec((1,), name="alpha"),
    ]
    paint = tf.function(lambda rgb, grain, *rest: network.decode(network.encode(rgb, grain), *rest), specs)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([paint.get_concrete_function()])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    interpreter = tf.lite.Interpreter(model_content=converter.convert())
    interpreter.allocate_tensors()
    given = {"rgb": picture(height, width), "noise": noise(height, width), "parameters": style().numpy()}
    given["alpha"] = np.array([0.7], np.float32)
    for entry in interpreter.get_input_details():
        interpreter.set_tensor(entry["index"], given[entry["name"].removeprefix("serving_default_").partition(":")[0]])
    interpreter.invoke()
    painted = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    np.testing.assert_allclose(painted, paint(*given.values()).numpy(), atol=1e-3)
