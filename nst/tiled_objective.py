"""The objective for large pictures: tile by tile, in memory that hardly grows with the picture, equal to the whole.

The style loss needs the Gram matrices of the whole picture, so each evaluation looks at all tiles twice: first it adds
up their Gram matrices; then it takes each tile's gradient, by the chain rule from the gradient at these sums (as
Galerne et al. 2024, arXiv:2404.04127, section 3). A tile's features count inside its core only, so what the cut does to
those beside it is never seen, and gradients of overlapping tiles add up to the whole's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from math import ceil
from typing import Any

import numpy as np
import tensorflow as tf

from nst.control import Interrupted
from nst.losses import FORMULATIONS, Tensor, gram, squared_error, weighted_mean
from nst.minimize import Array, Evaluation
from nst.models.convnet import FeatureExtractor
from nst.objective import Aim, Weights, making, mixed
from nst.settings import LayerWeights
from nst.snapshot import Losses
from nst.tiles import Tile, cut


@dataclass(frozen=True)
class TiledTargets:
    """What a picture is compared with at one size."""

    tiles: Sequence[Tile]
    content: Sequence[tuple[Tensor, ...]]  # a tile each: features of its core, a layer each
    scales: Tensor  # (content layers,): what the squared errors of the whole are multiplied by
    style: tuple[Tensor, ...]  # Gram matrices, float32 (C, C), a layer each


class TiledObjective:
    """Like nst.objective.Objective, with tiles of about `side` pixels; `go_on` is asked between them."""

    def __init__(
        self,
        network: FeatureExtractor,
        content: LayerWeights,
        style: LayerWeights,
        formulation: str,
        *,
        side: int,
        go_on: Callable[[], bool],
    ) -> None:
        self.network = network.name
        names, self._layer_weights = zip(*(zip(*layers, strict=True) for layers in (content, style)), strict=True)
        self._architecture, self._style = network.architecture, names[1]
        self._deepest = network.architecture.deepest({*names[0], *names[1]})
        self._side, self._go_on = side, go_on
        with making:
            self._traces = _traces(network, *names, formulation)

    def targets(self, content: Array, styles: Sequence[Array], style_weights: Sequence[float]) -> TiledTargets:
        """See Objective.targets()."""
        tiles = self._cut(content)
        found = [self._traces.content(*self._part(content, tile)) for tile in tiles]
        energies, counts = (np.sum([each[k] for each in found], 0) for k in (1, 2))
        grams = mixed([self._grams(style) for style in styles], style_weights)
        return TiledTargets(tiles, [each[0] for each in found], self._traces.scales(energies, counts), grams)

    def aim(self, content: Array, styles: Sequence[Array], style_weights: Sequence[float]) -> Aim:
        """See Objective.aim()."""
        return partial(self.evaluate, targets=self.targets(content, styles, style_weights))

    def evaluate(self, x: Array, targets: TiledTargets, weights: Weights) -> Evaluation:
        """See Objective.evaluate(). Raises Interrupted."""
        parts = list(zip(targets.tiles, targets.content, strict=True))
        sums: Any = None
        for tile, content in parts:
            found = self._traces.look(*self._part(x, tile), content)
            sums = found if sums is None else tf.nest.map_structure(tf.add, sums, found)
        raw = tf.constant([weights.content, weights.style, weights.tv], tf.float32)
        layers = (tf.constant(each, tf.float32) for each in self._layer_weights)
        losses, pulls = self._traces.balance(
            sums, targets.style, self._locations(x), targets.scales, float(x.size), raw, *layers
        )
        gradient = np.zeros_like(x)
        for tile, content in parts:
            gradient[tile.around.slices] += self._traces.gradient(*self._part(x, tile), content, pulls).numpy()
        return Evaluation(Losses(*(float(value) for value in losses.numpy())), gradient)

    def _cut(self, x: Array) -> list[Tile]:
        return cut((x.shape[1], x.shape[0]), self._side, self._architecture, self._deepest)

    def _part(self, x: Array, tile: Tile) -> tuple[Tensor, Tensor]:
        """Pixels of a tile, and where in them its core is."""
        if not self._go_on():
            raise Interrupted
        return tf.constant(x[tile.around.slices]), tf.constant(tile.inner)

    def _grams(self, style: Array) -> list[Tensor]:
        sums: Any = None
        for tile in self._cut(style):
            found = self._traces.gram_sums(*self._part(style, tile))
            sums = found if sums is None else [a + b for a, b in zip(sums, found, strict=True)]
        return [total / count for total, count in zip(sums, self._locations(style), strict=True)]

    def _locations(self, x: Array) -> list[float]:
        """Number of features of each style layer, down times across."""
        strides = [self._architecture.stride(name) for name in self._style]
        return [float(ceil(x.shape[0] / stride) * ceil(x.shape[1] / stride)) for stride in strides]


class _Traces:
    """The TensorFlow functions behind all TiledObjectives of the same network, layers and formulation."""

    def __init__(
        self, network: FeatureExtractor, content: tuple[str, ...], style: tuple[str, ...], formulation: str
    ) -> None:
        self._network, self._content, self._style = network, content, style
        self._formulation = FORMULATIONS[formulation]
        shapes = network.architecture.kernel_shapes()
        part = [tf.TensorSpec((None, None, 3)), tf.TensorSpec((4,), tf.int32)]
        features = tuple(tf.TensorSpec((1, None, None, shapes[name][-1]), network.dtype) for name in content)
        grams = [tf.TensorSpec((shapes[name][-1], shapes[name][-1])) for name in style]
        errors, number = tf.TensorSpec((len(content),)), tf.TensorSpec(())
        sums = (grams, errors, number)
        layers = [tf.TensorSpec((length,)) for length in (3, len(content), len(style))]

        def traced(function: Callable[..., Any], *signature: Any) -> Any:
            return tf.function(function, input_signature=signature)

        self.content = traced(self._content_of, *part)
        self.gram_sums = traced(self._gram_sums_of, *part)
        self.look = traced(self._sums, *part, features)
        self.scales = traced(self._formulation.content_scale, errors, errors)
        self.balance = traced(self._balance, sums, tuple(grams), [number] * len(style), errors, number, *layers)
        self.gradient = traced(self._gradient, *part, features, sums)

    def _inside(self, rgb: Tensor, core: Tensor, names: Sequence[str]) -> list[Tensor]:
        """Features of layers as they were computed, (1, h, w, C), inside the core."""
        found = self._network.computed_features(rgb[None], names)
        inside = []
        for name in names:
            stride = self._network.architecture.stride(name)
            top, left, bottom, right = tf.unstack(-(-core // stride))  # rounded up, as a picture's last odd pixel is
            inside.append(found[name][:, top:bottom, left:right])
        return inside

    def _content_of(self, rgb: Tensor, core: Tensor) -> tuple[tuple[Tensor, ...], Tensor, Tensor]:
        """Features, their energies, and numbers of values."""
        found = self._inside(rgb, core, self._content)
        energies = tf.stack([squared_error(f, tf.zeros_like(f)) for f in found])
        counts = tf.stack([tf.cast(tf.size(f), tf.float32) for f in found])
        return tuple(found), energies, counts

    def _gram_sums_of(self, rgb: Tensor, core: Tensor) -> list[Tensor]:
        return [_gram_sum(f) for f in self._inside(rgb, core, self._style)]

    def _sums(self, rgb: Tensor, core: Tensor, content: Any) -> tuple[list[Tensor], Tensor, Tensor]:
        """What a tile adds to the sums of the whole: Gram matrices, squared errors of content layers, variation."""
        layers = list(dict.fromkeys((*self._content, *self._style)))
        found = dict(zip(layers, self._inside(rgb, core, layers), strict=True))
        pairs = zip(self._content, content, strict=True)
        errors = tf.stack([squared_error(found[name], target) for name, target in pairs])
        top, left, bottom, right = tf.unstack(core)
        piece = rgb[None, top : bottom + 1, left : right + 1]  # with the neighbors below and to the right, if any
        inner = piece[:, : bottom - top, : right - left]
        down = piece[:, 1:, : right - left] - inner[:, : tf.shape(piece)[1] - 1]
        across = piece[:, : bottom - top, 1:] - inner[:, :, : tf.shape(piece)[2] - 1]
        return [_gram_sum(found[name]) for name in self._style], errors, self._formulation.variation_sum(down, across)

    def _balance(
        self,
        sums: Any,
        style: Any,
        locations: list[Tensor],
        scales: Tensor,
        size: Tensor,
        weights: Tensor,
        content_layers: Tensor,
        style_layers: Tensor,
    ) -> tuple[Tensor, Any]:
        """Weighted losses (3,) of the whole, and their gradients with respect to its sums."""
        with tf.GradientTape() as tape:
            tape.watch(sums)
            grams, errors, variation = sums
            values = [total / count for total, count in zip(grams, locations, strict=True)]
            each = tf.stack([self._formulation.style(*pair) for pair in zip(values, style, strict=True)])
            losses = weights * tf.stack(
                [
                    weighted_mean(errors * scales, content_layers),
                    weighted_mean(each, style_layers),
                    variation * self._formulation.variation_scale(size),
                ]
            )
            total = tf.reduce_sum(losses)
        return losses, tape.gradient(total, sums)

    def _gradient(self, rgb: Tensor, core: Tensor, content: Any, pulls: Any) -> Tensor:
        """The whole's gradient with respect to a tile's pixels, as far as it comes from the features of its core."""
        with tf.GradientTape() as tape:
            tape.watch(rgb)
            sums = tf.nest.flatten(self._sums(rgb, core, content))
            total = tf.add_n([tf.reduce_sum(a * b) for a, b in zip(sums, tf.nest.flatten(pulls), strict=True)])
        return tape.gradient(total, rgb)


@lru_cache(maxsize=16)
def _traces(network: FeatureExtractor, content: tuple[str, ...], style: tuple[str, ...], formulation: str) -> _Traces:
    return _Traces(network, content, style, formulation)


def _gram_sum(features: Tensor) -> Tensor:
    shape = tf.shape(features)
    return gram(features) * tf.cast(shape[1] * shape[2], tf.float32)
