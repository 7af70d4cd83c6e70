"""Adaptive instance normalization: give the channels of a layer the means and deviations that a style asks for.

Over a whole picture, each channel's mean and deviation become the requested ones (Huang & Belongie 2017,
arXiv:1703.06868, equation 8). For a picture in regions, these numbers are noted for each region, as if the whole
picture were painted in its style, and then mixed pixel by pixel by the regions' maps. Inside a region the result equals
the one of a picture in a single style; on a border the styles meet in the features, not in the pixels.

The statistics of a picture can be measured once and given to another one, so that the frames of a film or the sprites
of a game are normalized alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs
Moments = tuple[Tensor, Tensor]  # channel means and variances (C,) of a layer

EPSILON = 1e-3  # added to variances, for channels that are flat


class Normalizer:
    """Instance normalization with measured or with given statistics."""

    def __init__(self, given: Mapping[str, Moments] | None = None) -> None:
        """`given` holds the statistics of every layer by name; None measures them in each picture."""
        self._given = given
        self.measured: dict[str, Moments] = {}  # by layer, of the last picture of a batch; or as given

    def __call__(self, x: Tensor, name: str, scale: Tensor, offset: Tensor) -> Tensor:
        """Give features x (N, h, w, C) the deviations `scale` and the means `offset` (N, C)."""
        # Batch normalization of a single picture is instance normalization, in one fused operation.
        count = scale.shape[0]
        pictures = [self._one(x[i : i + 1] if count > 1 else x, name, scale[i], offset[i]) for i in range(count)]
        return tf.concat(pictures, 0) if count > 1 else pictures[0]

    def _one(self, x: Tensor, name: str, scale: Tensor, offset: Tensor) -> Tensor:
        if self._given is not None:
            mean, variance = self.measured[name] = self._given[name]
            found, *_ = tf.compat.v1.nn.fused_batch_norm(x, scale, offset, mean, variance, EPSILON, is_training=False)
            return found
        found, mean, corrected = tf.compat.v1.nn.fused_batch_norm(x, scale, offset, epsilon=EPSILON)
        locations = tf.cast(tf.shape(x)[1] * tf.shape(x)[2], tf.float32)
        self.measured[name] = mean, corrected * (locations - 1) / locations  # TensorFlow applies Bessel's correction
        return found


class Modulation:
    """Normalizes layers to the channel means and deviations that styles ask for."""

    def __init__(self, channels: Mapping[str, int], parameters: Tensor, normalizer: Normalizer) -> None:
        """`channels` of the layers by name; `parameters` (N, 2 * all channels): deviations less 1, and means."""
        split = tf.split(parameters, [2 * width for width in channels.values()], -1)
        self._parameters = dict(zip(channels, split, strict=True))
        self._normalizer = normalizer

    def __call__(self, x: Tensor, name: str) -> Tensor:
        """Modulate features x (N, h, w, C) of the layer `name`."""
        return self._normalizer(x, name, *self.asked(name))

    def asked(self, name: str) -> tuple[Tensor, Tensor]:
        """Deviations and means (N, C) for a layer."""
        scale, offset = tf.split(self._parameters[name], 2, -1)
        return scale + 1.0, offset

    def noted(self, name: str) -> Tensor:
        """Measured mean and deviation, requested deviation and mean of a layer of one picture: (1, 4 * C)."""
        mean, variance = self._normalizer.measured[name]
        return tf.concat([mean[None], tf.sqrt(variance + EPSILON)[None], *self.asked(name)], 1)


class Placed:
    """Modulation by several styles, each in its region, from what Modulation.noted() says of them.

    On borders, the measured statistics are mixed as well as the requested ones, so that mixed features are normalized
    as such. Mixing gains instead would amplify the features of the region where they are larger.
    """

    def __init__(self, channels: Mapping[str, int], noted: Tensor, maps: Mapping[str, Tensor]) -> None:
        """`noted` (regions, 4 * all channels); `maps` (h, w, regions) by layer, of the size of its features."""
        regions = tf.split(noted, [4 * width for width in channels.values()], -1)
        self._noted = dict(zip(channels, regions, strict=True))
        self._maps = maps

    def __call__(self, x: Tensor, name: str) -> Tensor:
        """Modulate features x (1, h, w, C) of the layer `name`."""
        noted = tf.split(self._noted[name], 4, -1)
        mean, deviation, scale, offset = (tf.tensordot(self._maps[name], each, 1) for each in noted)
        exact = tf.cast(x, tf.float32)
        return tf.cast((exact - mean) / deviation * scale + offset, x.dtype)
