"""What fast is trained by: lite compares what was painted with the photo and with the style."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from nst.losses import TINY, mean_square_variation
from nst.models import networks
from nst.models.convnet import FeatureExtractor, Tensor
from nst.models.fast import moments

# Deeper than the loop's: edges stay in place by themselves here, so what a picture shows is to be kept, not each line.
CONTENT = {"block3_conv3": 1.0, "block4_conv1": 1.0, "block4_conv2": 0.5}
STYLE = {"block1_conv1": 1.0, "block1_conv2": 1.0, "block2_conv1": 1.0, "block2_conv2": 1.0,
         "block3_conv1": 1.0, "block3_conv2": 1.0, "block3_conv3": 1.0, "block4_conv1": 0.5}  # fmt: skip
HALF_STYLE = {name: weight for name, weight in STYLE.items() if name != "block4_conv1"}
STYLE_WEIGHT = 6.0  # of the style at full strength, beside the content
RECONSTRUCTION = 20.0  # weight of the pixels' mean squared error where no style is asked for
VARIATION = 10.0  # weight of the squared difference between neighboring pixels, against a fine weave
RANGE = 5.0  # weight of what leaves the range of colors

Moments = dict[str, tuple[Tensor, Tensor]]  # layer: channel means (N, C) and covariances (N, C, C)


class Losses(NamedTuple):
    """Scalars of a batch: what is minimized, and what it is made of."""

    total: Tensor
    content: Tensor  # mean over the pictures that are painted at full strength
    style: Tensor  # the same
    plain: Tensor


def judge(dtype: str) -> FeatureExtractor:
    """lite, down to the deepest layer that is compared."""
    return networks.load(networks.choose("lite", tuple(CONTENT.items()), tuple(STYLE.items())), "average", dtype)


def compare(
    lite: FeatureExtractor,
    painted: Tensor,
    photos: Tensor,
    wanted: list[Moments],
    alpha: Tensor,
    style_factor: float,
) -> Losses:
    """All losses of a batch, painted at strengths `alpha` (N,); `wanted` is what style_targets() says."""
    seen = lite.features(photos, CONTENT)
    found = lite.features(painted, {*CONTENT, *STYLE})
    content = content_loss(found, seen)
    style = style_loss(lite, found, painted, wanted)
    plain = tf.reduce_mean(tf.square(painted - photos), (1, 2, 3)) * tf.square(1.0 - alpha)
    outside = tf.reduce_mean(tf.square(tf.nn.relu(tf.abs(painted - 0.5) - 0.5)), (1, 2, 3))
    each = content + style_factor * style_weight(alpha) * style
    total = tf.reduce_mean(each + RECONSTRUCTION * plain + RANGE * outside)
    total += VARIATION * mean_square_variation(painted)
    full = tf.cast(alpha == 1.0, tf.float32)
    content, style = (tf.reduce_sum(v * full) / tf.reduce_sum(full) for v in (content, style))
    return Losses(total, content, style, tf.reduce_mean(plain))


def style_weight(alpha: Tensor) -> Tensor:
    """How much of the full style weight counts at a strength: 0 at 0, growing exponentially as the loop's does.

    Slower than there: with this base, equal steps of strength are about equal steps towards the style.
    """
    return (4.0**alpha - 1) / 3


def style_targets(lite: FeatureExtractor, rgb: Tensor) -> list[Moments]:
    """Channel means and covariances of all style layers, at full and at half size."""
    half = tf.nn.avg_pool2d(rgb, 2, 2, "SAME")
    full_found, half_found = lite.features(rgb, STYLE), lite.features(half, HALF_STYLE)
    return [{n: moments(full_found[n]) for n in STYLE}, {n: moments(half_found[n]) for n in HALF_STYLE}]


@tf.custom_gradient
def grams(features: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Gram matrices (N, C, C) over the number of locations, of features (N, H, W, C); see nst.losses.gram()."""
    shape = tf.shape(features)
    locations = tf.cast(shape[1] * shape[2], tf.float32)
    flat = tf.reshape(features, (shape[0], -1, features.shape[-1]))

    def gradient(upstream: Tensor) -> Tensor:
        return tf.reshape(tf.matmul(flat, (upstream + tf.linalg.matrix_transpose(upstream)) / locations), shape)

    return tf.matmul(flat, flat, transpose_a=True) / locations, gradient


def distance(found: Tensor, wanted: tuple[Tensor, Tensor]) -> Tensor:
    """Norm of the difference between Gram matrices over the wanted one's, (N,).

    Not squared: so a style that is hard to meet weighs no more than one that is easy.
    """
    mean, covariance = wanted
    target = covariance + mean[:, :, None] * mean[:, None, :]
    energy = tf.reduce_sum(tf.square(target), (1, 2)) + TINY
    return tf.sqrt(tf.reduce_sum(tf.square(grams(found) - target), (1, 2)) / energy + 1e-4)


def style_loss(lite: FeatureExtractor, found: dict[str, Tensor], rgb: Tensor, wanted: list[Any]) -> Tensor:
    """(N,) weighted mean over layers and both sizes."""
    half = lite.features(tf.nn.avg_pool2d(rgb, 2, 2, "SAME"), HALF_STYLE)
    terms = [w * distance(found[n], wanted[0][n]) for n, w in STYLE.items()]
    terms += [w * distance(half[n], wanted[1][n]) for n, w in HALF_STYLE.items()]
    return tf.add_n(terms) / (sum(STYLE.values()) + sum(HALF_STYLE.values()))


def content_loss(found: dict[str, Tensor], wanted: dict[str, Tensor]) -> Tensor:
    """(N,) weighted mean over layers of the relative energy of features without their channel means.

    Without them, because a change of colors alone moves the means, and colors are the style's. Relative to the mean of
    the photo's own energy and the batch's: else a crop of plain sky would count more than all the others together.
    """

    def centered(f: Tensor) -> Tensor:
        return f - tf.reduce_mean(f, (1, 2), keepdims=True)

    def relative(a: Tensor, b: Tensor) -> Tensor:
        energy = tf.reduce_sum(tf.square(b), (1, 2, 3))
        return 2 * tf.reduce_sum(tf.square(a - b), (1, 2, 3)) / (energy + tf.reduce_mean(energy) + TINY)

    terms = [w * relative(centered(found[n]), centered(wanted[n])) for n, w in CONTENT.items()]
    return tf.add_n(terms) / sum(CONTENT.values())
