"""The losses of neural style transfer as pure functions of tensors (Gatys, Ecker & Bethge 2015, arXiv:1508.06576).

Features have shape (1, H, W, C), in float32 or bfloat16; Gram matrices are float32, shape (C, C); pictures float32 RGB
in [0, 1], shape (1, H, W, 3). Every loss is a float32 scalar: in bfloat16, differences would drown in rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import tensorflow as tf

from nst.optimization import distributions
from nst.settings.engines import OptimizeSettings

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs
CHROMA = 12.0  # that a difference of color counts for, against one of brightness: fine color is no paint, but specks
_BRIGHTNESS = np.full((3, 3), 1 / 3)  # what it takes a color to
_STRETCH = _BRIGHTNESS + np.sqrt(CHROMA) * (np.eye(3) - _BRIGHTNESS)
TINY = 1e-12  # keeps the energy of an all-black picture's features from being divided by


@tf.custom_gradient
def gram(features: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Gram matrix divided by the number of locations: G = F^T F / (H W), shape (C, C), for features (1, H, W, C).

    Its gradient is F (D + D^T) / (H W): one product, where automatic differentiation would take two, and in the
    features' own number format, as the convolutions that it goes on to.
    """
    shape = tf.shape(features)
    locations = tf.cast(shape[1] * shape[2], tf.float32)
    flat = tf.reshape(features, (-1, shape[3]))
    exact = tf.cast(flat, tf.float32)

    def gradient(upstream: Tensor) -> Tensor:
        pull = tf.cast((upstream + tf.transpose(upstream)) / locations, features.dtype)
        return tf.reshape(tf.matmul(flat, pull), shape)

    return tf.matmul(exact, exact, transpose_a=True) / locations, gradient


@tf.custom_gradient
def guided_gram_sums(features: Tensor, maps: Tensor) -> tuple[Tensor, Callable[[Tensor], tuple[Tensor, None]]]:
    """F^T diag(m) F for each map m of `maps` (N, H, W): shape (N, C, C), for features (1, H, W, C).

    Guided Gram matrices (Gatys et al. 2017, arXiv:1611.07865) before they are divided by their maps' sums. The guidance
    channels are the maps' square roots: so, where soft maps overlap, a place counts once in all of them together; with
    the maps themselves it would count half as much along a border, and be painted less.
    Maps are gone through one by one: one trace serves any number of them, in the memory of one.
    """
    shape = tf.shape(features)
    flat = tf.reshape(features, (-1, shape[3]))
    exact = tf.cast(flat, tf.float32)
    shares = tf.reshape(maps, (tf.shape(maps)[0], -1, 1))

    def gradient(upstream: Tensor) -> tuple[Tensor, None]:
        def added(total: Tensor, part: tuple[Tensor, Tensor]) -> Tensor:
            share, pull = part
            return total + share * tf.matmul(flat, pull)

        pulls = tf.cast(upstream + tf.linalg.matrix_transpose(upstream), features.dtype)
        parts = tf.cast(shares, features.dtype), pulls
        return tf.reshape(tf.foldl(added, parts, tf.zeros_like(flat), parallel_iterations=1), shape), None

    def weighed(share: Tensor) -> Tensor:
        return tf.matmul(exact, share * exact, transpose_a=True)

    return tf.map_fn(weighed, shares, parallel_iterations=1, fn_output_signature=tf.float32), gradient


def per_location(sums: Tensor, locations: Tensor) -> Tensor:
    """Gram matrices (N, C, C) from guided_gram_sums() and the sums of their maps, (N,)."""
    return sums / (locations[:, None, None] + TINY)


def each_loss(loss: Callable[[Tensor, Tensor], Tensor], values: Tensor, targets: Tensor) -> Tensor:
    """A loss of each pair, (N,), for values and targets (N, ...)."""
    return tf.vectorized_map(lambda pair: loss(*pair), (values, targets))


def pyramid(maps: Tensor, levels: int) -> list[Tensor]:
    """Maps (N, H, W) at the sizes of a network's blocks, each half as large, by the mean of what becomes one."""
    found = [maps]
    while len(found) < levels:
        found.append(tf.nn.avg_pool2d(found[-1][..., None], 2, 2, "SAME")[..., 0])
    return found


def relative_energy(value: Tensor, target: Tensor) -> Tensor:
    """Sum of squared differences over the target's energy: 0 where equal, 1 for a value of zero."""
    return squared_error(value, target) / (tf.reduce_sum(tf.square(target)) + TINY)


def mean_squares(value: Tensor, target: Tensor) -> Tensor:
    """Mean of squared differences."""
    return tf.reduce_mean(tf.square(value - target))


def squared_error(value: Tensor, target: Tensor) -> Tensor:
    """Sum of squared differences."""
    return tf.reduce_sum(tf.square(tf.cast(value, tf.float32) - tf.cast(target, tf.float32)))


def gatys_style(value: Tensor, target: Tensor) -> Tensor:
    """Sum (G - A)^2 / (4 C^2): equation 4 of Gatys et al. 2016, whose M^2 is in our Gram matrices already."""
    channels = tf.cast(tf.shape(target)[-1], tf.float32)
    return tf.reduce_sum(tf.square(value - target)) / (4 * channels**2)


def mean_square_variation(rgb: Tensor) -> Tensor:
    """Mean of squared differences between neighboring pixels, down and across added."""
    down, across = _differences(rgb)
    return (tf.reduce_sum(tf.square(down)) + tf.reduce_sum(tf.square(across))) / tf.cast(tf.size(rgb), tf.float32)


@tf.custom_gradient
def _differences(rgb: Tensor) -> tuple[tuple[Tensor, Tensor], Callable[[Tensor, Tensor], Tensor]]:
    """Of neighbors, down and across. Automatic differentiation is slow at slices."""

    def gradient(down: Tensor, across: Tensor) -> Tensor:
        return _shifted(down, 1) + _shifted(across, 2)

    return (rgb[:, 1:] - rgb[:, :-1], rgb[:, :, 1:] - rgb[:, :, :-1]), gradient


def _shifted(upstream: Tensor, axis: int) -> Tensor:
    """What a difference pulls at its second value, less what it pulls at its first."""
    before, after = ([side if each == axis else [0, 0] for each in range(4)] for side in ([1, 0], [0, 1]))
    return tf.pad(upstream, before) - tf.pad(upstream, after)


@dataclass(frozen=True)
class Formulation:
    """Which loss is meant by content, style and total variation.

    Content and variation are sums over places, times a scale that is known beforehand: so a picture can be looked at
    in parts.
    """

    content_scale: Callable[[Tensor, Tensor], Tensor]  # of the target's energy and number of values
    style: Callable[[Tensor, Tensor], Tensor]  # Gram matrix, target Gram matrix
    difference: Callable[[Tensor], Tensor]  # what differences between neighbors count for: anisotropic total variation
    variation_scale: Callable[[Tensor], Tensor]  # of the picture's number of values
    means: bool = (
        False  # whether the style's loss wants the features' means in its Gram matrices: nst.optimization.distributions
    )

    def seen(self, features: Tensor) -> Tensor:
        """Features (1, H, W, C) as they go into Gram matrices."""
        return distributions.with_one(features) if self.means else features

    def content(self, value: Tensor, target: Tensor) -> Tensor:
        """Loss of features (1, H, W, C)."""
        return squared_error(value, target) * self.scale_for(target)

    def scale_for(self, target: Tensor) -> Tensor:
        """What the squared error of a whole picture's features is multiplied by."""
        count = tf.cast(tf.size(target), tf.float32)
        return self.content_scale(squared_error(target, tf.zeros_like(target)), count)

    def variation(self, rgb: Tensor) -> Tensor:
        """Loss of a picture (1, H, W, 3)."""
        return self.variation_sum(*_differences(rgb)) * self.variation_scale(tf.cast(tf.size(rgb), tf.float32))

    def variation_sum(self, down: Tensor, across: Tensor) -> Tensor:
        """Of differences between neighbors, down and across."""
        return tf.reduce_sum(self.difference(down)) + tf.reduce_sum(self.difference(across))

    def weighed_variation(self, rgb: Tensor, weights: Tensor) -> Tensor:
        """Loss of a picture (1, H, W, 3), with a weight at each place, (1, H, W)."""
        down, across = _differences(rgb)
        sums = self.weighed_variation_sum(down, across, weights)
        return sums * self.variation_scale(tf.cast(tf.size(rgb), tf.float32))

    def weighed_variation_sum(self, down: Tensor, across: Tensor, weights: Tensor) -> Tensor:
        """variation_sum() with the weight that a difference's upper or left pixel has."""
        total = tf.constant(0.0)
        for differences in (down, across):
            shape = tf.shape(differences)
            here = weights[:, : shape[1], : shape[2], None]
            total += tf.reduce_sum(here * self.difference(differences))
        return total


def _squares(differences: Tensor) -> Tensor:
    """Squares of differences (..., 3) of RGB, of which the part without brightness is stretched to count CHROMA times.

    Only the sum over the three of them has a meaning.
    """
    stretched = tf.matmul(tf.reshape(differences, (-1, 3)), tf.constant(_STRETCH, tf.float32))
    return tf.reshape(tf.square(stretched), tf.shape(differences))


def _relative(energy: Tensor, count: Tensor) -> Tensor:
    """0 where features are equal, 1 where there are none."""
    return tf.ones_like(count) / (energy + TINY)


def _mean(energy: Tensor, count: Tensor) -> Tensor:
    return tf.ones_like(energy) / count


def _half(energy: Tensor, count: Tensor) -> Tensor:
    """Equation 1 of Gatys et al. 2016."""
    return 0.5 * tf.ones_like(energy * count)


FORMULATIONS: Mapping[str, Formulation] = {
    "normalized": Formulation(_relative, relative_energy, _squares, lambda count: 1.0 / count),
    "gatys": Formulation(_half, gatys_style, tf.abs, tf.ones_like),
    "tutorial": Formulation(_mean, mean_squares, tf.abs, tf.ones_like),
    "half-sum": Formulation(_half, mean_squares, tf.abs, tf.ones_like),
}


STYLE_LOSSES: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "moments": distributions.moments,
    "wasserstein": distributions.wasserstein,
}


def formulation_of(settings: OptimizeSettings) -> Formulation:
    """What a run's losses are."""
    formulation = FORMULATIONS[settings.formulation]
    if settings.style_loss == "gram":
        return formulation
    return replace(formulation, style=STYLE_LOSSES[settings.style_loss], means=True)


def over_layers(
    loss: Callable[[Tensor, Tensor], Tensor], values: Sequence[Tensor], targets: Sequence[Tensor], weights: Tensor
) -> Tensor:
    """Weighted mean of a loss over layers: `weights` is float32, shape (layers,)."""
    return weighted_mean(tf.stack([loss(*pair) for pair in zip(values, targets, strict=True)]), weights)


def weighted_mean(values: Tensor, weights: Tensor) -> Tensor:
    """Of values (N,) with weights (N,)."""
    return tf.reduce_sum(values * weights) / tf.reduce_sum(weights)
