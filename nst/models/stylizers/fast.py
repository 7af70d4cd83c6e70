"""fast: one small feed-forward network that repaints a photo in the style of any picture, in a blink.

A photo is encoded once and a style is described once; every strength and every mixture of styles is then one run of the
decoder. In each modulated layer the features get the channel means and deviations that the style asks for (adaptive
instance normalization, Huang & Belongie 2017, arXiv:1703.06868; all of them predicted from one code, as by Ghiasi et
al. 2017, arXiv:1705.06830). A channel of white noise beside the photo gives flat areas something to paint strokes from.

The network cannot leave its own grid in a picture: every halving follows a low-pass filter (Zhang 2019,
arXiv:1904.11486), features are enlarged bilinearly, and the last convolution works at the picture's full size. At full
strength the decoder gets no features of the photo at half its size, and a share of those at a quarter: with more it
would copy edges instead of painting. Strength turns them up.

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
from nst.models.stylizers.modulation import EPSILON, Modulation, Normalizer, Placed

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs
Modulate = Callable[[Tensor, str], Tensor]  # features (N, h, w, C) of the layer of a name -> the same, modulated
Features = tuple[Tensor, Tensor, Tensor]  # of photos, at a half, a quarter and an eighth of their size: (N, h, w, C)

WIDTHS = (32, 64, 96)  # channels at a half, a quarter and an eighth of the picture's size
BLOCKS = 4  # residual blocks of two convolutions, at an eighth
CODE = 128  # numbers that describe a style
HIDDEN = 256  # units of the layer that predicts them
SKETCH = 16  # channels that covariances are projected to
LOOKS = ("block1_conv2", "block2_conv2", "block3_conv1", "block3_conv3")  # layers of lite that describe a style
LOOK_SCALES = (1, 2)  # a style is described as it is and at half its size: strokes, and what strokes make up
QUARTER_SHARE = 0.3  # of the photo's features at a quarter, at full strength; none at a half
STRIDE = 8  # pictures are padded to multiples of it
STYLE_SIDE = 448  # side in pixels of the square of equal area that styles are scaled to

# Two rows of a bilinear enlargement, convolved by three weights, as a convolution by three weights of the small rows.
_ENLARGED = np.array(
    [[[0.75, 0.25, 0], [0.25, 0.75, 0.75], [0, 0, 0.25]], [[0.25, 0, 0], [0.75, 0.75, 0.25], [0, 0.25, 0.75]]], "f4"
)
_BINOMIAL = np.outer([1, 3, 3, 1], [1, 3, 3, 1]).astype("f4") / 64


def modulated() -> dict[str, int]:
    """Channels by name of all modulated layers, in the order of their parameters."""
    half, quarter, eighth = WIDTHS
    blocks = {f"block{b}_{part}": eighth for b in range(1, BLOCKS + 1) for part in "ab"}
    return {"entry": eighth, **blocks, "up4": quarter, "skip4": quarter, "fine4": quarter,
            "up2": half, "skip2": half, "fine2": half}  # fmt: skip


def shown() -> dict[str, int]:
    """Those of modulated() after the blocks, where features become a picture."""
    return {name: width for name, width in modulated().items() if width != WIDTHS[-1]}


def normalized() -> dict[str, int]:
    """Channels by name of all layers with instance normalization: those of the encoder, then modulated()."""
    return {"down4": WIDTHS[1], "down8": WIDTHS[2], **modulated()}


def shapes() -> dict[str, tuple[int, ...]]:
    """Shape of every weight by name."""
    half, quarter, eighth = WIDTHS
    convolutions = {"stem": (16, half), "down4": (half, quarter), "down8": (quarter, eighth)}
    convolutions |= {f"block{b}_{part}": (eighth, eighth) for b in range(1, BLOCKS + 1) for part in "ab"}
    convolutions |= {"up4": (eighth, quarter), "fine4": (quarter, quarter), "up2": (quarter, half)}
    convolutions |= {"fine2": (half, half), "paint": (half, 3)}
    found: dict[str, tuple[int, ...]] = {f"{n}/kernel": (3, 3, *c) for n, c in convolutions.items()}
    looks = LITE.kernel_shapes(LOOKS[-1])
    found |= {f"sketch{k}_{n}/kernel": (looks[n][-1], SKETCH) for k in LOOK_SCALES for n in LOOKS}
    statistics = len(LOOK_SCALES) * sum(2 * looks[n][-1] + SKETCH * SKETCH for n in LOOKS)
    parameters = 2 * sum(modulated().values())
    dense = {"hidden": (statistics, HIDDEN), "code": (HIDDEN, CODE), "modulation": (CODE, parameters)}
    for name, shape in dense.items():
        found |= {f"{name}/kernel": shape, f"{name}/bias": shape[-1:]}
    return found


@dataclass(frozen=True, eq=False)
class Fast:
    """The network with weights, named and shaped as in shapes(); variables may be given, then it can be trained.

    `lite` describes styles; it must be the one that the network was trained with.
    """

    weights: Mapping[str, Tensor]
    lite: FeatureExtractor
    dtype: str = "float32"

    def describe(self, rgb: Tensor) -> Tensor:
        """Codes (N, CODE) of style pictures, float32 RGB in [0, 1], shape (N, H, W, 3)."""
        looks = []
        for scale in LOOK_SCALES:
            found = self.lite.features(rgb if scale == 1 else tf.nn.avg_pool2d(rgb, scale, scale, "SAME"), LOOKS)
            looks.append({name: moments(found[name]) for name in LOOKS})
        return self.code(looks)

    def code(self, looks: list[dict[str, tuple[Tensor, Tensor]]]) -> Tensor:
        """Codes (N, CODE) from moments() of the layers in LOOKS, a dict for each of LOOK_SCALES."""
        statistics = []
        for scale, look in zip(LOOK_SCALES, looks, strict=True):
            for name in LOOKS:
                mean, covariance = look[name]
                sketch = self.weights[f"sketch{scale}_{name}/kernel"]
                projected = tf.einsum("ncd,ci,dj->nij", covariance, sketch, sketch)
                deviation = tf.sqrt(tf.maximum(tf.linalg.diag_part(covariance), 0.0) + EPSILON)
                statistics += [mean, deviation, tf.reshape(_signed_root(projected), (-1, SKETCH * SKETCH))]
        hidden = tf.nn.leaky_relu(self._dense(tf.concat(statistics, -1), "hidden"))
        return self._dense(hidden, "code")

    def parameters(self, code: Tensor) -> Tensor:
        """Parameters (N, 2 * all modulated channels) of the modulated layers for codes (N, CODE)."""
        return self._dense(code, "modulation")

    def encode(self, rgb: Tensor, noise: Tensor, normalizer: Normalizer | None = None) -> Features:
        """Features of photos, float32 RGB in [0, 1] (N, H, W, 3), H and W multiples of STRIDE, with noise (N, H, W, 1).

        The noise has mean 0 and deviation 1.
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
        """Paint pictures, float32 RGB of about [0, 1], (N, H, W, 3), by parameters() of their styles.

        `alpha` (N,) is the strength from 0 to 1; None is 1, and faster.
        """
        modulate = Modulation(modulated(), parameters, normalizer or Normalizer())
        return self._shown(self._deep(features, modulate), features, alpha, modulate)

    def note(
        self, features: Features, parameters: Tensor, alpha: Tensor, normalizer: Normalizer | None = None
    ) -> tuple[Tensor, Tensor]:
        """What decode_regions() needs of one region, as if the whole photo were painted in its style.

        Its features at an eighth (1, h, w, C), and the numbers of Modulation.noted() for the layers after them.
        """
        modulate = Modulation(modulated(), parameters, normalizer or Normalizer())
        x = self._deep(features, modulate)
        self._shown(x, features, alpha, modulate)
        return x, tf.concat([modulate.noted(name) for name in shown()], -1)

    def decode_regions(self, features: Features, deep: Tensor, noted: Tensor, maps: Tensor, alpha: Tensor) -> Tensor:
        """Paint one picture (1, H, W, 3) from what note() says of its regions, one region after another.

        `maps` (H, W, regions) are each pixel's shares of them, which sum to 1. Regions are mixed at an eighth, where
        the composition is settled, and from there on.
        """
        half, quarter, eighth = (tf.nn.avg_pool2d(maps[None], size, size, "VALID")[0] for size in (2, 4, 8))
        places = {"up4": eighth, "skip4": quarter, "fine4": quarter, "up2": quarter, "skip2": half, "fine2": half}
        x = tf.einsum("hwp,phwc->hwc", eighth, tf.cast(deep, tf.float32))[None]
        return self._shown(tf.cast(x, self.dtype), features, alpha, Placed(shown(), noted, places))

    def _deep(self, features: Features, modulate: Modulate) -> Tensor:
        """The composition of the picture, at an eighth."""
        x = modulate(features[-1], "entry")
        for number in range(1, BLOCKS + 1):
            y = tf.nn.relu(modulate(self._conv(x, f"block{number}_a"), f"block{number}_a"))
            x += modulate(self._conv(y, f"block{number}_b"), f"block{number}_b")
        return x

    def _shown(self, x: Tensor, features: Features, alpha: Tensor | None, modulate: Modulate) -> Tensor:
        """The picture for features at an eighth."""
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
        """Share (N, 1, 1, 1) of the photo's features that the decoder gets: all at strength 0, `full` at 1."""
        share = full if alpha is None else (1.0 - (1.0 - full) * alpha)[:, None, None, None]
        return tf.cast(share, self.dtype)

    def _kernel(self, name: str) -> Tensor:
        return tf.cast(self.weights[f"{name}/kernel"], self.dtype)

    def _conv(self, x: Tensor, name: str) -> Tensor:
        """3x3, mirrored beyond the borders: zeros there would be painted, as a frame."""
        return convolve(mirror_borders(x), self._kernel(name), "VALID")

    def _dense(self, x: Tensor, name: str) -> Tensor:
        return tf.matmul(x, tf.cast(self.weights[f"{name}/kernel"], tf.float32)) + tf.cast(
            self.weights[f"{name}/bias"], tf.float32
        )


def moments(features: Tensor) -> tuple[Tensor, Tensor]:
    """Channel means (N, C) and covariances (N, C, C) over the locations of features (N, H, W, C)."""
    shape = tf.shape(features)
    flat = tf.reshape(features, (shape[0], -1, features.shape[-1]))
    mean = tf.reduce_mean(flat, 1)
    second = tf.matmul(flat, flat, transpose_a=True) / tf.cast(shape[1] * shape[2], tf.float32)
    return mean, second - mean[:, :, None] * mean[:, None, :]


def _signed_root(x: Tensor) -> Tensor:
    """Covariances on the scale of deviations; smooth at 0."""
    return x * tf.math.rsqrt(tf.abs(x) + EPSILON)


def _smooth(x: Tensor) -> Tensor:
    """Binomial low-pass filter, 1-2-1 down and across."""
    # Sums of slices: with so few channels they take an eighth of the time of a convolution or of pools.
    padded = mirror_borders(x)
    rows = padded[:, :-2] + 2.0 * padded[:, 1:-1] + padded[:, 2:]
    return (rows[:, :, :-2] + 2.0 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 16.0


def _halve(x: Tensor) -> Tensor:
    """Half the size, low-passed by 1-3-3-1 down and across."""
    kernel = tf.constant(np.repeat(_BINOMIAL[:, :, None, None], x.shape[-1], 2), x.dtype)
    return tf.nn.depthwise_conv2d(mirror_borders(x), kernel, [1, 2, 2, 1], "VALID")


def _enlarge(x: Tensor) -> Tensor:
    """Twice the size, bilinearly."""
    larger = tf.image.resize(x, 2 * tf.shape(x)[1:3], "bilinear")
    return tf.cast(tf.ensure_shape(larger, (*x.shape[:1], None, None, x.shape[-1])), x.dtype)


def _convolve_enlarged(x: Tensor, kernel: Tensor) -> Tensor:
    """Convolve features (N, h, w, in), enlarged twice bilinearly, by a kernel (3, 3, in, out): (N, 2h, 2w, out).

    Bilinear weights and the kernel's make one 3x3 kernel for each of the four pixels of a place, so the enlarged
    features, which would be as large as all others together, need not be computed.
    """
    channels, out = kernel.shape[2:]
    four = tf.einsum("pai,qbj,ijco->abcpqo", _ENLARGED, _ENLARGED, tf.cast(kernel, tf.float32))
    four = tf.cast(tf.reshape(four, (3, 3, channels, 4 * out)), kernel.dtype)
    return tf.nn.depth_to_space(convolve(mirror_borders(x), four, "VALID"), 2)
