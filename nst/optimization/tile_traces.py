"""TensorFlow functions of nst.optimization.tiled_objective, for single tiles and for sums over all tiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import tensorflow as tf

from nst.models.extractors.extractor import FeatureExtractor
from nst.optimization.losses import (
    Formulation,
    Tensor,
    each_loss,
    gram,
    guided_gram_sums,
    per_location,
    squared_error,
    weighted_mean,
)
from nst.optimization.objective import blocks_of


class TileTraces:
    """TensorFlow functions shared by all TiledObjectives of the same extractor, layers and formulation.

    `content` and `style` are the names of the compared layers. With `parts`, the functions are for images with regions.
    """

    def __init__(
        self,
        network: FeatureExtractor,
        content: tuple[str, ...],
        style: tuple[str, ...],
        formulation: Formulation,
        parts: bool,
    ) -> None:
        self._network, self._content, self._style, self._parts = network, content, style, parts
        self.blocks = blocks_of(network, style)
        self.levels = 1 + max(self.blocks)
        self._formulation = formulation
        shapes = network.architecture.kernel_shapes()
        part = [tf.TensorSpec((None, None, 3)), tf.TensorSpec((4,), tf.int32)]
        features = tuple(tf.TensorSpec((1, None, None, shapes[name][-1]), network.dtype) for name in content)
        each = (None,) if parts else ()
        sides = [shapes[name][-1] + formulation.means for name in style]
        grams = [tf.TensorSpec((*each, side, side)) for side in sides]
        maps = (tf.TensorSpec((None, None, None)),) * (self.levels + 1) if parts else ()
        errors, number, numbers = tf.TensorSpec((len(content),)), tf.TensorSpec(()), tf.TensorSpec(each)
        sums = (grams, errors, number)
        weights = (number, numbers) if parts else tf.TensorSpec((3,))
        layers = [tf.TensorSpec((length,)) for length in (len(content), len(style))]

        def traced(function: Callable[..., Any], *signature: Any) -> Any:
            return tf.function(function, input_signature=signature)

        self.content = traced(self._content_of, *part)
        self.gram_sums = traced(self._gram_sums_of, *part)
        self.look = traced(self._sums, *part, features, maps)
        self.scales = traced(self._formulation.content_scale, errors, errors)
        measures = [numbers] * len(style), errors, number
        self.balance = traced(self._balance, sums, tuple(grams), *measures, weights, *layers)
        self.gradient = traced(self._gradient, *part, features, maps, sums)

    def _inside(self, rgb: Tensor, core: Tensor, names: Sequence[str]) -> list[Tensor]:
        """Return the features of the layers `names` inside a tile's core, one tensor (1, h, w, C) per layer.

        `rgb` are the tile's pixels, (H, W, 3); `core` is the box (top, left, bottom, right) of the core in them.
        """
        found = self._network.computed_features(rgb[None], names)
        inside = []
        for name in names:
            stride = self._network.architecture.stride(name)
            top, left, bottom, right = tf.unstack(-(-core // stride))  # rounded up, as pooling keeps an odd last pixel
            inside.append(found[name][:, top:bottom, left:right])
        return inside

    def _content_of(self, rgb: Tensor, core: Tensor) -> tuple[tuple[Tensor, ...], Tensor, Tensor]:
        """Return the content features of a tile's core, their sums of squares and numbers of values, by layer."""
        found = self._inside(rgb, core, self._content)
        energies = tf.stack([squared_error(f, tf.zeros_like(f)) for f in found])
        counts = tf.stack([tf.cast(tf.size(f), tf.float32) for f in found])
        return tuple(found), energies, counts

    def _gram_sums_of(self, rgb: Tensor, core: Tensor) -> list[Tensor]:
        return [_gram_sum(self._formulation.seen(f)) for f in self._inside(rgb, core, self._style)]

    def _sums(self, rgb: Tensor, core: Tensor, content: Any, maps: Any) -> tuple[list[Tensor], Tensor, Tensor]:
        """Return a tile's contribution to the sums over the image, from the features inside its core.

        The sums are: unnormalized Gram matrices, one per style layer (one per style mix with regions); squared errors
        from the features `content`, one per content layer; and the total variation.
        """
        layers = list(dict.fromkeys((*self._content, *self._style)))
        found = dict(zip(layers, self._inside(rgb, core, layers), strict=True))
        pairs = zip(self._content, content, strict=True)
        errors = tf.stack([squared_error(found[name], target) for name, target in pairs])
        top, left, bottom, right = tf.unstack(core)
        piece = rgb[None, top : bottom + 1, left : right + 1]  # with the next row and column, if any
        inner = piece[:, : bottom - top, : right - left]
        down = piece[:, 1:, : right - left] - inner[:, : tf.shape(piece)[1] - 1]
        across = piece[:, : bottom - top, 1:] - inner[:, :, : tf.shape(piece)[2] - 1]
        styles = [self._formulation.seen(found[name]) for name in self._style]
        if not self._parts:
            return [_gram_sum(f) for f in styles], errors, self._formulation.variation_sum(down, across)
        grams = [guided_gram_sums(f, maps[block]) for f, block in zip(styles, self.blocks, strict=True)]
        return grams, errors, self._formulation.weighed_variation_sum(down, across, maps[-1])

    def _balance(
        self,
        sums: Any,
        style: Any,
        locations: list[Tensor],
        scales: Tensor,
        size: Tensor,
        weights: Any,
        content_layers: Tensor,
        style_layers: Tensor,
    ) -> tuple[Tensor, Any]:
        """Return the weighted losses (content, style, total variation) of the image, and the gradient of their total.

        The gradient is with respect to `sums`, the results of _sums() added up over all tiles. `style` are the target
        Gram matrices, `locations` the divisors of the Gram matrices, `scales` the factors of the squared errors, `size`
        the number of values of the image. `weights` are the loss weights, the last two arguments the layer weights.
        """
        with tf.GradientTape() as tape:
            tape.watch(sums)
            grams, errors, variation = sums
            content_loss = weighted_mean(errors * scales, content_layers)
            scale = self._formulation.variation_scale(size)
            if self._parts:
                values = [per_location(*pair) for pair in zip(grams, locations, strict=True)]
                each = [each_loss(self._formulation.style, *pair) for pair in zip(values, style, strict=True)]
                styles = weighted_mean(tf.stack([tf.reduce_sum(weights[1] * part) for part in each]), style_layers)
                losses = tf.stack([weights[0] * content_loss, styles, variation * scale])
            else:
                values = [total / count for total, count in zip(grams, locations, strict=True)]
                each = tf.stack([self._formulation.style(*pair) for pair in zip(values, style, strict=True)])
                losses = weights * tf.stack([content_loss, weighted_mean(each, style_layers), variation * scale])
            total = tf.reduce_sum(losses)
        return losses, tape.gradient(total, sums)

    def _gradient(self, rgb: Tensor, core: Tensor, content: Any, maps: Any, pulls: Any) -> Tensor:
        """Return the gradient of the total loss with respect to a tile's pixels, through features inside its core only.

        `pulls` is the gradient of the total loss with respect to the sums, from _balance().
        """
        with tf.GradientTape() as tape:
            tape.watch(rgb)
            sums = tf.nest.flatten(self._sums(rgb, core, content, maps))
            total = tf.add_n([tf.reduce_sum(a * b) for a, b in zip(sums, tf.nest.flatten(pulls), strict=True)])
        return tape.gradient(total, rgb)


@lru_cache(maxsize=16)
def tile_traces(
    network: FeatureExtractor, content: tuple[str, ...], style: tuple[str, ...], formulation: Formulation, parts: bool
) -> TileTraces:
    return TileTraces(network, content, style, formulation, parts)


def _gram_sum(features: Tensor) -> Tensor:
    shape = tf.shape(features)
    return gram(features) * tf.cast(shape[1] * shape[2], tf.float32)
