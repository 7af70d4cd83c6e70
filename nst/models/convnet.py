"""The one shape all feature extractors share: a chain of 3x3 convolutions in blocks.

VGG19 (Simonyan & Zisserman 2015) and lite are both such chains; they differ in widths, weights and in how
they want their pixels. Layers carry Keras' names, `block{b}_conv{c}`, and a layer's features are taken
after its ReLU, so that oneDNN can fuse convolution, bias and ReLU.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import tensorflow as tf

from nst.errors import ModelError

Tensor = Any  # tf.Tensor; TensorFlow ships no usable type stubs


@dataclass(frozen=True)
class Architecture:
    """What a network is before it has weights.

    `blocks` lists (channels, number of convolutions); between blocks the picture is halved by pooling.
    `preprocess` maps float32 RGB in [0, 1], shape (N, H, W, 3), to what the first convolution was trained on.
    """

    name: str
    blocks: tuple[tuple[int, int], ...]
    preprocess: Callable[[Tensor], Tensor]

    @cached_property
    def layers(self) -> tuple[str, ...]:
        """Names of all layers, shallow to deep."""
        return tuple(f"block{b}_conv{c}" for b, (_, count) in enumerate(self.blocks, 1) for c in range(1, count + 1))

    def kernel_shapes(self, deepest: str | None = None) -> dict[str, tuple[int, int, int, int]]:
        """Kernel shape (3, 3, in, out) of every layer, down to `deepest` (all where it is None)."""
        self.check_layers([deepest] if deepest else [])
        shapes: dict[str, tuple[int, int, int, int]] = {}
        incoming = 3
        for number, (channels, count) in enumerate(self.blocks, 1):
            for conv in range(1, count + 1):
                name = f"block{number}_conv{conv}"
                shapes[name] = (3, 3, incoming, channels)
                incoming = channels
                if name == deepest:
                    return shapes
        return shapes

    def deepest(self, layers: Iterable[str]) -> str:
        """The deepest of `layers`: the network can be cut after it."""
        return max(layers, key=self.layers.index)

    def check_layers(self, layers: Iterable[str]) -> None:
        """Raise ModelError if the network has no layer of such a name."""
        for name in layers:
            if name not in self.layers:
                known = ", ".join(self.layers)
                raise ModelError(f"{self.name} has no layer {name!r}. Its layers are: {known}.")


@dataclass(frozen=True, eq=False)
class FeatureExtractor:
    """A network with weights: pictures in, named features out.

    `weights` maps layer names to (kernel (3, 3, in, out), bias (out,)), float32; variables may be given, then
    the network can be trained. Convolutions run in `dtype`; features come back in float32, because Gram
    matrices and losses of bfloat16 features would drown in rounding.
    """

    architecture: Architecture
    weights: Mapping[str, tuple[Tensor, Tensor]]
    pooling: str = "average"
    dtype: str = "float32"

    @property
    def name(self) -> str:
        return self.architecture.name

    def features(self, rgb: Tensor, layers: Iterable[str]) -> dict[str, Tensor]:
        """Features of `layers` for float32 RGB in [0, 1], shape (N, H, W, 3).

        Each is float32, shape (N, H / 2^b, W / 2^b, channels) with b the pools above it.
        The network is cut after the deepest of `layers`.
        """
        wanted = set(layers)
        found: dict[str, Tensor] = {}
        x = tf.cast(self.architecture.preprocess(rgb), self.dtype)
        for name in self.architecture.kernel_shapes(self.architecture.deepest(wanted)):
            if name.endswith("conv1") and name != self.architecture.layers[0]:
                x = self._pool(x)
            kernel, bias = (tf.cast(w, self.dtype) for w in self.weights[name])
            x = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, kernel, 1, "SAME"), bias))
            if name in wanted:
                found[name] = tf.cast(x, tf.float32)
        return found

    def _pool(self, x: Tensor) -> Tensor:
        pool = tf.nn.avg_pool2d if self.pooling == "average" else tf.nn.max_pool2d
        return pool(x, 2, 2, "SAME")
