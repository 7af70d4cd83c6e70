"""How much memory a run takes, and whether a picture is looked at as a whole, in tiles, or not at all.

Bytes are counted from what is kept: features for the backward pass, more for those that are compared, and the
pictures that an optimizer remembers. The factors were fitted to the peak memory of lite's and VGG19's evaluations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nst.errors import OutOfMemory
from nst.models.extractors.architecture import Architecture
from nst.optimization.tiles import halo

if TYPE_CHECKING:
    from nst.models.extractors.networks import Choice

WHOLE = 1_500_000  # pixels of a picture that is looked at as a whole; tiles cost a fifth more time
TILE = 768  # pixels of a tile's side
HISTORY = 10  # steps that L-BFGS remembers of a picture that is looked at as a whole; of larger ones, as many pixels

PICTURE = 12  # bytes a pixel of a picture at work: float32 RGB
RESPONSE = 2 / 3  # pictures that the preconditioner keeps for a step that is remembered
PLAIN, COMPARED = 2.3, 5.8  # bytes a feature in bfloat16, and what one that is compared takes in float32 besides
PICTURES = {"lbfgs": 9, "adam": 10}  # pictures that the loop and the optimizer hold at once, without a history
MAP = 10  # bytes a pixel and part of a picture in parts: its map at the size of the result, and at those of the blocks
COMPOSED = 4  # pictures more that it holds, of what is painted and what is not
WEIGHED = 1, 1  # copies in float32, and as they were computed, of a layer's features that are weighed by a map
MARGIN = 1.1  # of what is needed: what was measured varies


def history(pixels: int) -> int:
    """Steps that L-BFGS remembers: two pictures each, and of small pictures what the preconditioner keeps."""
    return min(HISTORY, max(1, HISTORY * WHOLE // pixels))


@dataclass(frozen=True)
class Footprint:
    """What the steps of a run take: its network's layers, number format and optimizer."""

    architecture: Architecture
    content: tuple[str, ...]
    style: tuple[str, ...]
    dtype: str
    optimizer: str
    parts: int = 0  # that the picture comes in (nst.run.regions), 0 where it is one

    @classmethod
    def of(cls, choice: Choice, dtype: str, optimizer: str, parts: int) -> Footprint:
        """For the network that was chosen, and its layers."""
        content, style = (tuple(name for name, _ in layers) for layers in (choice.content_layers, choice.style_layers))
        return cls(choice.architecture, content, style, dtype, optimizer, parts)

    def whole(self, pixels: int, steps: int = HISTORY) -> int:
        """Bytes, beside the program itself, that a picture takes in one piece, if so many steps are taken."""
        return round(pixels * (self._features() + self._pictures(pixels, steps)))

    def tiled(self, pixels: int, steps: int = HISTORY) -> int:
        """The same in tiles: features of one, the photo's features that all are compared with, and the pictures."""
        side = TILE + 2 * halo(self.architecture, self._deepest)
        kept = sum(self._values(name) for name in self.content) * self._size
        return round(min(pixels, side * side) * self._features() + pixels * (kept + self._pictures(pixels, steps)))

    def in_tiles(self, size: tuple[int, int], room: int) -> bool:
        """Whether a picture of `size` (width, height) has to be cut, with so many bytes left. Raises OutOfMemory."""
        pixels = size[0] * size[1]
        if pixels <= WHOLE and self.whole(pixels) * MARGIN <= room:
            return False
        needed = self.tiled(pixels) * MARGIN
        if needed > room:
            fitting = self._fitting(size, room)
            raise OutOfMemory(
                f"A picture of {size[0]} x {size[1]} pixels needs about {needed / 1e9:.1f} GB of memory; "
                f"{room / 1e9:.1f} GB are left. " + _advice(fitting)
            )
        return True

    @property
    def _deepest(self) -> str:
        return self.architecture.deepest({*self.content, *self.style})

    @property
    def _size(self) -> int:
        return 2 if self.dtype == "bfloat16" else 4

    def _values(self, layer: str) -> float:
        """Features a pixel of the picture."""
        channels: int = self.architecture.kernel_shapes()[layer][-1]
        return channels / self.architecture.stride(layer) ** 2

    def _features(self) -> float:
        """Bytes a pixel."""
        layers = self.architecture.layers
        used = layers[: layers.index(self._deepest) + 1]
        plain = PLAIN * self._size / 2
        kept = sum(self._values(n) * (plain + COMPARED * (n in {*self.content, *self.style})) for n in used)
        return kept + (self._weighed() if self.parts else 0)

    def _weighed(self) -> float:
        """Bytes a pixel for the largest of the layers that are weighed by maps, one after another."""
        exact, computed = WEIGHED
        return max(self._values(name) for name in self.style) * (4 * exact + self._size * computed)

    def _pictures(self, pixels: int, steps: int) -> float:
        each = 2 + (RESPONSE if pixels <= WHOLE else 0)
        remembered = each * min(steps, history(pixels)) if self.optimizer == "lbfgs" else 0
        composed = COMPOSED if self.parts else 0
        return PICTURE * (PICTURES[self.optimizer] + remembered + composed) + MAP * self.parts

    def _fitting(self, size: tuple[int, int], room: int) -> int:
        """The largest long side of the same shape that fits, a multiple of 64 pixels; 0 where none does."""
        longest = max(size)
        for side in range(longest // 64 * 64, 0, -64):
            pixels = round(size[0] * size[1] * (side / longest) ** 2)
            needed = self.tiled(pixels) if pixels > WHOLE else min(self.whole(pixels), self.tiled(pixels))
            if needed * MARGIN <= room:
                return side
        return 0


def _advice(fitting: int) -> str:
    if not fitting:
        return "Close other programs, or wait for other pictures to be finished."
    return f"Choose a size of {fitting} pixels or less, or close other programs."
