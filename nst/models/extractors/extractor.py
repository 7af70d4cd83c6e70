"""Feature extractors: chains of 3x3 convolutions in blocks.

VGG19 (Simonyan & Zisserman 2015) and lite share this structure and differ in widths, weights and preprocessing. Layers
have Keras' names, `block{b}_conv{c}`. Features are taken after the ReLU, so that oneDNN can fuse convolution, bias and
ReLU.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from nst.models.extractors.architecture import Architecture
from nst.models.extractors.convolution import convolve

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs


@dataclass(frozen=True, eq=False)
class FeatureExtractor:
    """A network with weights that maps images to features by layer name.

    `weights` maps layer names to (kernel (3, 3, in, out), bias (out,)), float32 or already in `dtype`. Pass
    tf.Variables to train the network. Convolutions run in `dtype`.
    """

    architecture: Architecture
    weights: Mapping[str, tuple[Tensor, Tensor]]
    pooling: str = "average"
    dtype: str = "float32"

    @property
    def name(self) -> str:
        return self.architecture.name

    def features(self, rgb: Tensor, layers: Iterable[str]) -> dict[str, Tensor]:
        """Return the features of `layers` for float32 RGB in [0, 1], shape (N, H, W, 3).

        Features are float32 of shape (N, ceil(H / 2^b), ceil(W / 2^b), channels), with b pooling steps before the
        layer. The network is cut after the deepest of `layers`.
        """
        return {name: tf.cast(found, tf.float32) for name, found in self.computed_features(rgb, layers).items()}

    def computed_features(self, rgb: Tensor, layers: Iterable[str]) -> dict[str, Tensor]:
        """Return features() in `dtype`, without the cast to float32; losses and gram() do that themselves."""
        wanted = set(layers)
        found: dict[str, Tensor] = {}
        x = tf.cast(self._preprocess(rgb), self.dtype)
        for name in self.architecture.kernel_shapes(self.architecture.deepest(wanted)):
            if name.endswith("conv1") and name != self.architecture.layers[0]:
                x = self._pool(x)
            kernel, bias = (tf.cast(w, self.dtype) for w in self.weights[name])
            x = tf.nn.relu(tf.nn.bias_add(self._convolve(x, kernel), bias))
            if name in wanted:
                found[name] = x
        return found

    def _preprocess(self, rgb: Tensor) -> Tensor:
        """Return the input of the first convolution, in float32 because bfloat16 would round the pixel values."""
        ordered = rgb[..., ::-1] if self.architecture.bgr else rgb
        return ordered * self.architecture.scale - tf.constant(self.architecture.mean)

    def _convolve(self, x: Tensor, kernel: Tensor) -> Tensor:
        if self.architecture.padding == "zero":
            return convolve(x, kernel, "SAME")
        return convolve(mirror_borders(x), kernel, "VALID")

    def _pool(self, x: Tensor) -> Tensor:
        pool = tf.nn.avg_pool2d if self.pooling == "average" else tf.nn.max_pool2d
        return pool(x, 2, 2, "SAME")


def mirror_borders(x: Tensor, before: int = 1) -> Tensor:
    """Pad features (N, H, W, C) by mirroring, by one row at the bottom and one column at the right.

    `before` (0 or 1) is the number of rows added at the top and columns added at the left. The result equals that of
    tf.pad(..., "SYMMETRIC"), in half the time; the gradient is that of tf.pad, which is the fastest.
    """

    @tf.custom_gradient
    def mirrored(x: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
        def gradient(upstream: Tensor) -> Tensor:
            margins = [[0, 0], [before, 1], [before, 1], [0, 0]]
            return tf.raw_ops.MirrorPadGrad(input=upstream, paddings=margins, mode="SYMMETRIC")

        taller = tf.concat([x[:, :before], x, x[:, -1:]], 1)
        return tf.concat([taller[:, :, :before], taller, taller[:, :, -1:]], 2), gradient

    padded: Tensor = mirrored(x)
    return padded
