"""Objective of the optimize engine: weighted losses that compare the features of an image with target features.

One traced function serves every size and every style: sizes are unknown dimensions, and targets and weights are
arguments. TensorFlow never frees a trace, so a server must not make new ones from job to job. Images with regions use
a second function, for any number of regions.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Protocol

import numpy as np
import tensorflow as tf

from nst.models.extractors.extractor import FeatureExtractor
from nst.optimization.losses import (
    Formulation,
    Tensor,
    each_loss,
    gram,
    guided_gram_sums,
    over_layers,
    per_location,
    pyramid,
    weighted_mean,
)
from nst.optimization.minimize import Array, Evaluation
from nst.optimization.strength import Weights
from nst.run.regions import RegionWeights
from nst.run.snapshot import Losses
from nst.settings.fields import LayerWeights

making = threading.Lock()  # held while traces are made


class Aim(Protocol):
    """Function from an image and the loss weights to losses and gradient, for fixed targets."""

    def __call__(self, x: Array, *, weights: Weights) -> Evaluation: ...


@dataclass(frozen=True)
class Targets:
    """Content features, style Gram matrices and region maps to compare an image with, at one image size."""

    content: tuple[Tensor, ...]  # per layer: features of the content image in the network's dtype, (1, h, w, C)
    style: tuple[Tensor, ...]  # per layer: Gram matrices, float32 (C, C), or (style mixes, C, C) with regions
    maps: tuple[Tensor, ...] = ()  # per block of the network: maps of the regions, (regions, h, w)
    mix_indices: tuple[int, ...] = ()  # per region: index of its style mix in the Gram matrices


class Objective:
    """Function from images to losses and gradient, evaluated on the whole image.

    `network` is the feature extractor; `content` and `style` are its compared layers with their weights.
    """

    def __init__(
        self, network: FeatureExtractor, content: LayerWeights, style: LayerWeights, formulation: Formulation
    ) -> None:
        self.network = network.name
        names, self._layer_weights = zip(*(zip(*layers, strict=True) for layers in (content, style)), strict=True)
        with making:  # a job that starts during the server's warm-up waits for these traces instead of making its own
            self._traces = _traces(network, *names, formulation)

    def targets(
        self,
        content: Array,
        styles: Sequence[Array],
        style_weights: Sequence[float],
        guide: RegionWeights | None = None,
    ) -> Targets:
        """Return the targets for a content image and style images, float32 RGB (H, W, 3) in [0, 1].

        The Gram matrices of the style images are averaged with `style_weights`. With regions, given by `guide`, they
        are averaged once for each of its style mixes, with the weights of the mix.
        """
        features = self._traces.content_features(tf.constant(content))
        grams = [self._traces.style_grams(tf.constant(style)) for style in styles]
        if guide is None:
            return Targets(tuple(features), mixed(grams, style_weights))
        maps = pyramid(tf.constant(guide.maps), self._traces.levels)
        return Targets(tuple(features), mixed_by_index(grams, guide.mixes), tuple(maps), guide.mix_indices)

    def aim(
        self,
        content: Array,
        styles: Sequence[Array],
        style_weights: Sequence[float],
        guide: RegionWeights | None = None,
    ) -> Aim:
        """Return evaluate() with its targets fixed to targets() of the same arguments."""
        return partial(self.evaluate, targets=self.targets(content, styles, style_weights, guide))

    def evaluate(self, x: Array, targets: Targets, weights: Weights) -> Evaluation:
        """Return the weighted losses of image `x`, float32 RGB (H, W, 3) in [0, 1], and the gradient of their sum."""
        layers = (tf.constant(each, tf.float32) for each in self._layer_weights)
        compared = tf.constant(x), targets.content, targets.style
        if targets.maps:
            maps = weighed(targets.maps, targets.mix_indices, weights)
            losses, gradient = self._traces.evaluate_parts(*compared, maps, weights.content, *layers)
        else:
            raw = tf.constant([weights.content, weights.style, weights.tv], tf.float32)
            losses, gradient = self._traces.evaluate(*compared, raw, *layers)
        content, style, tv = (float(value) for value in losses.numpy())
        return Evaluation(Losses(content, style, tv), gradient.numpy())


def mixed(grams: Sequence[Sequence[Tensor]], weights: Sequence[float]) -> tuple[Tensor, ...]:
    """Return the weighted mean of the styles' Gram matrices, one matrix per layer.

    `grams` has one sequence per style, with one Gram matrix per layer; `weights` has one weight per style.
    """
    shares = np.divide(weights, np.sum(weights), dtype=np.float32)
    return tuple(tf.tensordot(shares, tf.stack(layer), 1) for layer in zip(*grams, strict=True))


def mixed_by_index(grams: Sequence[Sequence[Tensor]], mixes: Sequence[Sequence[float]]) -> tuple[Tensor, ...]:
    """Return mixed() for the weights of each style mix, stacked: one tensor (style mixes, C, C) per layer."""
    return tuple(tf.stack(layer) for layer in zip(*(mixed(grams, weights) for weights in mixes), strict=True))


def weighed(maps: Sequence[Tensor], mix_indices: Sequence[int], weights: Weights) -> tuple[Tensor, ...]:
    """Return maps of the loss weights: one tensor (style mixes, h, w) per block, then one of total variation (1, H, W).

    `maps` are the regions' weight maps, one tensor (regions, h, w) per block of the network; `mix_indices` is the style
    mix of each region; `weights` are the loss weights of each region. Regions with the same style mix
    share one Gram matrix, to which each contributes by its style weight, so that a region of low strength has little
    influence on it. With a Gram matrix of its own, such a region had to match all of the style's colors by itself: a
    face in a region of low strength turned blue.
    """
    styles, smooth = index_weights(mix_indices, weights), np.array([weights.tv], np.float32)
    return (*(tf.tensordot(styles, each, 1) for each in maps), tf.tensordot(smooth, maps[0], 1))


def index_weights(mix_indices: Sequence[int], weights: Weights) -> Array:
    """Return a matrix (style mixes, regions): the style weight of a region in the row of its style mix, 0 elsewhere."""
    found = np.zeros((max(mix_indices) + 1, len(mix_indices)), np.float32)
    found[list(mix_indices), range(len(mix_indices))] = weights.style
    return found


def blocks_of(network: FeatureExtractor, layers: Sequence[str]) -> list[int]:
    """Return the index of each layer's block, from 0: the number of 2x2 poolings before the layer."""
    return [network.architecture.stride(name).bit_length() - 1 for name in layers]


class _Traces:
    """TensorFlow functions shared by all Objectives of the same extractor, layers and formulation."""

    def __init__(
        self, network: FeatureExtractor, content: tuple[str, ...], style: tuple[str, ...], formulation: Formulation
    ) -> None:
        self._network, self._content, self._style = network, content, style
        self._formulation = formulation
        shapes = network.architecture.kernel_shapes()
        weights = [tf.TensorSpec((length,)) for length in (3, len(content), len(style))]
        self._blocks = blocks_of(network, style)
        self.levels = 1 + max(self._blocks)
        picture = tf.TensorSpec((None, None, 3))
        features = tuple(tf.TensorSpec((1, None, None, shapes[name][-1]), network.dtype) for name in content)
        sides = [shapes[name][-1] + formulation.means for name in style]
        grams = tuple(tf.TensorSpec((side, side)) for side in sides)
        part_grams = tuple(tf.TensorSpec((None, *each.shape)) for each in grams)
        maps = (tf.TensorSpec((None, None, None)),) * (self.levels + 1)
        self.content_features: Any = tf.function(self._content_features, input_signature=[picture])
        self.style_grams: Any = tf.function(self._style_grams, input_signature=[picture])
        self.evaluate: Any = tf.function(self._evaluate, input_signature=[picture, features, grams, *weights])
        signature = [picture, features, part_grams, maps, tf.TensorSpec(()), *weights[1:]]
        self.evaluate_parts: Any = tf.function(self._evaluate_parts, input_signature=signature)

    def _content_features(self, rgb: Tensor) -> list[Tensor]:
        found = self._network.computed_features(rgb[None], self._content)
        return [found[name] for name in self._content]

    def _style_grams(self, rgb: Tensor) -> list[Tensor]:
        found = self._network.computed_features(rgb[None], self._style)
        return [gram(self._formulation.seen(found[name])) for name in self._style]

    def _evaluate(
        self, x: Tensor, content: Any, style: Any, weights: Tensor, content_layers: Tensor, style_layers: Tensor
    ) -> tuple[Tensor, Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(x)
            picture = tf.expand_dims(x, 0)
            found = self._network.computed_features(picture, {*self._content, *self._style})
            contents = [found[name] for name in self._content]
            grams = [gram(self._formulation.seen(found[name])) for name in self._style]
            losses = weights * tf.stack(
                [
                    over_layers(self._formulation.content, contents, content, content_layers),
                    over_layers(self._formulation.style, grams, style, style_layers),
                    self._formulation.variation(picture),
                ]
            )
            total = tf.reduce_sum(losses)
        return losses, tape.gradient(total, x)

    def _evaluate_parts(
        self,
        x: Tensor,
        content: Any,
        style: Any,
        maps: Any,
        content_weight: Tensor,
        content_layers: Tensor,
        style_layers: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Return the weighted losses (content, style, total variation) and the gradient of their sum, for regions.

        `maps` are those of weighed(). The loss of each style mix is multiplied by the mean of its map, because a
        region's share in the content loss grows with its area: the balance of content and style then does not depend on
        the size of the region.
        """
        with tf.GradientTape() as tape:
            tape.watch(x)
            picture = tf.expand_dims(x, 0)
            found = self._network.computed_features(picture, {*self._content, *self._style})
            contents = [found[name] for name in self._content]
            counts = tf.reduce_mean(maps[0], (1, 2))
            each = []
            for name, block, target in zip(self._style, self._blocks, style, strict=True):
                sums = guided_gram_sums(self._formulation.seen(found[name]), maps[block])
                grams = per_location(sums, tf.reduce_sum(maps[block], (1, 2)))
                each.append(tf.reduce_sum(counts * each_loss(self._formulation.style, grams, target)))
            losses = tf.stack(
                [
                    content_weight * over_layers(self._formulation.content, contents, content, content_layers),
                    weighted_mean(tf.stack(each), style_layers),
                    self._formulation.weighed_variation(picture, maps[-1]),
                ]
            )
            total = tf.reduce_sum(losses)
        return losses, tape.gradient(total, x)


@lru_cache(maxsize=16)
def _traces(
    network: FeatureExtractor, content: tuple[str, ...], style: tuple[str, ...], formulation: Formulation
) -> _Traces:
    return _Traces(network, content, style, formulation)
