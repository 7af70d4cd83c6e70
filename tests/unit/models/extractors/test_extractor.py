"""Features against oracles that share no code with nst: a convolution in NumPy, and Keras' own VGG19."""

from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from nst.models.extractors import networks
from nst.models.extractors.extractor import FeatureExtractor, mirror_borders
from nst.models.extractors.lite import LITE
from nst.models.extractors.vgg19 import VGG19

Array = np.ndarray


def picture(height: int, width: int) -> Array:
    """float32 RGB in [0, 1], (height, width, 3): smooth colors and noise, all channels different."""
    y, x = np.mgrid[0:height, 0:width] / max(height, width)
    smooth = np.stack([x, y, 0.5 + 0.5 * np.sin(9 * x * y)], -1)
    return (0.8 * smooth + 0.2 * np.random.default_rng(3).random((height, width, 3))).astype(np.float32)


def extractor(file: Path, deepest: str, pooling: str, dtype: str = "float32") -> FeatureExtractor:
    layers = ((deepest, 1.0),)
    return networks.load(networks.choose("vgg19", layers, layers, str(file)), pooling, dtype)


def convolve(x: Array, kernel: Array, bias: Array, padding: str = "constant") -> Array:
    """ReLU of a 3x3 correlation, padded with zeros or as np.pad names it, float64: (H, W, in) to (H, W, out)."""
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)), padding)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (0, 1))  # (H, W, in, 3, 3)
    return np.maximum(np.einsum("hwcij,ijco->hwo", windows, kernel, optimize=True) + bias, 0)


def halve(x: Array, reduce: np.ufunc) -> Array:
    """2x2 pooling; at an odd edge over what is there."""
    height, width, channels = x.shape
    padded = np.pad(x, ((0, height % 2), (0, width % 2), (0, 0)), constant_values=np.nan)
    return reduce(padded.reshape(len(padded) // 2, 2, -1, 2, channels), axis=(1, 3))


def oracle(file: Path, rgb: Array, reduce: np.ufunc) -> Iterator[tuple[str, Array]]:
    weights = np.load(file)
    x = (rgb.astype(np.float64) * 255)[:, :, [2, 1, 0]] - [103.939, 116.779, 123.68]
    for block, count in ((1, 2), (2, 2), (3, 4)):
        for conv in range(1, count + 1):
            name = f"block{block}_conv{conv}"
            x = convolve(x, weights[f"{name}/kernel"], weights[f"{name}/bias"])
            yield name, x
        x = halve(x, reduce)


@pytest.mark.parametrize(("pooling", "reduce"), [("average", np.nanmean), ("max", np.nanmax)])
def test_real_vgg19_agrees_with_a_convolution_in_numpy(real_blocks: Path, pooling: str, reduce: np.ufunc) -> None:
    rgb = picture(22, 35)  # halves to 11 x 18 and 6 x 9: odd edges are among them
    expected = dict(oracle(real_blocks, rgb, reduce))
    features = extractor(real_blocks, "block3_conv4", pooling).features(rgb[None], expected)
    assert list(features) == list(expected)
    for name, wanted in expected.items():
        got = np.asarray(features[name])[0]
        assert got.dtype == np.float32
        assert wanted.max() > 100  # features of real weights, on the scale that published recipes count on
        np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-5 * wanted.max(), err_msg=name)


@pytest.fixture(scope="module")
def keras_vgg19(tmp_path_factory: pytest.TempPathFactory) -> tuple[keras.Model, Path]:
    """Keras' VGG19 with seeded weights (real ones of blocks 4-5 are not at hand), and the file it saves."""
    keras.utils.set_random_seed(7)
    model = keras.applications.VGG19(weights=None, include_top=False, input_shape=(64, 96, 3))
    rng = np.random.default_rng(7)
    for layer in model.layers:
        if layer.weights:
            kernel, bias = layer.get_weights()
            layer.set_weights([kernel * 1.5, rng.normal(0, 2, bias.shape)])
    file = tmp_path_factory.mktemp("keras") / "vgg19.weights.h5"
    model.save_weights(file)
    return model, file


def test_whole_vgg19_agrees_with_keras(keras_vgg19: tuple[keras.Model, Path]) -> None:
    model, file = keras_vgg19
    rgb = picture(64, 96)[None]
    inspector = keras.Model(model.inputs[0], {name: model.get_layer(name).output for name in VGG19.layers})
    expected = inspector(keras.applications.vgg19.preprocess_input(rgb * 255))
    features = extractor(file, "block5_conv4", "max").features(rgb, VGG19.layers)
    for name in VGG19.layers:
        wanted = np.asarray(expected[name])
        assert wanted.std() > 0.1
        np.testing.assert_allclose(features[name], wanted, rtol=1e-3, atol=1e-4 * wanted.max(), err_msg=name)


def test_bfloat16_stays_near_float32(keras_vgg19: tuple[keras.Model, Path]) -> None:
    rgb = picture(64, 96)[None]
    exact = extractor(keras_vgg19[1], "block5_conv4", "average").features(rgb, VGG19.layers)
    coarse = extractor(keras_vgg19[1], "block5_conv4", "average", "bfloat16").features(rgb, VGG19.layers)
    for name in VGG19.layers:
        off = np.linalg.norm(coarse[name] - exact[name]) / np.linalg.norm(exact[name])
        assert np.asarray(coarse[name]).dtype == np.float32
        assert 0 < off < 0.03, f"{name}: {off:.3f}"


def test_network_is_cut_after_the_deepest_layer() -> None:
    shapes = LITE.kernel_shapes("block2_conv1")
    weights = {name: (np.ones(shape, np.float32), np.zeros(shape[-1:], np.float32)) for name, shape in shapes.items()}
    features = FeatureExtractor(LITE, weights).features(picture(16, 16)[None], ["block2_conv1", "block1_conv1"])
    assert {name: tuple(value.shape) for name, value in features.items()} == {
        "block1_conv1": (1, 16, 16, 32),
        "block2_conv1": (1, 8, 8, 64),
    }


def test_lite_sees_its_picture_mirrored_beyond_the_borders() -> None:
    names = ("block1_conv1", "block1_conv2", "block2_conv1")
    rng = np.random.default_rng(5)
    shapes = LITE.kernel_shapes(names[-1])
    weights = {n: (rng.normal(0, 0.2, s), rng.normal(0, 0.1, s[-1])) for n, s in shapes.items()}
    tensors = {n: (kernel.astype(np.float32), bias.astype(np.float32)) for n, (kernel, bias) in weights.items()}
    rgb = picture(16, 23)
    x = rgb.astype(np.float64) * 4 - 2
    for name in names:
        x = convolve(halve(x, np.nanmean) if name == "block2_conv1" else x, *weights[name], "symmetric")
        got = np.asarray(FeatureExtractor(LITE, tensors).features(rgb[None], [name])[name])[0]
        np.testing.assert_allclose(got, x, rtol=1e-4, atol=1e-4, err_msg=name)


def test_lite_ships_whole_and_sees_colors() -> None:
    network = networks.load(networks.choose("lite", None, ((LITE.layers[-1], 1.0),)), "average", "float32")
    rgb = picture(48, 64)
    here, there = (network.features(x[None], LITE.layers) for x in (rgb, rgb[..., ::-1].copy()))
    for name in LITE.layers:
        values = np.asarray(here[name])
        assert np.isfinite(values).all()
        assert 0.05 < values.mean() < 20, name  # scaled to a mean of about one for photos
        assert np.abs(values - there[name]).max() > 0.1, name


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("size", [(1, 2), (4, 5)])
def test_borders_are_mirrored_as_by_tensorflow_itself(before: int, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(5)
    x = tf.constant(rng.normal(size=(2, *size, 3)), tf.float32)
    margins = [[0, 0], [before, 1], [before, 1], [0, 0]]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        found, wanted = mirror_borders(x, before), tf.pad(x, margins, "SYMMETRIC")
        losses = [tf.reduce_sum(tf.square(padded) * tf.range(1.0, 4.0)) for padded in (found, wanted)]
    np.testing.assert_array_equal(found, wanted)
    np.testing.assert_allclose(*(tape.gradient(loss, x) for loss in losses), rtol=1e-6)
