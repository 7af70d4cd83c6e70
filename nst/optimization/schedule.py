"""Coarse to fine: the sizes a run works at, and how many of its steps each of them gets."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

SMALLEST = 64  # pixels of a level's short side, below which features say little
# Of the steps: full size, half size, a quarter and less. Coarse steps are cheap and settle what is large: steps in
# these shares gave as good pictures as 200 in shares of 1, 2 and 3, in 0.6 of the time.
SHARES = (1.0, 4.0, 5.0)
# Above this size, each doubling adds a level with half the steps of the one before it: what is large is settled by
# then, strokes are enlarged with the picture, and time grows with the pixels no faster than reading them does.
SETTLED = 512  # pixels of the long side


@dataclass(frozen=True)
class Level:
    """One size of the pyramid and the steps that are taken at it."""

    size: tuple[int, int]  # (width, height) in pixels
    steps: int

    @property
    def pixels(self) -> int:
        return self.size[0] * self.size[1]


def plan(size: tuple[int, int], levels: int, steps: int) -> list[Level]:
    """Levels from coarse to fine; the last is `size`, each before it half as wide. Their steps add up to `steps`.

    `levels` are those of a picture of 512 pixels; where it is more than one, larger pictures have more.
    """
    doublings = max(0, round(log2(max(size) / SETTLED))) if levels > 1 else 0
    halvings = [k for k in range(doublings + levels) if k == 0 or min(size) / 2**k >= SMALLEST][:steps]
    shares = [_share(k - doublings) for k in halvings]
    spare = steps - len(halvings)  # each level has one step at least
    counts = [1 + int(spare * share / sum(shares)) for share in shares]
    counts[-1] += steps - sum(counts)  # what rounding left goes to the coarsest level, the cheapest
    sizes = [(max(1, round(size[0] / 2**k)), max(1, round(size[1] / 2**k))) for k in halvings]
    return [Level(*level) for level in reversed(list(zip(sizes, counts, strict=True)))]


def _share(halvings: int) -> float:
    """Of the steps, for a size so many halvings below SETTLED, or doublings above it where that is negative."""
    return SHARES[min(halvings, len(SHARES) - 1)] if halvings >= 0 else SHARES[0] * 2.0**halvings
