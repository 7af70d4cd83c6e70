"""Division of large images into tiles whose core features equal those of the whole image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from nst.models.extractors.architecture import Architecture


class Box(NamedTuple):
    """Box of pixels (top, left, bottom, right); `bottom` and `right` are exclusive."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)


@dataclass(frozen=True)
class Tile:
    """Tile of an image: a `core` box, and a box `around` it. The cores of all tiles cover the image exactly once.

    `around` is the core plus the margin needed for the core's features to equal those of the whole image. Both boxes
    start at multiples of the network's stride, so that pooling windows stay aligned.
    """

    core: Box
    around: Box

    @property
    def inner(self) -> Box:
        """Box of the core relative to the top left corner of `around`."""
        (top, left, bottom, right), around = self.core, self.around
        return Box(top - around.top, left - around.left, bottom - around.top, right - around.left)


def halo(architecture: Architecture, deepest: str) -> int:
    """Return the margin around a core, in pixels, for exact features down to layer `deepest`.

    The margin is the layer's receptive field radius rounded up to the layer's stride.
    """
    stride = architecture.stride(deepest)
    return ceil(architecture.reach(deepest) / stride) * stride


def cut(size: tuple[int, int], side: int, architecture: Architecture, deepest: str) -> list[Tile]:
    """Divide an image of `size` (width, height) into tiles, for exact features down to layer `deepest`.

    The sides of the cores are at most `side` pixels, rounded up to the layer's stride.
    """
    width, height = size
    beside, stride = halo(architecture, deepest), architecture.stride(deepest)

    def span(first: int, last: int, end: int) -> tuple[int, int]:
        return max(0, first - beside), min(end, last + beside)

    tiles = []
    for top, bottom in _parts(height, side, stride):
        for left, right in _parts(width, side, stride):
            (above, below), (before, after) = span(top, bottom, height), span(left, right, width)
            tiles.append(Tile(Box(top, left, bottom, right), Box(above, before, below, after)))
    return tiles


def _parts(length: int, side: int, stride: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of about equal parts of a length, each starting at a multiple of the stride.

    Parts have at most `side` pixels, rounded up to the stride.
    """
    part = ceil(length / ceil(length / side) / stride) * stride
    for start in range(0, length, part):
        yield start, min(length, start + part)
