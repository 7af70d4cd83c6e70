"""Cutting large pictures into tiles that a network sees exactly as it would see the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple


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


def cut(size: tuple[int, int], side: int, halo: int, stride: int) -> list[Tile]:
    """Tiles of a picture of `size` (width, height), with cores of at most `side` pixels, rounded up to the stride.

    `halo` is how far beyond a feature's own place the network looks, in pixels.
    """
    width, height = size
    beside = ceil(halo / stride) * stride

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
