"""Tiled objective for large images: equal to Objective, in memory that hardly grows with the image.

The style loss needs the Gram matrices of the whole image, so each evaluation processes all tiles twice: the first pass
sums their Gram matrices; the second computes each tile's gradient by the chain rule from the gradient with respect to
these sums (as Galerne et al. 2024, arXiv:2404.04127, section 3). Only features inside a tile's core are used, so cut
edges have no effect, and the gradients of overlapping tiles add up to that of the whole image.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Any

import numpy as np
import tensorflow as tf

from nst.images.blend import Maps
from nst.models.extractors.extractor import FeatureExtractor
from nst.optimization.losses import Formulation, Tensor, pyramid
from nst.optimization.minimize import Array, Evaluation
from nst.optimization.objective import Aim, index_weights, making, mixed, mixed_by_index, weighed
from nst.optimization.strength import Weights
from nst.optimization.tile_traces import tile_traces
from nst.optimization.tiles import Tile, cut
from nst.run.control import Interrupted
from nst.run.regions import RegionWeights
from nst.run.snapshot import Losses
from nst.settings.fields import LayerWeights


@dataclass(frozen=True)
class TiledTargets:
    """Targets of an image at one size."""

    tiles: Sequence[Tile]
    content: Sequence[tuple[Tensor, ...]]  # per tile and layer: features of the tile's core
    scales: Tensor  # (content layers,), scales of the squared errors of the whole image
    style: tuple[Tensor, ...]  # per layer: Gram matrices, float32 (C, C), or (style mixes, C, C) with regions
    maps: tuple[Maps, ...] = ()  # per block of the network: maps of the regions, (regions, h, w)
    mix_indices: tuple[int, ...] = ()  # per region: index of its style mix in the Gram matrices


class TiledObjective:
    """Counterpart of nst.optimization.objective.Objective with tiles of about `side` pixels.

    `go_on` is called before each tile; False raises Interrupted.
    """

    def __init__(
        self,
        network: FeatureExtractor,
        content: LayerWeights,
        style: LayerWeights,
        formulation: Formulation,
        *,
        side: int,
        go_on: Callable[[], bool],
    ) -> None:
        self.network = network.name
        names, self._layer_weights = zip(*(zip(*layers, strict=True) for layers in (content, style)), strict=True)
        self._architecture = network.architecture
        self._deepest = network.architecture.deepest({*names[0], *names[1]})
        self._side, self._go_on = side, go_on
        with making:
            self._traces, self._part_traces = (
                tile_traces(network, *names, formulation, parts) for parts in (False, True)
            )

    def targets(
        self,
        content: Array,
        styles: Sequence[Array],
        style_weights: Sequence[float],
        guide: RegionWeights | None = None,
    ) -> TiledTargets:
        """See Objective.targets()."""
        tiles = self._cut(content)
        found = [self._traces.content(*self._part(content, tile)) for tile in tiles]
        energies, counts = (np.sum([each[k] for each in found], 0) for k in (1, 2))
        grams = [self._grams(style) for style in styles]
        photo = tiles, [each[0] for each in found], self._traces.scales(energies, counts)
        if guide is None:
            return TiledTargets(*photo, mixed(grams, style_weights))
        maps = tuple(each.numpy() for each in pyramid(tf.constant(guide.maps), self._traces.levels))
        return TiledTargets(*photo, mixed_by_index(grams, guide.mixes), maps, guide.mix_indices)

    def aim(
        self,
        content: Array,
        styles: Sequence[Array],
        style_weights: Sequence[float],
        guide: RegionWeights | None = None,
    ) -> Aim:
        """See Objective.aim()."""
        return partial(self.evaluate, targets=self.targets(content, styles, style_weights, guide))

    def evaluate(self, x: Array, targets: TiledTargets, weights: Weights) -> Evaluation:
        """See Objective.evaluate(). Raises Interrupted."""
        traces = self._part_traces if targets.maps else self._traces
        parts = list(zip(targets.tiles, targets.content, strict=True))
        sums: Any = None
        for tile, content in parts:
            found = traces.look(*self._part(x, tile), content, _maps_of(tile, targets, weights))
            sums = found if sums is None else tf.nest.map_structure(tf.add, sums, found)
        layers = (tf.constant(each, tf.float32) for each in self._layer_weights)
        locations, raw = self._measures(targets, weights) if targets.maps else (self._locations(x), _raw(weights))
        losses, pulls = traces.balance(sums, targets.style, locations, targets.scales, float(x.size), raw, *layers)
        gradient = np.zeros_like(x)
        for tile, content in parts:
            added = traces.gradient(*self._part(x, tile), content, _maps_of(tile, targets, weights), pulls)
            gradient[tile.around.slices] += added.numpy()
        return Evaluation(Losses(*(float(value) for value in losses.numpy())), gradient)

    def _cut(self, x: Array) -> list[Tile]:
        return cut((x.shape[1], x.shape[0]), self._side, self._architecture, self._deepest)

    def _part(self, x: Array, tile: Tile) -> tuple[Tensor, Tensor]:
        """Return the pixels of a tile and the box of its core within them. Raises Interrupted."""
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
        """Return the number of locations in each style layer."""
        strides = [1 << block for block in self._traces.blocks]
        return [float(ceil(x.shape[0] / stride) * ceil(x.shape[1] / stride)) for stride in strides]

    def _measures(self, targets: TiledTargets, weights: Weights) -> tuple[list[Array], tuple[float, Array]]:
        """Return the total weight of each style mix, (style mixes,), per style layer, and the weights of the losses.

        The latter are the content weight and the mean weight of each style mix over the image. For images with regions.
        """
        styles = index_weights(targets.mix_indices, weights)
        locations = [styles @ targets.maps[block].sum((1, 2)) for block in self._traces.blocks]
        return locations, (weights.content, styles @ targets.maps[0].mean((1, 2)))


def _maps_of(tile: Tile, targets: TiledTargets, weights: Weights) -> tuple[Tensor, ...]:
    """Return nst.optimization.objective.weighed() inside a tile's core; () without regions."""
    if not targets.maps:
        return ()
    cores = []
    for block, maps in enumerate(targets.maps):
        top, left, bottom, right = (-(-edge >> block) for edge in tile.core)  # rounded up, as by pooling
        cores.append(maps[:, top:bottom, left:right])
    return weighed(cores, targets.mix_indices, weights)


def _raw(weights: Weights) -> Tensor:
    """Return the weights of the three losses as a tensor (3,)."""
    return tf.constant([weights.content, weights.style, weights.tv], tf.float32)
