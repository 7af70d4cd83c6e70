"""3x3 convolutions and their gradients, each by the way in which TensorFlow is fast at it.

The gradient of a convolution is a convolution with the kernel turned around, and the other way about. TensorFlow has an
operation for each of the two, and one of them is slow in float32 on a processor: Eigen's gradient takes up to four
times as long as its convolution, and oneDNN's convolution, which wants its kernel in another order but gets it as it
lies in memory, twice as long as its gradient. Which of the libraries is at work depends on the processor.
In bfloat16 both are fast.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf
from tensorflow.python.util import _pywrap_util_port  # nothing that is public tells which library is at work

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs


def convolve(x: Tensor, kernel: Tensor, padding: str) -> Tensor:
    """tf.nn.conv2d of x (N, H, W, in) with a kernel (3, 3, in, out) and stride 1; `padding` is "SAME" or "VALID"."""
    if x.dtype != tf.float32:
        return tf.nn.conv2d(x, kernel, 1, padding)
    there, back = _ONEDNN if _pywrap_util_port.IsMklEnabled() else _EIGEN

    @tf.custom_gradient
    def convolved(x: Tensor, kernel: Tensor) -> tuple[Tensor, Callable[[Tensor], tuple[Tensor, Tensor]]]:
        def gradient(upstream: Tensor) -> tuple[Tensor, Tensor]:
            # The second is for trainings; where nobody asks for it, it is never computed.
            to_kernel = tf.raw_ops.Conv2DBackpropFilter(
                input=x, filter_sizes=tf.shape(kernel), out_backprop=upstream, strides=[1] * 4, padding=padding
            )
            return back(upstream, kernel, padding), to_kernel

        return there(x, kernel, padding), gradient

    found: Tensor = convolved(x, kernel)
    return found


def _convolution(x: Tensor, kernel: Tensor, padding: str) -> Tensor:
    return tf.nn.conv2d(x, kernel, 1, padding)


def _convolution_by_gradient(x: Tensor, kernel: Tensor, padding: str) -> Tensor:
    shape = tf.concat([tf.shape(x)[:3], tf.shape(kernel)[3:]], 0)
    # Cropped, because oneDNN is slow at gradients with margins of their own.
    same = tf.nn.conv2d_transpose(x, _turned(kernel), shape, 1, "SAME")
    return same if padding == "SAME" else same[:, 1:-1, 1:-1]


def _gradient(upstream: Tensor, kernel: Tensor, padding: str) -> Tensor:
    n, height, width, _ = tf.unstack(tf.shape(upstream))
    margin = 0 if padding == "SAME" else 2
    shape = [n, height + margin, width + margin, tf.shape(kernel)[2]]
    return tf.nn.conv2d_transpose(upstream, kernel, shape, 1, padding)


def _gradient_by_convolution(upstream: Tensor, kernel: Tensor, padding: str) -> Tensor:
    margin = [1, 1] if padding == "SAME" else [2, 2]
    return tf.nn.conv2d(upstream, _turned(kernel), 1, [[0, 0], margin, margin, [0, 0]])


def _turned(kernel: Tensor) -> Tensor:
    """The kernel of the gradient."""
    return tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2])


_EIGEN = _convolution, _gradient_by_convolution
_ONEDNN = _convolution_by_gradient, _gradient
