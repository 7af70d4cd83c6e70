"""fast as traced TensorFlow functions, with one trace each for all image sizes.

All values that change between calls are arguments, because TensorFlow never frees a trace. Functions with the suffix
`_alike` take statistics to normalize by in place of the image's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from nst.models.stylizers import fast
from nst.models.stylizers.fast import Fast, Features
from nst.models.stylizers.modulation import Normalizer
from nst.models.stylizers.statistics import SIZE, by_layer, joined

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs


class FastTraces:
    """Traced functions of a network, for the steps of stylizing one image at a time."""

    def __init__(self, network: Fast) -> None:
        self._network = network
        floats, pixels = tf.TensorSpec((1, None, None, 3)), tf.TensorSpec((1, None, None, 3), "uint8")
        noise, statistics, alpha = tf.TensorSpec((1, None, None, 1)), tf.TensorSpec((SIZE,)), tf.TensorSpec((1,))
        features = tuple(tf.TensorSpec((1, None, None, width), network.dtype) for width in fast.WIDTHS)
        code = tf.TensorSpec((1, 2 * sum(fast.modulated().values())))
        deep = tf.TensorSpec((None, None, None, fast.WIDTHS[-1]), network.dtype)
        normalization = tf.TensorSpec((None, 4 * sum(fast.decoder_layers().values())))
        maps = tf.TensorSpec((None, None, None))
        self.describe = _traced(self._describe, floats)
        self.encode = _traced(self._encode, pixels, noise)
        self.encode_alike = _traced(self._encode, pixels, noise, statistics)
        self.paint = _traced(self._paint, features, code)
        self.decode = _traced(self._decode, features, code, alpha)
        self.decode_alike = _traced(self._decode, features, code, alpha, statistics)
        self.measure = _traced(self._measure, pixels, noise, code, alpha)
        self.prepare_region = _traced(self._prepare_region, features, code, alpha)
        self.prepare_region_alike = _traced(self._prepare_region, features, code, alpha, statistics)
        self.decode_regions = _traced(network.decode_regions, features, deep, normalization, maps, alpha)

    def _describe(self, style: Tensor) -> tuple[Tensor, Tensor]:
        """Return the description (1, CODE) of a style image and its style code, the modulation parameters."""
        description = self._network.describe(style)
        return description, self._network.parameters(description)

    def _encode(self, photo: Tensor, noise: Tensor, statistics: Tensor | None = None) -> Features:
        return self._network.encode(tf.cast(photo, "float32") / 255, noise, _normalizer(statistics))

    def _paint(self, features: Features, code: Tensor) -> Tensor:
        """Decode to uint8 RGB at full strength. The conversion is traced, because most video frames take this path."""
        painted = tf.clip_by_value(self._network.decode(features, code), 0.0, 1.0)
        return tf.cast(painted * 255 + 0.5, "uint8")

    def _decode(self, features: Features, code: Tensor, alpha: Tensor, statistics: Tensor | None = None) -> Tensor:
        return self._network.decode(features, code, alpha, _normalizer(statistics))

    def _measure(self, photo: Tensor, noise: Tensor, code: Tensor, alpha: Tensor) -> Tensor:
        normalizer = Normalizer()
        features = self._network.encode(tf.cast(photo, "float32") / 255, noise, normalizer)
        self._network.decode(features, code, alpha, normalizer)
        return joined(normalizer.measured)

    def _prepare_region(
        self, features: Features, code: Tensor, alpha: Tensor, statistics: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        return self._network.prepare_region(features, code, alpha, _normalizer(statistics))


def _normalizer(statistics: Tensor | None) -> Normalizer:
    return Normalizer(None if statistics is None else by_layer(statistics))


def _traced(function: Callable[..., Any], *signature: Any) -> Any:
    return tf.function(function, input_signature=signature)
