"""Memory estimate of a run, and the choice between evaluating the whole image, tiles, or raising OutOfMemory.

Bytes are counted for the features kept for the backward pass, more for the compared layers, and for the images held
by the optimizer. The factors were fitted to the peak memory of evaluations with lite and VGG19.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nst.errors import OutOfMemory
from nst.models.extractors.architecture import Architecture
from nst.optimization.tiles import halo

if TYPE_CHECKING:
    from nst.models.extractors.networks import NetworkChoice

WHOLE = 1_500_000  # largest image evaluated as a whole, in pixels; tiles take a fifth more time
TILE = 768  # pixels, side of a tile
HISTORY = 10  # L-BFGS pairs for an image up to WHOLE pixels; larger images keep fewer, for the same total of pixels

PICTURE = 12  # bytes per pixel of a float32 RGB image
RESPONSE = 2 / 3  # images kept by the preconditioner per L-BFGS pair
PLAIN, COMPARED = 2.3, 5.8  # bytes per feature in bfloat16; additional float32 bytes per feature of a compared layer
PICTURES = {"lbfgs": 9, "adam": 10}  # images held at once by the loop and the optimizer, without the L-BFGS history
MAP = 10  # bytes per pixel and region: its map at the size of the result and at the sizes of the network's blocks
COMPOSED = 4  # additional images held for compositing the stylized and the unchanged regions
WEIGHED = 1, 1  # copies of a layer's features when weighted by a map: in float32, and in the network's dtype
MARGIN = 1.1  # safety factor, because measured peaks vary


def history(pixels: int) -> int:
    """Return the number of L-BFGS pairs to keep for an image of `pixels` pixels.

    A pair takes two images, plus the response kept by the preconditioner if the image has at most WHOLE pixels.
    """
    return min(HISTORY, max(1, HISTORY * WHOLE // pixels))


@dataclass(frozen=True)
class Footprint:
    """Estimate of the memory that a run needs.

    Depends on the network (`architecture`, `dtype`), its content and style layers, the optimizer, and the number of
    regions `parts` (0 without regions).
    """

    architecture: Architecture
    content: tuple[str, ...]
    style: tuple[str, ...]
    dtype: str
    optimizer: str
    parts: int = 0  # number of regions including the rest (nst.run.regions); 0 without regions

    @classmethod
    def of(cls, choice: NetworkChoice, dtype: str, optimizer: str, parts: int) -> Footprint:
        """Return the footprint of a run with this extractor, its layers, dtype, optimizer and number of regions."""
        content, style = (tuple(name for name, _ in layers) for layers in (choice.content_layers, choice.style_layers))
        return cls(choice.architecture, content, style, dtype, optimizer, parts)

    def whole(self, pixels: int, steps: int = HISTORY) -> int:
        """Return the bytes needed to evaluate an image of `pixels` pixels as a whole in a run of `steps` iterations.

        The memory of the program itself is not included.
        """
        return round(pixels * (self._features() + self._pictures(pixels, steps)))

    def tiled(self, pixels: int, steps: int = HISTORY) -> int:
        """Return the bytes needed to evaluate an image of `pixels` pixels in tiles, in a run of `steps` iterations.

        They hold the features of one tile, the content targets of the whole image, and the images of the optimizer.
        """
        side = TILE + 2 * halo(self.architecture, self._deepest)
        kept = sum(self._values(name) for name in self.content) * self._size
        return round(min(pixels, side * side) * self._features() + pixels * (kept + self._pictures(pixels, steps)))

    def in_tiles(self, size: tuple[int, int], room: int) -> bool:
        """Return True if an image of `size` (width, height) must be evaluated in tiles to fit into `room` bytes.

        Raises OutOfMemory if it does not fit in tiles either.
        """
        pixels = size[0] * size[1]
        if pixels <= WHOLE and self.whole(pixels) * MARGIN <= room:
            return False
        needed = self.tiled(pixels) * MARGIN
        if needed > room:
            fitting = self._fitting(size, room)
            raise OutOfMemory(
                f"A picture of {size[0]} x {size[1]} pixels needs about {needed / 1e9:.1f} GB of memory; "
                f"{room / 1e9:.1f} GB are available. " + _advice(fitting)
            )
        return True

    @property
    def _deepest(self) -> str:
        return self.architecture.deepest({*self.content, *self.style})

    @property
    def _size(self) -> int:
        return 2 if self.dtype == "bfloat16" else 4

    def _values(self, layer: str) -> float:
        """Return the number of feature values of a layer per pixel of the image."""
        channels: int = self.architecture.kernel_shapes()[layer][-1]
        return channels / self.architecture.stride(layer) ** 2

    def _features(self) -> float:
        """Return the bytes per pixel of all features kept for the backward pass."""
        layers = self.architecture.layers
        used = layers[: layers.index(self._deepest) + 1]
        plain = PLAIN * self._size / 2
        kept = sum(self._values(n) * (plain + COMPARED * (n in {*self.content, *self.style})) for n in used)
        return kept + (self._weighed() if self.parts else 0)

    def _weighed(self) -> float:
        """Return the bytes per pixel needed to weight the features of the largest style layer by a region's map."""
        exact, computed = WEIGHED
        return max(self._values(name) for name in self.style) * (4 * exact + self._size * computed)

    def _pictures(self, pixels: int, steps: int) -> float:
        each = 2 + (RESPONSE if pixels <= WHOLE else 0)
        remembered = each * min(steps, history(pixels)) if self.optimizer == "lbfgs" else 0
        composed = COMPOSED if self.parts else 0
        return PICTURE * (PICTURES[self.optimizer] + remembered + composed) + MAP * self.parts

    def _fitting(self, size: tuple[int, int], room: int) -> int:
        """Return the largest long side in pixels that fits into `room` bytes, at the aspect ratio of `size`.

        The side is a multiple of 64 pixels, or 0 if no size fits.
        """
        longest = max(size)
        for side in range(longest // 64 * 64, 0, -64):
            pixels = round(size[0] * size[1] * (side / longest) ** 2)
            needed = self.tiled(pixels) if pixels > WHOLE else min(self.whole(pixels), self.tiled(pixels))
            if needed * MARGIN <= room:
                return side
        return 0


def _advice(fitting: int) -> str:
    if not fitting:
        return "Close other programs, or wait until other pictures are finished."
    return f"Choose a size of at most {fitting} pixels, or close other programs."
