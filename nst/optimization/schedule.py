"""Coarse-to-fine schedule: the sizes of the resolution levels and the number of optimizer steps at each."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

SMALLEST = 64  # pixels, minimum short side of a level: features of smaller images carry little information
# Shares of the steps at full size, at half size, and at a quarter and less. Coarse steps are cheap and fix the large
# structures: steps in these shares gave results as good as 200 steps in shares of 1, 2 and 3, in 0.6 of the time.
SHARES = (1.0, 4.0, 5.0)
# Above this size, each doubling adds a level with half the steps of the previous one: large structures are fixed by
# then, strokes are enlarged with the image, and total time grows no faster than the number of pixels.
SETTLED = 512  # pixels of the long side


@dataclass(frozen=True)
class Level:
    """Image size and number of optimizer steps of one resolution level."""

    size: tuple[int, int]  # (width, height) in pixels
    steps: int

    @property
    def pixels(self) -> int:
        return self.size[0] * self.size[1]


def plan(size: tuple[int, int], levels: int, steps: int) -> list[Level]:
    """Return the resolution levels from coarse to fine, each twice as wide as the previous one; the last has `size`.

    The steps of all resolution levels add up to `steps`. `levels` is their number for an image of 512 pixels; larger
    images have more levels, unless `levels` is 1. Levels with a short side below SMALLEST are omitted.
    """
    doublings = max(0, round(log2(max(size) / SETTLED))) if levels > 1 else 0
    halvings = [k for k in range(doublings + levels) if k == 0 or min(size) / 2**k >= SMALLEST][:steps]
    shares = [_share(k - doublings) for k in halvings]
    spare = steps - len(halvings)  # each level has at least one step
    counts = [1 + int(spare * share / sum(shares)) for share in shares]
    counts[-1] += steps - sum(counts)  # the rounding remainder goes to the coarsest level, the cheapest
    sizes = [(max(1, round(size[0] / 2**k)), max(1, round(size[1] / 2**k))) for k in halvings]
    return [Level(*level) for level in reversed(list(zip(sizes, counts, strict=True)))]


def _share(halvings: int) -> float:
    """Return the relative share of steps of the level whose long side is about SETTLED / 2**halvings pixels."""
    return SHARES[min(halvings, len(SHARES) - 1)] if halvings >= 0 else SHARES[0] * 2.0**halvings
