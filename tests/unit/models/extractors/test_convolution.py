"""Convolutions and their gradients, in both ways, against TensorFlow's own."""

import numpy as np
import pytest
import tensorflow as tf

from nst.models.extractors import convolution
from nst.models.extractors.convolution import convolve

Tensor = tf.Tensor


def random(*shape: int) -> Tensor:
    return tf.constant(np.random.default_rng(len(shape)).normal(size=shape), tf.float32)


@pytest.mark.parametrize("onednn", [False, True])
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("size", [(12, 17), (7, 3), (3, 5)])
def test_values_and_gradients_are_tensorflows(
    onednn: bool, padding: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convolution._pywrap_util_port, "IsMklEnabled", lambda: onednn)
    x, kernel = random(2, *size, 5), random(3, 3, 5, 4)

    @tf.function(input_signature=[tf.TensorSpec((None, None, None, 5)), tf.TensorSpec((3, 3, 5, 4))])
    def ours(x: Tensor, kernel: Tensor) -> tuple[Tensor, list[Tensor]]:
        with tf.GradientTape() as tape:
            tape.watch([x, kernel])
            found = convolve(x, kernel, padding)
            loss = tf.reduce_sum(tf.sin(found))
        return found, tape.gradient(loss, [x, kernel])

    with tf.GradientTape() as tape:
        tape.watch([x, kernel])
        expected = tf.nn.conv2d(x, kernel, 1, padding)
        loss = tf.reduce_sum(tf.sin(expected))
    found, gradients = ours(x, kernel)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    for gradient, other in zip(gradients, tape.gradient(loss, [x, kernel]), strict=True):
        np.testing.assert_allclose(gradient, other, rtol=1e-4, atol=1e-5)


def test_tensorflow_tells_which_library_it_uses() -> None:
    assert convolution._pywrap_util_port.IsMklEnabled() in {True, False}


def test_bfloat16_is_left_to_tensorflow() -> None:
    x, kernel = tf.cast(random(1, 9, 8, 5), tf.bfloat16), tf.cast(random(3, 3, 5, 4), tf.bfloat16)
    np.testing.assert_array_equal(
        tf.cast(convolve(x, kernel, "SAME"), tf.float32), tf.cast(tf.nn.conv2d(x, kernel, 1, "SAME"), tf.float32)
    )
