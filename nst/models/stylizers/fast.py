"""fast: a small feed-forward network for arbitrary style transfer.

The content image is encoded once and the style image is described once; each strength and each style mix then takes
one run of the decoder. In each modulated layer, the style sets the channel means and standard deviations (adaptive
instance normalization, Huang & Belongie 2017, arXiv:1703.06868; all predicted from one style code, as by Ghiasi et al.
2017, arXiv:1705.06830). A channel of white noise beside the RGB channels seeds strokes in flat areas.

The architecture prevents grid artifacts: each downsampling follows a low-pass filter (Zhang 2019, arXiv:1904.11486),
upsampling is bilinear, and the last convolution runs at full resolution. At full strength the decoder gets no content
features at 1/2 resolution and QUARTER_SHARE of those at 1/4: with more, the network copies edges instead of painting.
A lower strength raises both shares.

Model card: `assets/models/fast.md`. Trained by `tools.train_fast`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from nst.models.extractors.convolution import convolve
from nst.models.extractors.extractor import FeatureExtractor, mirror_borders
from nst.models.extractors.lite import LITE
from nst.models.stylizers.modulation import EPSILON, Modulation, Normalizer, RegionModulation

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs
Modulate = Callable[[Tensor, str], Tensor]  # (features (N, h, w, C), layer name) -> modulated features
Features = tuple[Tensor, Tensor, Tensor]  # of content images at 1/2, 1/4 and 1/8 resolution: (N, h, w, C)

WIDTHS = (32, 64, 96)  # channels at 1/2, 1/4 and 1/8 resolution
BLOCKS = 4  # residual blocks of two convolutions, at 1/8 resolution
CODE = 128  # length of a style code
HIDDEN = 256  # units of the hidden layer that predicts style codes
SKETCH = 16  # channels after the projection of covariances
STYLE_LAYERS = ("block1_conv2", "block2_conv2", "block3_conv1", "block3_conv3")  # layers of lite that describe a style
STYLE_SCALES = (1, 2)  # downsampling factors of the style image: strokes, and larger structures
QUARTER_SHARE = 0.3  # share of the content features at 1/4 resolution that the decoder gets at full strength
STRIDE = 8  # images are padded to multiples of this size
STYLE_SIDE = 448  # side of the square of equal area that style images are scaled to, in pixels

# Per axis: [output phase, low-resolution tap, kernel tap]. Folds 2x bilinear upsampling and a kernel of three weights
# into one kernel of three weights at low resolution, for each of the two output phases.
_ENLARGED = np.array(
    [[[0.75, 0.25, 0], [0.25, 0.75, 0.75], [0, 0, 0.25]], [[0.25, 0, 0], [0.75, 0.75, 0.25], [0, 0.25, 0.75]]], "f4"
)
_BINOMIAL = np.outer([1, 3, 3, 1], [1, 3, 3, 1]).astype("f4") / 64


def modulated() -> dict[str, int]:
    """Return the channel counts of all modulated layers by name, in the order of their parameters."""
    half, quarter, eighth = WIDTHS
    blocks = {f"block{b}_{part}": eighth for b in range(1, BLOCKS + 1) for part in "ab"}
    return {"entry": eighth, **blocks, "up4": quarter, "skip4": quarter, "fine4": quarter,
            "up2": half, "skip2": half, "fine2": half}  # fmt: skip


def decoder_layers() -> dict[str, int]:
    """Return the entries of modulated() after the residual blocks: the layers that decode features to an image."""
    return {name: width for name, width in modulated().items() if width != WIDTHS[-1]}


def normalized() -> dict[str, int]:
    """Return the channel counts of all instance-normalized layers by name: the encoder's, then modulated()."""
    return {"down4": WIDTHS[1], "down8": WIDTHS[2], **modulated()}


def shapes() -> dict[str, tuple[int, ...]]:
    """Return the shape of every weight by name."""
    half, quarter, eighth = WIDTHS
    convolutions = {"stem": (16, half), "down4": (half, quarter), "down8": (quarter, eighth)}
    convolutions |= {f"block{b}_{part}": (eighth, eighth) for b in range(1, BLOCKS + 1) for part in "ab"}
    convolutions |= {"up4": (eighth, quarter), "fine4": (quarter, quarter), "up2": (quarter, half)}
    convolutions |= {"fine2": (half, half), "paint": (half, 3)}
    found: dict[str, tuple[int, ...]] = {f"{n}/kernel": (3, 3, *c) for n, c in convolutions.items()}
    channels = {name: shape[-1] for name, shape in LITE.kernel_shapes(STYLE_LAYERS[-1]).items()}
    found |= {f"sketch{k}_{n}/kernel": (channels[n], SKETCH) for k in STYLE_SCALES for n in STYLE_LAYERS}
    statistics = len(STYLE_SCALES) * sum(2 * channels[n] + SKETCH * SKETCH for n in STYLE_LAYERS)
    parameters = 2 * sum(modulated().values())
    dense = {"hidden": (statistics, HIDDEN), "code": (HIDDEN, CODE), "modulation": (CODE, parameters)}
    for name, shape in dense.items():
        found |= {f"{name}/kernel": shape, f"{name}/bias": shape[-1:]}
    return found


@dataclass(frozen=True, eq=False)
class Fast:
    """The network with weights, named and shaped as in shapes(). Pass tf.Variables as weights to train it.

    `lite` extracts the features of style images, and must be the extractor used in training.
    """

    weights: Mapping[str, Tensor]
    lite: FeatureExtractor
    dtype: str = "float32"

    def describe(self, rgb: Tensor) -> Tensor:
        """Return the style codes (N, CODE) of style images, float32 RGB in [0, 1], shape (N, H, W, 3)."""
        layer_moments = []
        for scale in STYLE_SCALES:
            scaled = rgb if scale == 1 else tf.nn.avg_pool2d(rgb, scale, scale, "SAME")
            found = self.lite.features(scaled, STYLE_LAYERS)
            layer_moments.append({name: moments(found[name]) for name in STYLE_LAYERS})
        return self.code(layer_moments)

    def code(self, layer_moments: list[dict[str, tuple[Tensor, Tensor]]]) -> Tensor:
        """Return style codes (N, CODE) from the moments() of all STYLE_LAYERS, one dict for each of STYLE_SCALES."""
        statistics = []
        for scale, by_layer in zip(STYLE_SCALES, layer_moments, strict=True):
            for name in STYLE_LAYERS:
                mean, covariance = by_layer[name]
                sketch = self.weights[f"sketch{scale}_{name}/kernel"]
                projected = tf.einsum("ncd,ci,dj->nij", covariance, sketch, sketch)
                deviation = tf.sqrt(tf.maximum(tf.linalg.diag_part(covariance), 0.0) + EPSILON)
                statistics += [mean, deviation, tf.reshape(_signed_root(projected), (-1, SKETCH * SKETCH))]
        hidden = tf.nn.leaky_relu(self._dense(tf.concat(statistics, -1), "hidden"))
        return self._dense(hidden, "code")

    def parameters(self, code: Tensor) -> Tensor:
        """Return the modulation parameters (N, 2 * all modulated channels) of style codes (N, CODE)."""
        return self._dense(code, "modulation")

    def encode(self, rgb: Tensor, noise: Tensor, normalizer: Normalizer | None = None) -> Features:
        """Return the features of content images (N, H, W, 3), float32 RGB in [0, 1]; H and W are multiples of STRIDE.

        `noise` (N, H, W, 1) has mean 0 and standard deviation 1. The normalizer, new if None, records the statistics.
        """
        normalize = normalizer or Normalizer()
        x = tf.nn.space_to_depth(_smooth(tf.concat([rgb * 4.0 - 2.0, noise], -1)), 2)
        half = tf.nn.relu(self._conv(tf.cast(x, self.dtype), "stem"))
        found = [half]
        for name in ("down4", "down8"):
            x = self._conv(_halve(found[-1]), name)
            plain = tf.ones((x.shape[0] or 1, x.shape[-1]))
            found.append(tf.nn.relu(normalize(x, name, plain, 0.0 * plain)))
        return tuple(found)

    def decode(
        self, features: Features, parameters: Tensor, alpha: Tensor | None = None, normalizer: Normalizer | None = None
    ) -> Tensor:
        """Decode features from encode() to results (N, H, W, 3), float32 RGB in about [0, 1], unclipped.

        `parameters` are the modulation parameters of the styles, from parameters().
        `alpha` (N,) is the strength from 0 to 1; None means 1 and is faster.
        """
        modulate = Modulation(modulated(), parameters, normalizer or Normalizer())
        return self._decoder(self._residual_blocks(features, modulate), features, alpha, modulate)

    def prepare_region(
        self, features: Features, parameters: Tensor, alpha: Tensor, normalizer: Normalizer | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return the inputs of decode_regions() for one region, computed with its style on the whole image.

        Returns the output of the residual blocks (1, h, w, C), at 1/8 resolution, and Modulation.normalization() of all
        decoder_layers(), concatenated (1, channels). `alpha` (1,) is the strength.
        """
        modulate = Modulation(modulated(), parameters, normalizer or Normalizer())
        x = self._residual_blocks(features, modulate)
        self._decoder(x, features, alpha, modulate)
        return x, tf.concat([modulate.normalization(name) for name in decoder_layers()], -1)

    def decode_regions(
        self, features: Features, deep: Tensor, normalization: Tensor, maps: Tensor, alpha: Tensor
    ) -> Tensor:
        """Decode one result (1, H, W, 3), in which each region has its own style, at the strength `alpha` (1,).

        `deep` and `normalization` are the outputs of prepare_region() for all regions, concatenated along axis 0.
        `maps` (H, W, regions) are the weights of the regions at each pixel, with sum 1. Regions are blended in the
        output of the residual blocks, and in the statistics of all later layers.
        """
        half, quarter, eighth = (tf.nn.avg_pool2d(maps[None], size, size, "VALID")[0] for size in (2, 4, 8))
        layer_maps = {"up4": eighth, "skip4": quarter, "fine4": quarter, "up2": quarter, "skip2": half, "fine2": half}
        x = tf.einsum("hwp,phwc->hwc", eighth, tf.cast(deep, tf.float32))[None]
        modulate = RegionModulation(decoder_layers(), normalization, layer_maps)
        return self._decoder(tf.cast(x, self.dtype), features, alpha, modulate)

    def _residual_blocks(self, features: Features, modulate: Modulate) -> Tensor:
        """Return the output of the residual blocks (N, h, w, C) for the content features at 1/8 resolution."""
        x = modulate(features[-1], "entry")
        for number in range(1, BLOCKS + 1):
            y = tf.nn.relu(modulate(self._conv(x, f"block{number}_a"), f"block{number}_a"))
            x += modulate(self._conv(y, f"block{number}_b"), f"block{number}_b")
        return x

    def _decoder(self, x: Tensor, features: Features, alpha: Tensor | None, modulate: Modulate) -> Tensor:
        """Decode `x`, the output of the residual blocks, with the content features at 1/4 and 1/2 resolution."""
        half, quarter, _ = features
        x = _enlarge(modulate(self._conv(x, "up4"), "up4"))
        x += self._share(QUARTER_SHARE, alpha) * modulate(quarter, "skip4")
        x = tf.nn.relu(modulate(self._conv(tf.nn.relu(x), "fine4"), "fine4"))
        x = _enlarge(modulate(self._conv(x, "up2"), "up2"))
        if alpha is not None:
            x += self._share(0.0, alpha) * modulate(half, "skip2")
        x = tf.nn.relu(modulate(self._conv(tf.nn.relu(x), "fine2"), "fine2"))
        return tf.cast(_convolve_enlarged(x, self._kernel("paint")), tf.float32) + 0.5

    def _share(self, full: float, alpha: Tensor | None) -> Tensor:
        """Return the share (N, 1, 1, 1) of content features given to the decoder: 1 at alpha 0, `full` at alpha 1."""
        share = full if alpha is None else (1.0 - (1.0 - full) * alpha)[:, None, None, None]
        return tf.cast(share, self.dtype)

    def _kernel(self, name: str) -> Tensor:
        return tf.cast(self.weights[f"{name}/kernel"], self.dtype)

    def _conv(self, x: Tensor, name: str) -> Tensor:
        """Convolve by 3x3 with mirrored borders; zero padding would show as a frame in the result."""
        return convolve(mirror_borders(x), self._kernel(name), "VALID")

    def _dense(self, x: Tensor, name: str) -> Tensor:
        return tf.matmul(x, tf.cast(self.weights[f"{name}/kernel"], tf.float32)) + tf.cast(
            self.weights[f"{name}/bias"], tf.float32
        )


def moments(features: Tensor) -> tuple[Tensor, Tensor]:
    """Return the channel means (N, C) and covariances (N, C, C) over all locations of features (N, H, W, C)."""
    shape = tf.shape(features)
    flat = tf.reshape(features, (shape[0], -1, features.shape[-1]))
    mean = tf.reduce_mean(flat, 1)
    second = tf.matmul(flat, flat, transpose_a=True) / tf.cast(shape[1] * shape[2], tf.float32)
    return mean, second - mean[:, :, None] * mean[:, None, :]


def _signed_root(x: Tensor) -> Tensor:
    """Return the signed square root, smoothed at 0; covariances then scale like standard deviations."""
    return x * tf.math.rsqrt(tf.abs(x) + EPSILON)


def _smooth(x: Tensor) -> Tensor:
    """Apply a binomial low-pass filter, 1-2-1 in each direction."""
    # Sums of slices take 1/8 of the time of a convolution or of pooling, because there are few channels.
    padded = mirror_borders(x)
    rows = padded[:, :-2] + 2.0 * padded[:, 1:-1] + padded[:, 2:]
    return (rows[:, :, :-2] + 2.0 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 16.0


def _halve(x: Tensor) -> Tensor:
    """Downsample by 2 with a binomial low-pass filter, 1-3-3-1 in each direction."""
    kernel = tf.constant(np.repeat(_BINOMIAL[:, :, None, None], x.shape[-1], 2), x.dtype)
    return tf.nn.depthwise_conv2d(mirror_borders(x), kernel, [1, 2, 2, 1], "VALID")


def _enlarge(x: Tensor) -> Tensor:
    """Upsample by 2, bilinearly."""
    larger = tf.image.resize(x, 2 * tf.shape(x)[1:3], "bilinear")
    return tf.cast(tf.ensure_shape(larger, (*x.shape[:1], None, None, x.shape[-1])), x.dtype)


def _convolve_enlarged(x: Tensor, kernel: Tensor) -> Tensor:
    """Upsample features (N, h, w, in) by 2 bilinearly and convolve by a kernel (3, 3, in, out): (N, 2h, 2w, out).

    Upsampling and kernel are folded into one 3x3 kernel for each of the four output pixels per location. This avoids
    the upsampled features, which would take as much memory as all others together.
    """
    channels, out = kernel.shape[2:]
    four = tf.einsum("pai,qbj,ijco->abcpqo", _ENLARGED, _ENLARGED, tf.cast(kernel, tf.float32))
    four = tf.cast(tf.reshape(four, (3, 3, channels, 4 * out)), kernel.dtype)
    return tf.nn.depth_to_space(convolve(mirror_borders(x), four, "VALID"), 2)
