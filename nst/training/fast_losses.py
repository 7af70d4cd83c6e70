"""The losses that train fast: lite compares the painted picture with the photo and with the style."""

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
STYLE_WEIGHT = 14.0  # of the style at full strength, relative to the content
RECONSTRUCTION = 20.0  # weight of the pixels' mean squared error at strength 0
VARIATION = 5.0  # weight of the squared difference between neighboring pixels
RANGE = 5.0  # weight of values outside [0, 1]
SHIFT = 150.0  # weight of the squared difference between two shifted views of a photo, painted
MARGIN = 8  # pixels; second views are shifted by less
SOFTNESS = 0.01  # keeps the gradient of a root finite; see distance()

Moments = dict[str, tuple[Tensor, Tensor]]  # layer: channel means (N, C) and covariances (N, C, C)


class Losses(NamedTuple):
    """Scalars of a batch: the total, and its parts."""

    total: Tensor
    content: Tensor  # mean over the pictures at full strength
    style: Tensor  # the same
    plain: Tensor
    shift: Tensor


def judge(dtype: str) -> FeatureExtractor:
    """lite, down to the deepest layer that is compared."""
    return networks.load(networks.choose("lite", tuple(CONTENT.items()), tuple(STYLE.items())), "average", dtype)


@dataclass(frozen=True)
class Crops:
    """Crops of photos with noise, and second views of the last of them, shifted by some pixels."""

    whole: Tensor  # (N, side + MARGIN, side + MARGIN, 4): float32 RGB in [0, 1], and noise
    shift: Tensor  # (2,): how far down and right the second views are, less than MARGIN
    second: int  # number of second views

    @classmethod
    def of(cls, photos: Tensor, shift: Tensor, second: int) -> Crops:
        """With new noise, which moves with the photos."""
        return cls(tf.concat([photos, tf.random.normal((*photos.shape[:3], 1))], -1), shift, second)

    @property
    def side(self) -> int:
        return int(self.whole.shape[1]) - MARGIN

    @property
    def photos(self) -> Tensor:
        """What the pictures of the first views are compared with: (N, side, side, 3)."""
        return self.whole[:, : self.side, : self.side, :3]

    def painted(self, network: Fast, parameters: Tensor, alpha: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures of the first and of the second views, by parameters (N, ...) and strengths (N,)."""
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
    wanted: list[Moments],
    alpha: Tensor,
    style_factor: float = STYLE_WEIGHT,
) -> Losses:
    """All losses of the pictures `views` of `crops`, painted at strengths `alpha` (N,).

    `seen` holds lite's features of the photos in the layers of CONTENT, `wanted` is from style_targets().
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
    """Mean squared difference between views (N, H, W, 3) of the same photos, the second further down and right.

    `shift` (2,) is less than MARGIN; as much is left out at the borders, where the views see different things.
    """
    count, side = painted.shape[0], painted.shape[1] - MARGIN
    first = tf.slice(painted, [0, shift[0], shift[1], 0], [count, side, side, 3])
    inner = slice(MARGIN, side - MARGIN)
    return tf.reduce_mean(tf.square(first - shifted[:, :side, :side])[:, inner, inner])


def style_weight(alpha: Tensor) -> Tensor:
    """Share of the full style weight at a strength: 0 at 0, growing exponentially as the loop's does.

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
    """Gram matrices (N, C, C) over the number of locations, of features (N, H, W, C)."""
    shape = tf.shape(features)
    locations = tf.cast(shape[1] * shape[2], tf.float32)
    flat = tf.reshape(features, (shape[0], -1, features.shape[-1]))

    def gradient(upstream: Tensor) -> Tensor:
        return tf.reshape(tf.matmul(flat, (upstream + tf.linalg.matrix_transpose(upstream)) / locations), shape)

    return tf.matmul(flat, flat, transpose_a=True) / locations, gradient


def distance(found: Tensor, wanted: tuple[Tensor, Tensor]) -> Tensor:
    """Norm of the difference between Gram matrices over the wanted one's norm, (N,).

    Not squared, so that a style that is hard to meet weighs no more than one that is easy.
    """
    mean, covariance = wanted
    target = covariance + mean[:, :, None] * mean[:, None, :]
    energy = tf.reduce_sum(tf.square(target), (1, 2)) + TINY
    relative = tf.reduce_sum(tf.square(grams(found) - target), (1, 2)) / energy
    return tf.sqrt(relative + SOFTNESS) - SOFTNESS**0.5


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


def clipped(gradients: Sequence[Tensor], norm: float) -> list[Tensor]:
    """Gradients of at most a global norm; none at all where they are too large for numbers, as of a blank photo."""
    found, whole = tf.clip_by_global_norm(gradients, norm)
    return [tf.where(tf.math.is_finite(whole), gradient, 0.0) for gradient in found]
