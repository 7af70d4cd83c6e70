"""SqueezeNet 1.1 (Iandola et al. 2016, arXiv:1602.07360), the teacher from which lite learns deep features."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import h5py
import tensorflow as tf

from nst.models.extractors.extractor import Tensor
from nst.models.extractors.vgg19 import VGG19


class SqueezeNet:
    """SqueezeNet with ImageNet weights, read from the Keras .h5 file `weights`.

    `dtype` is the number format of the convolutions. `pool` is the pooling function, by default max pooling as in the
    original.
    """

    def __init__(self, weights: Path, dtype: str = "float32", pool: Callable[..., Tensor] = tf.nn.max_pool2d) -> None:
        self._dtype, self._pool = dtype, pool
        self._weights: dict[str, tuple[Tensor, Tensor]] = {}
        with h5py.File(weights) as file:
            found: dict[str, dict[int, Tensor]] = {}
            file.visititems(lambda path, item: _collect(found, path, item))
        for layer, parts in found.items():
            self._weights[layer] = (tf.cast(parts[4], dtype), tf.cast(parts[1], dtype))

    def features(self, rgb: Tensor, layers: Iterable[str]) -> dict[str, Tensor]:
        """Return float32 outputs (N, h, w, channels) of the fire modules in `layers` ("fire2" to "fire9"), by name.

        `rgb` is float32 RGB in [0, 1], (N, H, W, 3).
        """
        wanted = set(layers)
        found = {}
        x = tf.cast(rgb[..., ::-1] * 255.0 - tf.constant(VGG19.mean), self._dtype)  # BGR minus ImageNet mean
        x = self._pool(self._conv(x, "conv1", 2), 3, 2, "SAME")
        for number in range(2, 10):
            if number in (4, 6):
                x = self._pool(x, 3, 2, "SAME")
            x = self._fire(x, f"fire{number}")
            if f"fire{number}" in wanted:
                found[f"fire{number}"] = tf.cast(x, tf.float32)
        return found

    def _conv(self, x: Tensor, layer: str, stride: int = 1) -> Tensor:
        kernel, bias = self._weights[layer]
        return tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, kernel, stride, "SAME"), bias))

    def _fire(self, x: Tensor, name: str) -> Tensor:
        x = self._conv(x, f"{name}/squeeze1x1")
        return tf.concat([self._conv(x, f"{name}/expand1x1"), self._conv(x, f"{name}/expand3x3")], -1)


def _collect(found: dict[str, dict[int, Tensor]], path: str, item: object) -> None:
    """Store the dataset `item` of the weights file in `found`, by layer and by number of axes (4: kernel, 1: bias)."""
    if isinstance(item, h5py.Dataset):
        layer = "/".join(path.split("/")[:2]) if path.startswith("fire") else path.split("/", maxsplit=1)[0]
        found.setdefault(layer, {})[item.ndim] = item[()]
