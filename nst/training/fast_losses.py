"""Losses for training fast, the feed-forward stylizer for any style.

The extractor lite compares the results of fast with the content images and with the style images.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import tensorflow as tf

from nst.models.extractors import networks
from nst.models.extractors.extractor import FeatureExtractor, Tensor
from nst.models.extractors.lite import LITE
from nst.models.stylizers.fast import Fast, moments
from nst.optimization.losses import TINY, mean_square_variation

CONTENT = {"block2_conv2": 0.5, "block3_conv3": 1.0, "block4_conv1": 1.0}
STYLE = dict(LITE.style_layers)
HALF_STYLE = {name: weight for name, weight in STYLE.items() if name != "block4_conv1"}
STYLE_WEIGHT = 14.0  # weight of the style loss at full strength, relative to the content loss
RECONSTRUCTION = 20.0  # weight of the mean squared pixel error at strength 0
VARIATION = 5.0  # weight of the squared difference between neighboring pixels
RANGE = 5.0  # weight of values outside [0, 1]
SHIFT = 150.0  # weight of the squared difference between the results of two shifted views of a photo
MARGIN = 8  # pixels; second views are shifted by less
SOFTNESS = 0.01  # keeps the gradient of the square root in distance() finite

ChannelMoments = dict[str, tuple[Tensor, Tensor]]  # layer: channel means (N, C) and covariances (N, C, C)


class Losses(NamedTuple):
    """Scalar losses of a batch: the weighted total, and its unweighted terms."""

    total: Tensor
    content: Tensor  # mean over the results at full strength
    style: Tensor  # mean over the results at full strength
    plain: Tensor  # squared pixel error, weighted by the square of 1 - strength
    shift: Tensor


def judge(dtype: str) -> FeatureExtractor:
    """Return the extractor lite with weights, down to the deepest layer used by the losses.

    `dtype` is the number format of its convolutions.
    """
    return networks.load(networks.choose("lite", tuple(CONTENT.items()), tuple(STYLE.items())), "average", dtype)


@dataclass(frozen=True)
class Crops:
    """Crops of N photos with noise channels, and second views of the last crops, shifted by less than 8 pixels.

    The shift loss compares the results of both views, which should not depend on the position in the crop.
    """

    whole: Tensor  # (N, side + MARGIN, side + MARGIN, 4): float32 RGB in [0, 1], and noise
    shift: Tensor  # (2,): offset of the second views in pixels, down and right, less than MARGIN
    second: int  # number of second views

    @classmethod
    def of(cls, photos: Tensor, shift: Tensor, second: int, step: Tensor) -> Crops:
        """Return crops of `photos` with a noise channel, which is seeded by the training step `step`.

        `photos` are float32 RGB (N, side + MARGIN, side + MARGIN, 3) in [0, 1]. `shift` (2,) is the offset in pixels of
        the second views of the last `second` photos; their noise is shifted as well.
        """
        noise = tf.random.stateless_normal((*photos.shape[:3], 1), tf.stack([0, tf.cast(step, tf.int32)]))
        return cls(tf.concat([photos, noise], -1), shift, second)

    @property
    def side(self) -> int:
        return int(self.whole.shape[1]) - MARGIN

    @property
    def photos(self) -> Tensor:
        """Content images of the content loss: the first views without noise, (N, side, side, 3)."""
        return self.whole[:, : self.side, : self.side, :3]

    def painted(self, network: Fast, parameters: Tensor, alpha: Tensor) -> tuple[Tensor, Tensor]:
        """Stylize all views with `network` and return the results of the first views and of the second views.

        `parameters` (N, ...) are modulation parameters and `alpha` (N,) strengths in [0, 1], one per photo.
        """
        count, side = self.whole.shape[0], self.side
        places = [0, self.shift[0], self.shift[1], 0]
        shifted = tf.slice(self.whole[-self.second :], places, [self.second, side, side, 4])
        views = tf.concat([self.whole[:, :side, :side], shifted], 0)
        every = [tf.concat([each, each[-self.second :]], 0) for each in (parameters, alpha)]
        both = network.decode(network.encode(views[..., :3], views[..., 3:]), *every)
        return both[:count], both[count:]


def compare(
    lite: FeatureExtractor,
    crops: Crops,
    views: tuple[Tensor, Tensor],
    seen: dict[str, Tensor],
    wanted: list[ChannelMoments],
    alpha: Tensor,
    style_factor: float = STYLE_WEIGHT,
) -> Losses:
    """Return all losses of the results of a batch.

    `lite` is the extractor from judge(). `views` are the results of the first and the second views of `crops`, made at
    the strengths `alpha` (N,). `seen` holds lite's features of the photos in the layers of CONTENT, `wanted` the
    targets of the N styles from style_targets(). `style_factor` is the weight of the style loss. The content and style
    terms are NaN unless some strength is exactly 1; the total is not affected.
    """
    painted, shifted = views
    photos = crops.photos
    found = lite.features(painted, {*CONTENT, *STYLE})
    content = content_loss(found, seen)
    style = style_loss(lite, found, painted, wanted)
    plain = tf.reduce_mean(tf.square(painted - photos), (1, 2, 3)) * tf.square(1.0 - alpha)
    outside = tf.reduce_mean(tf.square(tf.nn.relu(tf.abs(painted - 0.5) - 0.5)), (1, 2, 3))
    each = content + style_factor * style_weight(alpha) * style
    total = tf.reduce_mean(each + RECONSTRUCTION * plain + RANGE * outside)
    total += VARIATION * mean_square_variation(painted)
    steady = shift_loss(painted[-crops.second :], shifted, crops.shift)
    full = tf.cast(alpha == 1.0, tf.float32)
    content, style = (tf.reduce_sum(v * full) / tf.reduce_sum(full) for v in (content, style))
    return Losses(total + SHIFT * steady, content, style, tf.reduce_mean(plain), steady)


def shift_loss(painted: Tensor, shifted: Tensor, shift: Tensor) -> Tensor:
    """Return the mean squared difference between the results of two views (N, H, W, 3) of the same photos.

    `painted` are results of the first views, `shifted` of the second ones, which are offset down and right by `shift`
    (2,), less than MARGIN. A border of MARGIN pixels is excluded, because the views have different surroundings there.
    """
    count, side = painted.shape[0], painted.shape[1] - MARGIN
    first = tf.slice(painted, [0, shift[0], shift[1], 0], [count, side, side, 3])
    inner = slice(MARGIN, side - MARGIN)
    return tf.reduce_mean(tf.square(first - shifted[:, :side, :side])[:, inner, inner])


def style_weight(alpha: Tensor) -> Tensor:
    """Return the share of the full style weight at strengths `alpha` in [0, 1].

    The share grows exponentially from 0 to 1, but slower than in the optimize engine: with base 4, equal steps of
    strength are about equal steps towards the style.
    """
    return (4.0**alpha - 1) / 3


def style_targets(lite: FeatureExtractor, rgb: Tensor) -> list[ChannelMoments]:
    """Return channel means and covariances of style images in the style layers of lite, by layer.

    The first dictionary is for full size, the second for half size. `rgb` is float32 RGB (N, H, W, 3) in [0, 1].
    """
    half = tf.nn.avg_pool2d(rgb, 2, 2, "SAME")
    full_found, half_found = lite.features(rgb, STYLE), lite.features(half, HALF_STYLE)
    return [{n: moments(full_found[n]) for n in STYLE}, {n: moments(half_found[n]) for n in HALF_STYLE}]


@tf.custom_gradient
def grams(features: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Return the Gram matrices (N, C, C) of features (N, H, W, C), divided by H x W, and their gradient function.

    tf.custom_gradient keeps the gradient function; callers get only the matrices.
    """
    shape = tf.shape(features)
    locations = tf.cast(shape[1] * shape[2], tf.float32)
    flat = tf.reshape(features, (shape[0], -1, features.shape[-1]))

    def gradient(upstream: Tensor) -> Tensor:
        return tf.reshape(tf.matmul(flat, (upstream + tf.linalg.matrix_transpose(upstream)) / locations), shape)

    return tf.matmul(flat, flat, transpose_a=True) / locations, gradient


def distance(found: Tensor, wanted: tuple[Tensor, Tensor]) -> Tensor:
    """Return the relative distance (N,) between the Gram matrices of features (N, H, W, C) and target Gram matrices.

    `wanted` are the target's channel means and covariances. The distance is the norm of the difference over the norm of
    the target, smoothed near 0. The norm is not squared, so that styles that are hard to match weigh no more than easy
    ones.
    """
    mean, covariance = wanted
    target = covariance + mean[:, :, None] * mean[:, None, :]
    energy = tf.reduce_sum(tf.square(target), (1, 2)) + TINY
    relative = tf.reduce_sum(tf.square(grams(found) - target), (1, 2)) / energy
    return tf.sqrt(relative + SOFTNESS) - SOFTNESS**0.5


def style_loss(lite: FeatureExtractor, found: dict[str, Tensor], rgb: Tensor, wanted: list[Any]) -> Tensor:
    """Return the style loss (N,): the weighted mean of distance() over the style layers at full and at half size.

    `found` are lite's features of the results `rgb`, float32 (N, H, W, 3); `wanted` is from style_targets().
    """
    half = lite.features(tf.nn.avg_pool2d(rgb, 2, 2, "SAME"), HALF_STYLE)
    terms = [w * distance(found[n], wanted[0][n]) for n, w in STYLE.items()]
    terms += [w * distance(half[n], wanted[1][n]) for n, w in HALF_STYLE.items()]
    return tf.add_n(terms) / (sum(STYLE.values()) + sum(HALF_STYLE.values()))


def content_loss(found: dict[str, Tensor], wanted: dict[str, Tensor]) -> Tensor:
    """Return the weighted mean over layers of the relative squared error of centered features, (N,).

    `found` are the features of the results, `wanted` those of the photos, by layer. Channel means are subtracted,
    because a mere change of colors shifts them, and colors belong to the style. Errors are relative to the mean of the
    photo's own energy and the batch's mean energy; otherwise a crop of plain sky would count more than all other crops
    together.
    """

    def centered(f: Tensor) -> Tensor:
        return f - tf.reduce_mean(f, (1, 2), keepdims=True)

    def relative(a: Tensor, b: Tensor) -> Tensor:
        energy = tf.reduce_sum(tf.square(b), (1, 2, 3))
        return 2 * tf.reduce_sum(tf.square(a - b), (1, 2, 3)) / (energy + tf.reduce_mean(energy) + TINY)

    terms = [w * relative(centered(found[n]), centered(wanted[n])) for n, w in CONTENT.items()]
    return tf.add_n(terms) / sum(CONTENT.values())


def clipped(gradients: Sequence[Tensor], norm: float) -> list[Tensor]:
    """Scale the gradients down to a global norm of at most `norm`.

    Zeros are returned if the norm is not finite, as for a blank photo.
    """
    found, whole = tf.clip_by_global_norm(gradients, norm)
    return [tf.where(tf.math.is_finite(whole), gradient, 0.0) for gradient in found]
