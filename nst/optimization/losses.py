"""Losses of neural style transfer as pure functions of tensors (Gatys, Ecker & Bethge 2015, arXiv:1508.06576).

Features have shape (1, H, W, C), in float32 or bfloat16; Gram matrices are float32, shape (C, C); images are float32
RGB in [0, 1], shape (1, H, W, 3). Every loss is a float32 scalar, because bfloat16 would round differences away.
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
CHROMA = 12.0  # weight of chroma differences relative to brightness differences: fine chroma detail shows as specks
_BRIGHTNESS = np.full((3, 3), 1 / 3)  # projection of RGB onto gray
_STRETCH = _BRIGHTNESS + np.sqrt(CHROMA) * (np.eye(3) - _BRIGHTNESS)
TINY = 1e-12  # avoids division by zero where the target's energy is 0, as of an all-black image


@tf.custom_gradient
def gram(features: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Return the Gram matrix divided by the number of locations: G = F^T F / (H W), shape (C, C).

    F are the features (1, H, W, C) as a matrix (H W, C). The custom gradient is F (D + D^T) / (H W): one product,
    where automatic differentiation takes two, and in the dtype of the features, as the backward pass of the
    convolutions needs.
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
    """Return F^T diag(m) F for each map m of `maps` (N, H, W): shape (N, C, C).

    F are the features (1, H, W, C) as a matrix (H W, C). These are guided Gram matrices (Gatys et al. 2017,
    arXiv:1611.07865) before division by the sums of their maps. The guidance channels are the square roots of the maps,
    so that where soft maps overlap a location has a total weight of 1; with the maps themselves, locations along a
    border would have half the weight and be stylized less. Maps are processed one at a time: one trace serves any
    number of maps, in the memory of one.
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
    """Divide each sum of guided_gram_sums() by its number of locations; return Gram matrices (N, C, C).

    `sums` has shape (N, C, C). `locations`, shape (N,), are the sums of the maps.
    """
    return sums / (locations[:, None, None] + TINY)


def each_loss(loss: Callable[[Tensor, Tensor], Tensor], values: Tensor, targets: Tensor) -> Tensor:
    """Return the losses (N,) of N pairs: loss(values[n], targets[n]) for each n."""
    return tf.vectorized_map(lambda pair: loss(*pair), (values, targets))


def pyramid(maps: Tensor, levels: int) -> list[Tensor]:
    """Return `levels` versions of maps (N, H, W): the maps, then each version at half the size of the one before.

    2x2 average pooling gives them the sizes of the network's blocks.
    """
    found = [maps]
    while len(found) < levels:
        found.append(tf.nn.avg_pool2d(found[-1][..., None], 2, 2, "SAME")[..., 0])
    return found


def relative_energy(value: Tensor, target: Tensor) -> Tensor:
    """Return the sum of squared differences divided by the target's sum of squares; 1 for an all-zero value."""
    return squared_error(value, target) / (tf.reduce_sum(tf.square(target)) + TINY)


def mean_squares(value: Tensor, target: Tensor) -> Tensor:
    """Return the mean of the squared differences between value and target."""
    return tf.reduce_mean(tf.square(value - target))


def squared_error(value: Tensor, target: Tensor) -> Tensor:
    """Return the sum of the squared differences between value and target, computed in float32."""
    return tf.reduce_sum(tf.square(tf.cast(value, tf.float32) - tf.cast(target, tf.float32)))


def gatys_style(value: Tensor, target: Tensor) -> Tensor:
    """Return the sum of (G - A)^2 / (4 C^2), for Gram matrices G (value) and A (target) of shape (C, C).

    Equation 4 of Gatys et al. 2016; gram() has already divided the matrices by the number of locations.
    """
    channels = tf.cast(tf.shape(target)[-1], tf.float32)
    return tf.reduce_sum(tf.square(value - target)) / (4 * channels**2)


def mean_square_variation(rgb: Tensor) -> Tensor:
    """Return the sum of squared differences between vertical and horizontal neighbors, divided by the number of values.

    `rgb` has shape (1, H, W, 3).
    """
    down, across = _differences(rgb)
    return (tf.reduce_sum(tf.square(down)) + tf.reduce_sum(tf.square(across))) / tf.cast(tf.size(rgb), tf.float32)


@tf.custom_gradient
def _differences(rgb: Tensor) -> tuple[tuple[Tensor, Tensor], Callable[[Tensor, Tensor], Tensor]]:
    """Return the differences between vertical and between horizontal neighbors, with a fast custom gradient."""

    def gradient(down: Tensor, across: Tensor) -> Tensor:
        return _shifted(down, 1) + _shifted(across, 2)

    return (rgb[:, 1:] - rgb[:, :-1], rgb[:, :, 1:] - rgb[:, :, :-1]), gradient


def _shifted(upstream: Tensor, axis: int) -> Tensor:
    """Return the gradient with respect to an image, for the gradient `upstream` of its differences along `axis`."""
    before, after = ([side if each == axis else [0, 0] for each in range(4)] for side in ([1, 0], [0, 1]))
    return tf.pad(upstream, before) - tf.pad(upstream, after)


@dataclass(frozen=True)
class Formulation:
    """Definitions of the content, style and total variation losses.

    Content and total variation losses are a sum over locations times a scale that does not depend on the sum, so that
    the sums of tiles can be added.
    """

    content_scale: Callable[[Tensor, Tensor], Tensor]  # (target's energy, number of values) -> scale
    style: Callable[[Tensor, Tensor], Tensor]  # (Gram matrix, target Gram matrix) -> loss
    difference: Callable[[Tensor], Tensor]  # penalty of pixel differences, elementwise: anisotropic total variation
    variation_scale: Callable[[Tensor], Tensor]  # number of values in the image -> scale
    means: bool = (
        False  # True if the style loss needs channel means in the Gram matrices: nst.optimization.distributions
    )

    def seen(self, features: Tensor) -> Tensor:
        """Return the features for Gram matrices: with a channel of ones appended if `means` is True, else unchanged."""
        return distributions.with_one(features) if self.means else features

    def content(self, value: Tensor, target: Tensor) -> Tensor:
        """Return the content loss of the features `value` for the features `target`, both (1, H, W, C)."""
        return squared_error(value, target) * self.scale_for(target)

    def scale_for(self, target: Tensor) -> Tensor:
        """Return the factor from squared error to content loss, for target features (1, H, W, C) of the whole image."""
        count = tf.cast(tf.size(target), tf.float32)
        return self.content_scale(squared_error(target, tf.zeros_like(target)), count)

    def variation(self, rgb: Tensor) -> Tensor:
        """Return the total variation loss of an image (1, H, W, 3)."""
        return self.variation_sum(*_differences(rgb)) * self.variation_scale(tf.cast(tf.size(rgb), tf.float32))

    def variation_sum(self, down: Tensor, across: Tensor) -> Tensor:
        """Return the summed penalties of vertical (`down`) and horizontal (`across`) differences between neighbors."""
        return tf.reduce_sum(self.difference(down)) + tf.reduce_sum(self.difference(across))

    def weighed_variation(self, rgb: Tensor, weights: Tensor) -> Tensor:
        """Return the total variation loss of an image `rgb` (1, H, W, 3), weighted per pixel by `weights` (1, H, W)."""
        down, across = _differences(rgb)
        sums = self.weighed_variation_sum(down, across, weights)
        return sums * self.variation_scale(tf.cast(tf.size(rgb), tf.float32))

    def weighed_variation_sum(self, down: Tensor, across: Tensor, weights: Tensor) -> Tensor:
        """Return variation_sum() with each difference weighted by the weight of its upper or left pixel."""
        total = tf.constant(0.0)
        for differences in (down, across):
            shape = tf.shape(differences)
            here = weights[:, : shape[1], : shape[2], None]
            total += tf.reduce_sum(here * self.difference(differences))
        return total


def _squares(differences: Tensor) -> Tensor:
    """Return weighted squares (..., 3) of RGB differences (..., 3), to be summed over the channels.

    Their sum is the square of the brightness difference plus CHROMA times the square of the color difference.
    """
    stretched = tf.matmul(tf.reshape(differences, (-1, 3)), tf.constant(_STRETCH, tf.float32))
    return tf.reshape(tf.square(stretched), tf.shape(differences))


def _relative(energy: Tensor, count: Tensor) -> Tensor:
    """Return 1 / energy, the scale of a content loss that is 0 for equal features and 1 for all-zero features."""
    return tf.ones_like(count) / (energy + TINY)


def _mean(energy: Tensor, count: Tensor) -> Tensor:
    return tf.ones_like(energy) / count


def _half(energy: Tensor, count: Tensor) -> Tensor:
    """Return 1/2, the scale of the content loss in equation 1 of Gatys et al. 2016."""
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
    """Return the definitions of the losses that the settings `formulation` and `style_loss` select."""
    formulation = FORMULATIONS[settings.formulation]
    if settings.style_loss == "gram":
        return formulation
    return replace(formulation, style=STYLE_LOSSES[settings.style_loss], means=True)


def over_layers(
    loss: Callable[[Tensor, Tensor], Tensor], values: Sequence[Tensor], targets: Sequence[Tensor], weights: Tensor
) -> Tensor:
    """Return the weighted mean over layers of loss(value, target).

    `values` and `targets` have one tensor per layer; `weights` is float32, shape (layers,).
    """
    return weighted_mean(tf.stack([loss(*pair) for pair in zip(values, targets, strict=True)]), weights)


def weighted_mean(values: Tensor, weights: Tensor) -> Tensor:
    """Return the mean of values (N,) with weights (N,)."""
    return tf.reduce_sum(values * weights) / tf.reduce_sum(weights)
