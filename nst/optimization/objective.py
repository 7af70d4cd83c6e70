"""The objective of the loop: which features of a picture are compared with which targets, and at what weight.

One traced function serves every size and every style: sizes are unknown dimensions, and targets and weights are
arguments. TensorFlow never frees a trace, so a server must not make new ones from job to job. Pictures in parts have a
function of their own, for any number of them.
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
from nst.run.regions import Guide
from nst.run.snapshot import Losses
from nst.settings.engines import LayerWeights

making = threading.Lock()  # of traces


class Aim(Protocol):
    """An objective with what it compares pictures with."""

    def __call__(self, x: Array, *, weights: Weights) -> Evaluation: ...


@dataclass(frozen=True)
class Targets:
    """What a picture is compared with at one size."""

    content: tuple[Tensor, ...]  # features of the photo as they were computed, (1, h, w, C), a layer each
    style: tuple[Tensor, ...]  # Gram matrices of the style, float32 (C, C), or (manners, C, C) in parts, a layer each
    maps: tuple[Tensor, ...] = ()  # of the parts (parts, H, W), at the sizes of the network's blocks
    manners: tuple[int, ...] = ()  # which of the Gram matrices is each part's


class Objective:
    """Losses and gradient of pictures for one network, its weighted layers and a formulation of the losses."""

    def __init__(
        self, network: FeatureExtractor, content: LayerWeights, style: LayerWeights, formulation: Formulation
    ) -> None:
        self.network = network.name
        names, self._layer_weights = zip(*(zip(*layers, strict=True) for layers in (content, style)), strict=True)
        with making:  # a job that starts while the server warms up waits for its traces and makes none of its own
            self._traces = _traces(network, *names, formulation)

    def targets(
        self, content: Array, styles: Sequence[Array], style_weights: Sequence[float], guide: Guide | None = None
    ) -> Targets:
        """Targets from a photo and styles, float32 RGB (H, W, 3) in [0, 1]; Gram matrices are averaged by weight.

        By `style_weights`, or in parts by those of each manner of `guide`.
        """
        features = self._traces.content_features(tf.constant(content))
        grams = [self._traces.style_grams(tf.constant(style)) for style in styles]
        if guide is None:
            return Targets(tuple(features), mixed(grams, style_weights))
        maps = pyramid(tf.constant(guide.maps), self._traces.levels)
        return Targets(tuple(features), mixed_by_manner(grams, guide.mixes), tuple(maps), guide.manners)

    def aim(
        self, content: Array, styles: Sequence[Array], style_weights: Sequence[float], guide: Guide | None = None
    ) -> Aim:
        """evaluate() with the targets() of these pictures."""
        return partial(self.evaluate, targets=self.targets(content, styles, style_weights, guide))

    def evaluate(self, x: Array, targets: Targets, weights: Weights) -> Evaluation:
        """Weighted losses of picture `x`, float32 RGB (H, W, 3), and the gradient of their sum."""
        layers = (tf.constant(each, tf.float32) for each in self._layer_weights)
        compared = tf.constant(x), targets.content, targets.style
        if targets.maps:
            maps = weighed(targets.maps, targets.manners, weights)
            losses, gradient = self._traces.evaluate_parts(*compared, maps, weights.content, *layers)
        else:
            raw = tf.constant([weights.content, weights.style, weights.tv], tf.float32)
            losses, gradient = self._traces.evaluate(*compared, raw, *layers)
        content, style, tv = (float(value) for value in losses.numpy())
        return Evaluation(Losses(content, style, tv), gradient.numpy())


def mixed(grams: Sequence[Sequence[Tensor]], weights: Sequence[float]) -> tuple[Tensor, ...]:
    """Gram matrices of several styles, a layer each, averaged by the styles' weights."""
    shares = np.divide(weights, np.sum(weights), dtype=np.float32)
    return tuple(tf.tensordot(shares, tf.stack(layer), 1) for layer in zip(*grams, strict=True))


def mixed_by_manner(grams: Sequence[Sequence[Tensor]], mixes: Sequence[Sequence[float]]) -> tuple[Tensor, ...]:
    """mixed() by each of several weights: Gram matrices (manners, C, C), a layer each."""
    return tuple(tf.stack(layer) for layer in zip(*(mixed(grams, weights) for weights in mixes), strict=True))


def weighed(maps: Sequence[Tensor], manners: Sequence[int], weights: Weights) -> tuple[Tensor, ...]:
    """What each manner weighs at each place (manners, h, w), a size each; then the total variation (1, H, W).

    Parts in one manner have one Gram matrix in common, where each counts by the weight of its strength. So one of
    little strength is drawn after the others only a little. With a Gram matrix of its own it had to have all of the
    style's colors by itself: a face in a region of little strength turned blue.
    """
    styles, smooth = manner_weights(manners, weights), np.array([weights.tv], np.float32)
    return (*(tf.tensordot(styles, each, 1) for each in maps), tf.tensordot(smooth, maps[0], 1))


def manner_weights(manners: Sequence[int], weights: Weights) -> Array:
    """What the parts weigh in each manner: (manners, parts)."""
    found = np.zeros((max(manners) + 1, len(manners)), np.float32)
    found[list(manners), range(len(manners))] = weights.style
    return found


def blocks_of(network: FeatureExtractor, layers: Sequence[str]) -> list[int]:
    """Number of each layer's block, from 0: how often its features are half as large as the picture."""
    return [network.architecture.stride(name).bit_length() - 1 for name in layers]


class _Traces:
    """The TensorFlow functions behind all Objectives of the same network, layers and formulation."""

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
        """A style counts by its weight at all places, as the photo does by itself.

        So the two are balanced in a small part as they are in a large one.
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
