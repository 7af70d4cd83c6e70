"""Adaptive instance normalization: set channel means and standard deviations to those requested by a style.

For a whole image, each channel's mean and standard deviation become the requested ones (Huang & Belongie 2017,
arXiv:1703.06868, equation 8). For an image with regions, the statistics are recorded for each region with its style
on the whole image, and then blended pixel by pixel by the regions' maps. Inside a region the result equals that of a
single style; at borders the styles are blended in the features, not in the pixels.

Statistics can be measured in one image and used for others, so that the frames of a film or the sprites of a game get
the same normalization.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs
ChannelMoments = tuple[Tensor, Tensor]  # channel means and variances (C,) of a layer, in this order

EPSILON = 1e-3  # added to variances, for constant channels


class Normalizer:
    """Instance normalization with measured or given statistics."""

    def __init__(self, given: Mapping[str, ChannelMoments] | None = None) -> None:
        """Use the statistics `given` for every layer by name, or measure them in each image if None."""
        self._given = given
        self.measured: dict[str, ChannelMoments] = {}  # by layer, of the last image of a batch; or as given

    def __call__(self, x: Tensor, name: str, scale: Tensor, offset: Tensor) -> Tensor:
        """Normalize features x (N, h, w, C) to the standard deviations `scale` and means `offset`, both (N, C)."""
        # Batch normalization of a single image is instance normalization, as one fused operation.
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
    """Modulation of layers by one style per image, with a Normalizer."""

    def __init__(self, channels: Mapping[str, int], parameters: Tensor, normalizer: Normalizer) -> None:
        """Split `parameters` (N, 2 * all channels) by layer: per layer, standard deviations minus 1, then means."""
        split = tf.split(parameters, [2 * width for width in channels.values()], -1)
        self._parameters = dict(zip(channels, split, strict=True))
        self._normalizer = normalizer

    def __call__(self, x: Tensor, name: str) -> Tensor:
        """Modulate features x (N, h, w, C) of the layer `name`."""
        return self._normalizer(x, name, *self.requested(name))

    def requested(self, name: str) -> tuple[Tensor, Tensor]:
        """Return the requested standard deviations and means (N, C) of a layer."""
        scale, offset = tf.split(self._parameters[name], 2, -1)
        return scale + 1.0, offset

    def normalization(self, name: str) -> Tensor:
        """Return the statistics of a layer for one image (1, 4 * C), after the layer has run.

        Concatenates the measured means and standard deviations, and the requested standard deviations and means.
        """
        mean, variance = self._normalizer.measured[name]
        return tf.concat([mean[None], tf.sqrt(variance + EPSILON)[None], *self.requested(name)], 1)


class RegionModulation:
    """Modulation of layers of one image by several styles, each in its region.

    At borders, both measured and requested statistics are blended, so that blended features are normalized by blended
    statistics. Blending the gains instead would amplify the region with the larger features.
    """

    def __init__(self, channels: Mapping[str, int], normalization: Tensor, maps: Mapping[str, Tensor]) -> None:
        """Split `normalization` (regions, 4 * all channels), from Modulation.normalization(), by layer.

        `channels` are the channel counts by layer; `maps` holds the weights (h, w, regions) by layer, with sum 1.
        """
        regions = tf.split(normalization, [4 * width for width in channels.values()], -1)
        self._normalization = dict(zip(channels, regions, strict=True))
        self._maps = maps

    def __call__(self, x: Tensor, name: str) -> Tensor:
        """Modulate features x (1, h, w, C) of the layer `name`."""
        statistics = tf.split(self._normalization[name], 4, -1)
        mean, deviation, scale, offset = (tf.tensordot(self._maps[name], each, 1) for each in statistics)
        exact = tf.cast(x, tf.float32)
        return tf.cast((exact - mean) / deviation * scale + offset, x.dtype)
