"""Style losses that see a layer's features as a distribution: its means, with variances or with all covariances.

They are taken from a Gram matrix of features with a constant one among them, the last: float32, shape (C + 1, C + 1),
over the number of locations. Its last row holds the features' means. So these losses work wherever Gram matrices do, in
parts of a picture and in tiles. Each is 0 where the distributions are equal.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs
# Fitted on training pairs: so scaled, equal strengths keep as much of the photo as with Gram matrices.
MOMENTS, WASSERSTEIN = 2.0, 0.5  # of the target's energy, where all features are 0
FLOOR = 1e-4  # of variances, as a share of the target's mean energy: roots of less have too steep a gradient


def with_one(features: Tensor) -> Tensor:
    """Features (1, H, W, C), and one more that is 1 everywhere."""
    return tf.concat([features, tf.ones_like(features[..., :1])], -1)


def moments(value: Tensor, target: Tensor) -> Tensor:
    """Squared differences of means and of standard deviations (after Li et al. 2017, arXiv:1701.01036)."""
    floor = _floor(target)
    (mean, deviation), (wanted_mean, wanted_deviation) = (_marginals(each, floor) for each in (value, target))
    apart = tf.square(mean - wanted_mean) + tf.square(deviation - wanted_deviation)
    return MOMENTS * tf.reduce_sum(apart) / _energy(target)


def wasserstein(value: Tensor, target: Tensor) -> Tensor:
    """Squared 2-Wasserstein distance of the normal distributions that have these means and covariances.

    |m - n|^2 + tr(C + D - 2 (C D)^(1/2)): Olkin & Pukelsheim 1982; for textures: Vacher et al., NeurIPS 2020.
    The root's trace is that of the roots of the eigenvalues of L^T C L, where D = L L^T: it is symmetric.
    """
    floor = _floor(target)
    (mean, spread), (wanted_mean, wanted_spread) = (_normal(each, floor) for each in (value, target))
    root = tf.linalg.cholesky(wanted_spread)
    product = tf.matmul(tf.matmul(root, spread, transpose_a=True), root)
    eigenvalues = tf.linalg.eigvalsh((product + tf.transpose(product)) / 2)
    shared = tf.reduce_sum(tf.sqrt(tf.maximum(eigenvalues, tf.square(floor))))
    apart = tf.reduce_sum(tf.square(mean - wanted_mean)) + tf.linalg.trace(spread) + tf.linalg.trace(wanted_spread)
    return WASSERSTEIN * (apart - 2 * shared) / _energy(target)


def _energy(gram: Tensor) -> Tensor:
    """Mean of the squared features, over their number of channels added up."""
    return tf.reduce_sum(tf.linalg.diag_part(gram)[:-1]) + 1e-12


def _floor(target: Tensor) -> Tensor:
    return FLOOR * _energy(target) / tf.cast(tf.shape(target)[-1] - 1, tf.float32)


def _marginals(gram: Tensor, floor: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of each channel, (C,)."""
    mean = gram[-1, :-1]
    variance = tf.linalg.diag_part(gram)[:-1] - tf.square(mean)
    return mean, tf.sqrt(tf.maximum(variance, 0.0) + floor)


def _normal(gram: Tensor, floor: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (C,) and covariance (C, C)."""
    mean = gram[-1, :-1]
    spread = gram[:-1, :-1] - mean[:, None] * mean[None]
    return mean, spread + floor * tf.eye(tf.shape(mean)[0])
