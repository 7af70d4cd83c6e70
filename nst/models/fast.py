"""fast: one small feed-forward network that repaints a photo in the manner of any style picture, in a blink.

The photo is encoded once, a style is described once; then every strength and every mixture of styles is one run of
the decoder. In it, each modulated layer gives its features the channel means and deviations that the style asks for
(adaptive instance normalization, Huang & Belongie 2017, arXiv:1703.06868; all of them predicted from one code, as by
Ghiasi et al. 2017, arXiv:1705.06830). Its model card is `assets/models/fast.md`; it was trained by
`nst.training.train_fast`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from nst.models.convnet import FeatureExtractor, mirror_borders
from nst.models.lite import LITE
from nst.models.modulation import EPSILON, Modulation, Noting, Placed

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs
Paint = Callable[[Tensor, str], Tensor]  # what a style does to the features (N, h, w, C) of the layer of a name
Features = tuple[Tensor, Tensor, Tensor]  # of photos, at a half, a quarter and an eighth of their size: (N, h, w, C)

WIDTHS = (32, 64, 96)  # channels at a half, a quarter and an eighth of the picture's size
BLOCKS = 5  # residual blocks of two convolutions, at an eighth
CODE = 96  # numbers that a style becomes
HIDDEN = 160  # of the network that makes them
SKETCH = 12  # channels that a layer is seen through when its covariances are taken
LOOKS = ("block1_conv2", "block2_conv2", "block3_conv1")  # layers of lite whose statistics describe a style
LOOK_SCALES = (1, 2)  # a style is looked at as it is, and at half its size: strokes, and what strokes make up
STRIDE = 8  # pictures are padded to multiples of it
STYLE_SIDE = 448  # pixels of a square as large as the styles are described at
STYLE_PREFIX = "style/"  # of the weights of lite's copy that looks at styles


def modulated() -> dict[str, int]:
    """Channels by name of all layers that a style modulates, in the order of their parameters."""
    half, quarter, eighth = WIDTHS
    blocks = {f"block{b}_{part}": eighth for b in range(1, BLOCKS + 1) for part in "ab"}
    return {"entry": eighth, **blocks, "skip4": quarter, "up4": quarter, "fine4": quarter,
            "skip2": half, "up2": half, "fine2": half}  # fmt: skip


def shown() -> dict[str, int]:
    """Those of modulated() that lie after the blocks, where features become a picture."""
    return {name: width for name, width in modulated().items() if width != WIDTHS[-1]}


def shapes() -> dict[str, tuple[int, ...]]:
    """Shape of every weight by name."""
    half, quarter, eighth = WIDTHS
    convs = {"stem": (12, half), "down4": (half, quarter), "down8": (quarter, eighth)}
    convs |= {f"block{b}_{part}": (eighth, eighth) for b in range(1, BLOCKS + 1) for part in "ab"}
    convs |= {"up4": (eighth, quarter), "fine4": (quarter, quarter), "up2": (quarter, half)}
    convs |= {"fine2": (half, half), "paint": (half, 12)}
    found: dict[str, tuple[int, ...]] = {f"{n}/kernel": (3, 3, *c) for n, c in convs.items()}
    # What instance normalization takes away again needs no bias.
    found |= {f"{n}/bias": (convs[n][1],) for n in ("stem", "down4", "down8", "paint")}
    looks = LITE.kernel_shapes(LOOKS[-1])
    for name, kernel in looks.items():
        found |= {f"{STYLE_PREFIX}{name}/kernel": kernel, f"{STYLE_PREFIX}{name}/bias": kernel[-1:]}
    found |= {f"sketch{k}_{n}/kernel": (looks[n][-1], SKETCH) for k in LOOK_SCALES for n in LOOKS}
    statistics = len(LOOK_SCALES) * sum(2 * looks[n][-1] + SKETCH * SKETCH for n in LOOKS)
    parameters = 2 * sum(modulated().values())
    dense = {"hidden": (statistics, HIDDEN), "code": (HIDDEN, CODE), "modulation": (CODE, parameters)}
    for name, shape in dense.items():
        found |= {f"{name}/kernel": shape, f"{name}/bias": shape[-1:]}
    return found


@dataclass(frozen=True, eq=False)
class Fast:
    """The network with weights, named and shaped as in shapes(); variables may be given, then it can be trained."""

    weights: Mapping[str, Tensor]
    dtype: str = "float32"

    def describe(self, rgb: Tensor) -> Tensor:
        """Codes (N, CODE) of style pictures, float32 RGB in [0, 1], shape (N, H, W, 3)."""
        eye = self.eye()
        looks = []
        for scale in LOOK_SCALES:
            seen = rgb if scale == 1 else tf.nn.avg_pool2d(rgb, scale, scale, "SAME")
            found = eye.features(seen, LOOKS)
            looks.append({n: moments(found[n]) for n in LOOKS})
        return self.code(looks)

    def eye(self) -> FeatureExtractor:
        """lite, as it was when this network was trained."""
        names = LITE.kernel_shapes(LOOKS[-1])
        parts = {n: tuple(self.weights[f"{STYLE_PREFIX}{n}/{part}"] for part in ("kernel", "bias")) for n in names}
        return FeatureExtractor(LITE, parts, dtype=self.dtype)

    def code(self, looks: list[dict[str, tuple[Tensor, Tensor]]]) -> Tensor:
        """Codes (N, CODE) from what moments() says of the layers in LOOKS, a dict for each of LOOK_SCALES."""
        statistics = []
        for scale, look in zip(LOOK_SCALES, looks, strict=True):
            for name in LOOKS:
                mean, covariance = look[name]
                sketch = self.weights[f"sketch{scale}_{name}/kernel"]
                seen = tf.einsum("ncd,ci,dj->nij", covariance, sketch, sketch)
                deviation = tf.sqrt(tf.maximum(tf.linalg.diag_part(covariance), 0.0) + EPSILON)
                statistics += [mean, deviation, tf.reshape(_signed_root(seen), (-1, SKETCH * SKETCH))]
        hidden = tf.nn.leaky_relu(self._dense(tf.concat(statistics, -1), "hidden"))
        return self._dense(hidden, "code")

    def encode(self, rgb: Tensor) -> Features:
        """Features of photos, float32 RGB in [0, 1], shape (N, H, W, 3), H and W multiples of STRIDE."""
        x = tf.cast(tf.nn.space_to_depth(rgb * 4.0 - 2.0, 2), self.dtype)
        half = tf.nn.relu(self._conv(x, "stem"))
        quarter = tf.nn.relu(self._conv(half, "down4", 2))
        eighth = tf.nn.relu(self._conv(quarter, "down8", 2))
        return half, quarter, eighth

    def decode(self, features: Features, code: Tensor, alpha: Tensor | None = None) -> Tensor:
        """Pictures, float32 RGB of about [0, 1], (N, H, W, 3), from photos and codes (N, CODE).

        `alpha` (N,) is for training: how far features are modulated. At 0 the decoder is to give the photo back.
        """
        return self._decode(features, Modulation(modulated(), self._dense(code, "modulation"), alpha))

    def note(self, features: Features, code: Tensor) -> tuple[Tensor, Tensor]:
        """All that decode_parts() takes of one part, as if all of the photo were painted like it.

        Its features at an eighth (1, h, w, C), and what Noting notes of the layers after them (1, numbers).
        """
        noting = Noting(modulated(), self._dense(code, "modulation"))
        x = self._deep(features, noting)
        self._shown(x, features, noting)
        return x, tf.concat([noting.noted[name] for name in shown()], -1)

    def decode_parts(self, features: Features, deep: Tensor, noted: Tensor, maps: Tensor) -> Tensor:
        """One picture (1, H, W, 3) from what note() says of its parts, one part after another.

        `maps` (H, W, parts) are each pixel's shares of them, which sum to 1. Parts are mixed at an eighth, where what
        is painted is settled, and from there on.
        """
        shares, sizes = maps[None], dict[int, Tensor]()
        for width in WIDTHS:
            shares = tf.nn.avg_pool2d(shares, 2, 2, "VALID")
            sizes[width] = shares[0]
        x = tf.einsum("hwp,phwc->hwc", sizes[WIDTHS[-1]], tf.cast(deep, tf.float32))[None]
        return self._shown(tf.cast(x, self.dtype), features, Placed(shown(), noted, sizes))

    def _decode(self, features: Features, paint: Paint) -> Tensor:
        return self._shown(self._deep(features, paint), features, paint)

    def _deep(self, features: Features, paint: Paint) -> Tensor:
        """What is painted, at an eighth."""
        x = paint(features[-1], "entry")
        for number in range(1, BLOCKS + 1):
            y = tf.nn.relu(paint(self._conv(x, f"block{number}_a"), f"block{number}_a"))
            x += paint(self._conv(y, f"block{number}_b"), f"block{number}_b")
        return x

    def _shown(self, x: Tensor, features: Features, paint: Paint) -> Tensor:
        """The picture of it."""
        half, quarter, _ = features
        x = self._up(x, quarter, "4", paint)
        x += tf.nn.relu(paint(self._conv(x, "fine4"), "fine4"))
        x = self._up(x, half, "2", paint)
        x += tf.nn.relu(paint(self._conv(x, "fine2"), "fine2"))
        return tf.nn.depth_to_space(tf.cast(self._conv(x, "paint"), tf.float32), 2) + 0.5

    def _up(self, x: Tensor, skip: Tensor, size: str, paint: Paint) -> Tensor:
        """Twice the size, with the photo's features of that size."""
        larger = _convolve_enlarged(x, tf.cast(self.weights[f"up{size}/kernel"], self.dtype))
        return tf.nn.relu(paint(larger, f"up{size}") + paint(skip, f"skip{size}"))

    def _conv(self, x: Tensor, name: str, stride: int = 1) -> Tensor:
        """3x3, beyond the borders mirrored: zeros there would be painted, as a frame."""
        kernel = tf.cast(self.weights[f"{name}/kernel"], self.dtype)
        x = tf.nn.conv2d(mirror_borders(x, 2 - stride), kernel, stride, "VALID")
        bias = self.weights.get(f"{name}/bias")
        return x if bias is None else tf.nn.bias_add(x, tf.cast(bias, self.dtype))

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


def _convolve_enlarged(x: Tensor, kernel: Tensor) -> Tensor:
    """Features (N, h, w, in), each value four times, convolved by a kernel (3, 3, in, out): (N, 2h, 2w, out).

    A sub-pixel convolution would cost no less and leave a grid (Odena et al. 2016, doi:10.23915/distill.00003). As
    equal neighbors share the sum of their weights, a 2x2 kernel at the small size does it for each corner of a value.
    """
    height, width, channels = tf.shape(x)[1], tf.shape(x)[2], kernel.shape[-1]
    corners = [(down, right) for down in (0, 1) for right in (0, 1)]
    kernels = [_fold(_fold(kernel, 0, down), 1, right) for down, right in corners]
    found = tf.split(tf.nn.conv2d(mirror_borders(x), tf.concat(kernels, -1), 1, "VALID"), [channels] * 4, -1)
    shifted = [f[:, i : i + height, j : j + width] for (i, j), f in zip(corners, found, strict=True)]
    return tf.nn.depth_to_space(tf.concat(shifted, -1), 2)


def _fold(kernel: Tensor, axis: int, late: int) -> Tensor:
    """Three weights along an axis as two: the last two fall on one value, or for a `late` position the first two."""
    first, middle, last = tf.unstack(kernel, axis=axis)
    return tf.stack([first + middle, last] if late else [first, middle + last], axis)
