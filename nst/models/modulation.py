"""What a style does to the features of fast: adaptive instance normalization, over all of a picture or place by place.

Over all of it, each channel's mean and deviation become those that the style asks for. For a picture in parts these
numbers are noted for each part, as if all of the picture were painted like it, and then mixed place by place by the
parts' maps. So the inside of a part looks as it does where everything is painted alike, and on a border the styles
meet in the features, not in the pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs

EPSILON = 1e-3  # of variances, for channels that are flat


class Modulation:
    """Gives layers the channel means and deviations that codes ask for, as far as alpha says."""

    def __init__(self, channels: Mapping[str, int], parameters: Tensor, alpha: Tensor | None) -> None:
        """`channels` of the layers by name, `parameters` (N, 2 * all channels), strengths `alpha` (N,), None for 1."""
        split = tf.split(parameters, [2 * width for width in channels.values()], -1)
        self._parameters = dict(zip(channels, split, strict=True))
        self._alpha, self._count = alpha, parameters.shape[0]

    def __call__(self, x: Tensor, name: str) -> Tensor:
        """Features x (N, h, w, C) of the layer of that name."""
        scale, offset = self._asked(name)
        # One picture at a time this is a batch normalization, which is a single fused operation.
        pictures = [normalized(x[i : i + 1], scale[i], offset[i])[0] for i in range(self._count)]
        asked = tf.concat(pictures, 0) if self._count > 1 else pictures[0]
        if self._alpha is None:
            return asked
        return asked + tf.cast(1.0 - self._alpha, x.dtype)[:, None, None, None] * x

    def _asked(self, name: str) -> tuple[Tensor, Tensor]:
        """Deviations and means (N, C) that a layer is to have, times alpha."""
        scale, offset = tf.split(self._parameters[name], 2, -1)
        scale += 1.0
        return (scale, offset) if self._alpha is None else (self._alpha[:, None] * scale, self._alpha[:, None] * offset)


class Noting(Modulation):
    """A Modulation of one picture that notes what there was in each layer, and what was asked for."""

    def __init__(self, channels: Mapping[str, int], parameters: Tensor) -> None:
        super().__init__(channels, parameters, None)
        # By layer, for each channel: mean and deviation that were there, deviation and mean asked for: (1, 4 * C).
        self.noted: dict[str, Tensor] = {}

    def __call__(self, x: Tensor, name: str) -> Tensor:
        scale, offset = self._asked(name)
        asked, mean, variance = normalized(x, scale[0], offset[0])
        self.noted[name] = tf.concat([mean[None], tf.sqrt(variance + EPSILON)[None], scale, offset], 1)
        return asked


class Placed:
    """What several Noting ones asked for, each in its place.

    Where places meet, what was there is mixed as well as what is asked for: so features that are mixtures themselves
    are normalized as such. Mixtures of gains would blow up what comes from a part with larger features.
    """

    def __init__(self, channels: Mapping[str, int], noted: Tensor, maps: Mapping[int, Tensor]) -> None:
        """`noted` (parts, 4 * all channels); `maps` (h, w, parts) by how many channels features of their size have."""
        parts = tf.split(noted, [4 * width for width in channels.values()], -1)
        self._noted = dict(zip(channels, parts, strict=True))
        self._maps = maps

    def __call__(self, x: Tensor, name: str) -> Tensor:
        """Features x (1, h, w, C) of the layer of that name."""
        shares = self._maps[x.shape[-1]]
        noted = tf.split(self._noted[name], 4, -1)
        mean, deviation, scale, offset = (tf.tensordot(shares, each, 1) for each in noted)
        exact = tf.cast(x, tf.float32)
        return tf.cast((exact - mean) / deviation * scale + offset, x.dtype)


def normalized(x: Tensor, scale: Tensor, offset: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Features x (1, h, w, C) with deviations `scale` and means `offset` (C,); the means and variances they had."""
    found, mean, corrected = tf.compat.v1.nn.fused_batch_norm(x, scale, offset, epsilon=EPSILON)
    count = tf.cast(tf.shape(x)[1] * tf.shape(x)[2], tf.float32)
    return found, mean, corrected * (count - 1) / count  # it says the variance of more than what it has seen
