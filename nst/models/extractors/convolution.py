"""3x3 convolutions and their gradients, each by TensorFlow's faster operation.

The gradient of a convolution is a convolution with the rotated kernel, and vice versa. TensorFlow has an operation for
each, and one of the two is slow in float32 on CPUs: Eigen's gradient takes up to four times as long as its convolution;
oneDNN's convolution, for which the kernel's memory layout is unsuitable, takes twice as long as its gradient. The
library in use depends on the CPU. In bfloat16 both operations are fast.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf
from tensorflow.python.util import _pywrap_util_port  # no public API names the library in use

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs


def convolve(x: Tensor, kernel: Tensor, padding: str) -> Tensor:
    """Convolve x (N, H, W, in) by a kernel (3, 3, in, out) with stride 1; `padding` is "SAME" or "VALID"."""
    if x.dtype != tf.float32:
        return tf.nn.conv2d(x, kernel, 1, padding)
    forward, backward = _ONEDNN if _pywrap_util_port.IsMklEnabled() else _EIGEN

    @tf.custom_gradient
    def convolved(x: Tensor, kernel: Tensor) -> tuple[Tensor, Callable[[Tensor], tuple[Tensor, Tensor]]]:
        def gradient(upstream: Tensor) -> tuple[Tensor, Tensor]:
            # Needed in training only; a traced function prunes this operation when unused.
            to_kernel = tf.raw_ops.Conv2DBackpropFilter(
                input=x, filter_sizes=tf.shape(kernel), out_backprop=upstream, strides=[1] * 4, padding=padding
            )
            return backward(upstream, kernel, padding), to_kernel

        return forward(x, kernel, padding), gradient

    features: Tensor = convolved(x, kernel)
    return features


def _convolution(x: Tensor, kernel: Tensor, padding: str) -> Tensor:
    return tf.nn.conv2d(x, kernel, 1, padding)


def _convolution_by_gradient(x: Tensor, kernel: Tensor, padding: str) -> Tensor:
    shape = tf.concat([tf.shape(x)[:3], tf.shape(kernel)[3:]], 0)
    # "SAME" and cropped, because oneDNN is slow at gradients with explicit margins.
    same = tf.nn.conv2d_transpose(x, _rotated(kernel), shape, 1, "SAME")
    return same if padding == "SAME" else same[:, 1:-1, 1:-1]


def _gradient(upstream: Tensor, kernel: Tensor, padding: str) -> Tensor:
    n, height, width, _ = tf.unstack(tf.shape(upstream))
    margin = 0 if padding == "SAME" else 2
    shape = [n, height + margin, width + margin, tf.shape(kernel)[2]]
    return tf.nn.conv2d_transpose(upstream, kernel, shape, 1, padding)


def _gradient_by_convolution(upstream: Tensor, kernel: Tensor, padding: str) -> Tensor:
    margin = [1, 1] if padding == "SAME" else [2, 2]
    return tf.nn.conv2d(upstream, _rotated(kernel), 1, [[0, 0], margin, margin, [0, 0]])


def _rotated(kernel: Tensor) -> Tensor:
    """Return the kernel of the input gradient: rotated by 180 degrees, with input and output channels swapped."""
    return tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2])


_EIGEN = _convolution, _gradient_by_convolution
_ONEDNN = _convolution_by_gradient, _gradient
