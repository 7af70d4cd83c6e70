"""What a network is before it has weights: its layers, how it wants its pixels, and what is looked at by default.

Plain data, so that the page and the command line can list layers without waiting for TensorFlow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from nst.errors import SettingsError
from nst.settings.engines import LayerWeights


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """A chain of 3x3 convolutions in blocks, with the picture halved by pooling between the blocks.

    `blocks` lists (channels, number of convolutions). Pixels, RGB in [0, 1], reach the first convolution as
    `pixels * scale - mean`, their channels reversed before that where `bgr` is set.
    """

    name: str
    blocks: tuple[tuple[int, int], ...]
    padding: str  # of the convolutions: "zero", or "mirror", which leaves no line along a picture's border
    bgr: bool
    scale: float
    mean: tuple[float, float, float]  # in the order and on the scale that the first convolution sees
    content_layers: LayerWeights
    style_layers: LayerWeights

    @cached_property
    def layers(self) -> tuple[str, ...]:
        """Names of all layers, shallow to deep, as Keras names them."""
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

    def stride(self, layer: str) -> int:
        """Pixels between neighboring features of a layer, down and across."""
        return 1 << int(layer.removeprefix("block").partition("_")[0]) - 1

    def reach(self, layer: str) -> int:
        """How far beside its own place a feature of a layer looks, in pixels."""
        found, stride = 0, 1
        for name in self.layers[: self.layers.index(layer) + 1]:
            if self.stride(name) > stride:
                found, stride = found + stride, 2 * stride  # a pooling window: its own place and the next one
            found += stride
        return found

    def check_layers(self, layers: Iterable[str]) -> None:
        """Raise SettingsError if the network has no layer of such a name."""
        for name in layers:
            if name not in self.layers:
                known = ", ".join(self.layers)
                raise SettingsError(f"{self.name} has no layer {name!r}. Its layers are: {known}.")
