"""Cutting large pictures into tiles that a network sees exactly as it would see the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from nst.models.extractors.architecture import Architecture


class Box(NamedTuple):
    """Rows and columns, in pixels; the ends are not part of it."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)


@dataclass(frozen=True)
class Tile:
    """A part of a picture: `core` is what it answers for; the cores of all tiles cover the picture once.

    `around` is the core and as much beside it as the network needs to see of it all that it would see in the whole
    picture. Both begin at multiples of the network's stride, so that its pooling windows stay where they are.
    """

    core: Box
    around: Box

    @property
    def inner(self) -> Box:
        """The core, counted from the corner of `around`."""
        (top, left, bottom, right), around = self.core, self.around
        return Box(top - around.top, left - around.left, bottom - around.top, right - around.left)


def halo(architecture: Architecture, deepest: str) -> int:
    """Pixels to look at beside a core, so that its features down to a layer are those of the whole picture."""
    stride = architecture.stride(deepest)
    return ceil(architecture.reach(deepest) / stride) * stride


def cut(size: tuple[int, int], side: int, architecture: Architecture, deepest: str) -> list[Tile]:
    """Tiles of a picture of `size` (width, height) for the features down to a layer.

    Their cores have at most `side` pixels, rounded up to the layer's stride.
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
    """About equal parts of a length, each beginning at a multiple of the stride."""
    part = ceil(length / ceil(length / side) / stride) * stride
    for start in range(0, length, part):
        yield start, min(length, start + part)
