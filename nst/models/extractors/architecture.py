"""Architecture of a feature extractor without weights: layers, preprocessing and default content and style layers.

Plain data, so that the page and the command line can list layers without importing TensorFlow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from nst.errors import SettingsError
from nst.settings.fields import LayerWeights


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """A chain of 3x3 convolutions in blocks, with 2x2 pooling between blocks.

    `blocks` lists (channels, number of convolutions). The input of the first convolution is `pixels * scale - mean`,
    with pixels as RGB in [0, 1], or as BGR if `bgr`.
    """

    name: str
    blocks: tuple[tuple[int, int], ...]
    padding: str  # of the convolutions: "zero", or "mirror", which avoids artifacts at the image borders
    bgr: bool
    scale: float
    mean: tuple[float, float, float]  # in the channel order and scale of the first convolution's input
    content_layers: LayerWeights
    style_layers: LayerWeights

    @cached_property
    def layers(self) -> tuple[str, ...]:
        """Names of all layers, shallow to deep, as in Keras."""
        return tuple(f"block{b}_conv{c}" for b, (_, count) in enumerate(self.blocks, 1) for c in range(1, count + 1))

    def kernel_shapes(self, deepest: str | None = None) -> dict[str, tuple[int, int, int, int]]:
        """Return the kernel shapes (3, 3, in, out) of all layers down to `deepest`, or of all layers if None."""
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
        """Return the deepest of `layers`, given by name; the network can be cut after it."""
        return max(layers, key=self.layers.index)

    def stride(self, layer: str) -> int:
        """Return the stride of a layer: the distance between neighboring features, in input pixels, on both axes."""
        return 1 << int(layer.removeprefix("block").partition("_")[0]) - 1

    def reach(self, layer: str) -> int:
        """Return the receptive-field radius of a layer's features, in input pixels; the larger one if asymmetric."""
        found, stride = 0, 1
        for name in self.layers[: self.layers.index(layer) + 1]:
            if self.stride(name) > stride:
                found, stride = found + stride, 2 * stride  # a 2x2 pooling window adds one location on one side
            found += stride
        return found

    def check_layers(self, layers: Iterable[str]) -> None:
        """Raise SettingsError if the network lacks one of `layers`."""
        for name in layers:
            if name not in self.layers:
                known = ", ".join(self.layers)
                raise SettingsError(f"{self.name} has no layer {name!r}. Its layers are: {known}.")
