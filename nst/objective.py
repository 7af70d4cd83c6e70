"""The objective of the loop: which features of a picture are compared with which targets, and at what weight.

One traced function serves every size and every style: sizes are unknown dimensions, and targets and weights are
arguments. TensorFlow never frees a trace, so a server must not make new ones from job to job.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Protocol

import numpy as np
import tensorflow as tf

from nst.losses import FORMULATIONS, Tensor, gram, over_layers
from nst.minimize import Array, Evaluation
from nst.models.convnet import FeatureExtractor
from nst.settings import LayerWeights, OptimizeSettings
from nst.snapshot import Losses

STYLE_GAIN = 1.0  # sets the default strength of 60 to where a picture is a painting and still the same place
STRENGTH_DECADE = 33.0  # this much more strength weighs the style about ten times as much

making = threading.Lock()  # of traces


@dataclass(frozen=True)
class Weights:
    """Weights of the three losses."""

    content: float
    style: float
    tv: float


class Aim(Protocol):
    """An objective with what it compares pictures with."""

    def __call__(self, x: Array, *, weights: Weights) -> Evaluation: ...


@dataclass(frozen=True)
class Targets:
    """What a picture is compared with at one size."""

    content: tuple[Tensor, ...]  # features of the photo as they were computed, (1, h, w, C), a layer each
    style: tuple[Tensor, ...]  # Gram matrices of the style, float32 (C, C), a layer each


class Objective:
    """Losses and gradient of pictures for one network, its weighted layers and a formulation of the losses."""

    def __init__(self, network: FeatureExtractor, content: LayerWeights, style: LayerWeights, formulation: str) -> None:
        self.network = network.name
        names, self._layer_weights = zip(*(zip(*layers, strict=True) for layers in (content, style)), strict=True)
        with making:  # a job that starts while the server warms up waits for its traces and makes none of its own
            self._traces = _traces(network, *names, formulation)

    def targets(self, content: Array, styles: Sequence[Array], style_weights: Sequence[float]) -> Targets:
        """Targets from a photo and styles, float32 RGB (H, W, 3) in [0, 1]; Gram matrices are averaged by weight."""
        features = self._traces.content_features(tf.constant(content))
        grams = [self._traces.style_grams(tf.constant(style)) for style in styles]
        return Targets(tuple(features), mixed(grams, style_weights))

    def aim(self, content: Array, styles: Sequence[Array], style_weights: Sequence[float]) -> Aim:
        """evaluate() with the targets() of these pictures."""
        return partial(self.evaluate, targets=self.targets(content, styles, style_weights))

    def evaluate(self, x: Array, targets: Targets, weights: Weights) -> Evaluation:
        """Weighted losses of picture `x`, float32 RGB (H, W, 3), and the gradient of their sum."""
        raw = tf.constant([weights.content, weights.style, weights.tv], tf.float32)
        layers = (tf.constant(each, tf.float32) for each in self._layer_weights)
        losses, gradient = self._traces.evaluate(tf.constant(x), targets.content, targets.style, raw, *layers)
        content, style, tv = (float(value) for value in losses.numpy())
        return Evaluation(Losses(content, style, tv), gradient.numpy())


def mixed(grams: Sequence[Sequence[Tensor]], weights: Sequence[float]) -> tuple[Tensor, ...]:
    """Gram matrices of several styles, a layer each, averaged by the styles' weights."""
    shares = np.divide(weights, np.sum(weights), dtype=np.float32)
    return tuple(tf.tensordot(shares, tf.stack(layer), 1) for layer in zip(*grams, strict=True))


class _Traces:
    """The TensorFlow functions behind all Objectives of the same network, layers and formulation."""

    def __init__(
        self, network: FeatureExtractor, content: tuple[str, ...], style: tuple[str, ...], formulation: str
    ) -> None:
        self._network, self._content, self._style = network, content, style
        self._formulation = FORMULATIONS[formulation]
        shapes = network.architecture.kernel_shapes()
        picture = tf.TensorSpec((None, None, 3))
        features = tuple(tf.TensorSpec((1, None, None, shapes[name][-1]), network.dtype) for name in content)
        grams = tuple(tf.TensorSpec((shapes[name][-1], shapes[name][-1])) for name in style)
        weights = [tf.TensorSpec((length,)) for length in (3, len(content), len(style))]
        self.content_features: Any = tf.function(self._content_features, input_signature=[picture])
        self.style_grams: Any = tf.function(self._style_grams, input_signature=[picture])
        self.evaluate: Any = tf.function(self._evaluate, input_signature=[picture, features, grams, *weights])

    def _content_features(self, rgb: Tensor) -> list[Tensor]:
        found = self._network.computed_features(rgb[None], self._content)
        return [found[name] for name in self._content]

    def _style_grams(self, rgb: Tensor) -> list[Tensor]:
        found = self._network.computed_features(rgb[None], self._style)
        return [gram(found[name]) for name in self._style]

    def _evaluate(
        self, x: Tensor, content: Any, style: Any, weights: Tensor, content_layers: Tensor, style_layers: Tensor
    ) -> tuple[Tensor, Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(x)
            found = self._network.computed_features(x[None], {*self._content, *self._style})
            contents = [found[name] for name in self._content]
            grams = [gram(found[name]) for name in self._style]
            losses = weights * tf.stack(
                [
                    over_layers(self._formulation.content, contents, content, content_layers),
                    over_layers(self._formulation.style, grams, style, style_layers),
                    self._formulation.variation(x[None]),
                ]
            )
            total = tf.reduce_sum(losses)
        return losses, tape.gradient(total, x)


@lru_cache(maxsize=16)
def _traces(network: FeatureExtractor, content: tuple[str, ...], style: tuple[str, ...], formulation: str) -> _Traces:
    return _Traces(network, content, style, formulation)


def weights_of(settings: OptimizeSettings, strength: float | None) -> Weights:
    """Weights of the losses: the raw ones of the settings, or the balance that `strength` (0..100) stands for.

    The style's weight grows exponentially with strength, so that equal steps of the dial are equal ratios; at 0 it
    is 0. Smoothness is there against the grain that repainting brings, so it fades out with the style.
    """
    if strength is None:
        assert settings.content_weight is not None and settings.style_weight is not None
        return Weights(settings.content_weight, settings.style_weight, settings.tv_weight)
    style = STYLE_GAIN * (10 ** (strength / STRENGTH_DECADE) - 1)
    return Weights(1.0, style, settings.tv_weight * style / (1 + style))
