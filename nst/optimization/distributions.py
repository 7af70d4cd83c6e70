"""Style losses that compare the distributions of a layer's features: means with variances, or with full covariances.

Each loss reads a Gram matrix of the features with a constant channel of ones appended: float32, shape (C + 1, C + 1),
divided by the number of locations. The last row holds the channel means. The losses therefore work wherever Gram
matrices do, in regions and in tiles. Each is 0 for equal distributions.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs
# Loss values for all-zero features, in units of the target's energy. Fitted on training pairs so that equal strengths
# preserve as much of the content image as with the Gram loss.
MOMENTS, WASSERSTEIN = 2.0, 0.5
FLOOR = 1e-4  # of variances, relative to the target's mean energy: the square root is too steep near 0


def with_one(features: Tensor) -> Tensor:
    """Return features (1, H, W, C) with a channel of ones appended: (1, H, W, C + 1)."""
    return tf.concat([features, tf.ones_like(features[..., :1])], -1)


def moments(value: Tensor, target: Tensor) -> Tensor:
    """Return the sum over channels of the squared differences of means and standard deviations.

    `value` and `target` are Gram matrices (C + 1, C + 1), see the module. The sum is
    divided by the target's energy and multiplied by MOMENTS. After Li et al. 2017, arXiv:1701.01036.
    """
    floor = _floor(target)
    (mean, deviation), (wanted_mean, wanted_deviation) = (_marginals(each, floor) for each in (value, target))
    apart = tf.square(mean - wanted_mean) + tf.square(deviation - wanted_deviation)
    return MOMENTS * tf.reduce_sum(apart) / _energy(target)


def wasserstein(value: Tensor, target: Tensor) -> Tensor:
    """Return the squared 2-Wasserstein distance between the normal distributions of `value` and `target`.

    Both are Gram matrices, see the module; means m, n and covariances C, D follow from them. The squared distance is |m
    - n|^2 + tr(C + D - 2 (C D)^(1/2)) (Olkin & Pukelsheim 1982; for textures: Vacher et al., NeurIPS 2020), divided
    here by the target's energy and multiplied by WASSERSTEIN. With D = L L^T, the trace of (C D)^(1/2) equals the sum
    of the square roots of the eigenvalues of L^T C L, a symmetric matrix.
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
    """Return the energy of a Gram matrix (C + 1, C + 1): the mean over locations of the squared features, summed."""
    return tf.reduce_sum(tf.linalg.diag_part(gram)[:-1]) + 1e-12


def _floor(target: Tensor) -> Tensor:
    return FLOOR * _energy(target) / tf.cast(tf.shape(target)[-1] - 1, tf.float32)


def _marginals(gram: Tensor, floor: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean and the standard deviation of each channel, (C,) each. `floor` is added to each variance."""
    mean = gram[-1, :-1]
    variance = tf.linalg.diag_part(gram)[:-1] - tf.square(mean)
    return mean, tf.sqrt(tf.maximum(variance, 0.0) + floor)


def _normal(gram: Tensor, floor: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean (C,) and the covariance (C, C) of the channels. `floor` is added to each variance."""
    mean = gram[-1, :-1]
    spread = gram[:-1, :-1] - mean[:, None] * mean[None]
    return mean, spread + floor * tf.eye(tf.shape(mean)[0])
