"""The losses of neural style transfer as pure functions of tensors (Gatys, Ecker & Bethge 2015, arXiv:1508.06576).

Features are float32, shape (1, H, W, C); Gram matrices float32, shape (C, C); pictures float32 RGB in [0, 1],
shape (1, H, W, 3). Every loss is a float32 scalar.
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

    Its gradient is F (D + D^T) / (H W): one product, where automatic differentiation would take two.
    """
    shape = tf.shape(features)
    locations = tf.cast(shape[1] * shape[2], tf.float32)
    flat = tf.reshape(features, (-1, shape[3]))

    def gradient(upstream: Tensor) -> Tensor:
        return tf.reshape(tf.matmul(flat, (upstream + tf.transpose(upstream)) / locations), shape)

    return tf.matmul(flat, flat, transpose_a=True) / locations, gradient


def relative_energy(value: Tensor, target: Tensor) -> Tensor:
    """Sum of squared differences over the target's energy: 0 where equal, 1 for a value of zero."""
    return tf.reduce_sum(tf.square(value - target)) / (tf.reduce_sum(tf.square(target)) + TINY)


def mean_squares(value: Tensor, target: Tensor) -> Tensor:
    """Mean of squared differences."""
    return tf.reduce_mean(tf.square(value - target))


def half_sum_squares(value: Tensor, target: Tensor) -> Tensor:
    """Half the sum of squared differences: the content loss, equation 1 of Gatys et al. 2016."""
    return tf.reduce_sum(tf.square(value - target)) / 2


def gatys_style(value: Tensor, target: Tensor) -> Tensor:
    """Sum (G - A)^2 / (4 C^2): equation 4 of Gatys et al. 2016, whose M^2 is in our Gram matrices already."""
    channels = tf.cast(tf.shape(target)[-1], tf.float32)
    return tf.reduce_sum(tf.square(value - target)) / (4 * channels**2)


def mean_square_variation(rgb: Tensor) -> Tensor:
    """Mean of squared differences between neighboring pixels, down and across added."""
    down, across = rgb[:, 1:] - rgb[:, :-1], rgb[:, :, 1:] - rgb[:, :, :-1]
    pixels = tf.cast(tf.size(rgb), tf.float32)
    return (tf.reduce_sum(tf.square(down)) + tf.reduce_sum(tf.square(across))) / pixels


def absolute_variation(rgb: Tensor) -> Tensor:
    """Sum of absolute differences between neighboring pixels (anisotropic total variation)."""
    return tf.reduce_sum(tf.abs(rgb[:, 1:] - rgb[:, :-1])) + tf.reduce_sum(tf.abs(rgb[:, :, 1:] - rgb[:, :, :-1]))


@dataclass(frozen=True)
class Formulation:
    """Which loss is meant by content, style and total variation."""

    content: Callable[[Tensor, Tensor], Tensor]  # features, target features
    style: Callable[[Tensor, Tensor], Tensor]  # Gram matrix, target Gram matrix
    variation: Callable[[Tensor], Tensor]  # picture


FORMULATIONS: Mapping[str, Formulation] = {
    "normalized": Formulation(relative_energy, relative_energy, mean_square_variation),
    "gatys": Formulation(half_sum_squares, gatys_style, absolute_variation),
    "tutorial": Formulation(mean_squares, mean_squares, absolute_variation),
    "half-sum": Formulation(half_sum_squares, mean_squares, absolute_variation),
}


def over_layers(
    loss: Callable[[Tensor, Tensor], Tensor], values: Sequence[Tensor], targets: Sequence[Tensor], weights: Tensor
) -> Tensor:
    """Weighted mean of a loss over layers: `weights` is float32, shape (layers,)."""
    each = tf.stack([loss(value, target) for value, target in zip(values, targets, strict=True)])
    return tf.reduce_sum(each * weights) / tf.reduce_sum(weights)
