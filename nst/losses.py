"""The losses of neural style transfer as pure functions of tensors (Gatys, Ecker & Bethge 2015, arXiv:1508.06576).

Features have shape (1, H, W, C), in float32 or bfloat16; Gram matrices are float32, shape (C, C); pictures float32 RGB
in [0, 1], shape (1, H, W, 3). Every loss is a float32 scalar: in bfloat16, differences would drown in rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs
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
    return _squared_variation(*_differences(rgb)) / tf.cast(tf.size(rgb), tf.float32)


def _differences(rgb: Tensor) -> tuple[Tensor, Tensor]:
    return rgb[:, 1:] - rgb[:, :-1], rgb[:, :, 1:] - rgb[:, :, :-1]


def _squared_variation(down: Tensor, across: Tensor) -> Tensor:
    return tf.reduce_sum(tf.square(down)) + tf.reduce_sum(tf.square(across))


def _absolute_variation(down: Tensor, across: Tensor) -> Tensor:
    """Anisotropic total variation."""
    return tf.reduce_sum(tf.abs(down)) + tf.reduce_sum(tf.abs(across))


@dataclass(frozen=True)
class Formulation:
    """Which loss is meant by content, style and total variation.

    Content and variation are sums over places, times a scale that is known beforehand: so a picture can be looked at
    in parts.
    """

    content_scale: Callable[[Tensor, Tensor], Tensor]  # of the target's energy and number of values
    style: Callable[[Tensor, Tensor], Tensor]  # Gram matrix, target Gram matrix
    variation_sum: Callable[[Tensor, Tensor], Tensor]  # differences between neighbors, down and across
    variation_scale: Callable[[Tensor], Tensor]  # of the picture's number of values

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


def _relative(energy: Tensor, count: Tensor) -> Tensor:
    """0 where features are equal, 1 where there are none."""
    return tf.ones_like(count) / (energy + TINY)


def _mean(energy: Tensor, count: Tensor) -> Tensor:
    return tf.ones_like(energy) / count


def _half(energy: Tensor, count: Tensor) -> Tensor:
    """Equation 1 of Gatys et al. 2016."""
    return 0.5 * tf.ones_like(energy * count)


FORMULATIONS: Mapping[str, Formulation] = {
    "normalized": Formulation(_relative, relative_energy, _squared_variation, lambda count: 1.0 / count),
    "gatys": Formulation(_half, gatys_style, _absolute_variation, tf.ones_like),
    "tutorial": Formulation(_mean, mean_squares, _absolute_variation, tf.ones_like),
    "half-sum": Formulation(_half, mean_squares, _absolute_variation, tf.ones_like),
}


def over_layers(
    loss: Callable[[Tensor, Tensor], Tensor], values: Sequence[Tensor], targets: Sequence[Tensor], weights: Tensor
) -> Tensor:
    """Weighted mean of a loss over layers: `weights` is float32, shape (layers,)."""
    return weighted_mean(tf.stack([loss(*pair) for pair in zip(values, targets, strict=True)]), weights)


def weighted_mean(values: Tensor, weights: Tensor) -> Tensor:
    """Of values (N,) with weights (N,)."""
    return tf.reduce_sum(values * weights) / tf.reduce_sum(weights)
