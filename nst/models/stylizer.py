"""What a network is that repaints in one pass, for any style."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nst.images import Pixels
from nst.regions import Maps

Code = NDArray[np.float32]  # (numbers,)


class Stylizer(Hashable, Protocol):
    """A feed-forward network for any style."""

    @property
    def name(self) -> str:
        """What a Snapshot calls it."""

    @property
    def mixes(self) -> bool:
        """Whether codes can be mixed, and strengths between 0 and 1 painted."""

    @property
    def scales(self) -> bool:
        """Whether strokes get larger or smaller with the size that a photo is given at."""

    def describe(self, style: Pixels) -> Code:
        """The code of a style picture."""

    def encode(self, photo: Pixels) -> Any:
        """All that is known of a photo before any style is; for paint() alone."""

    def paint(self, encoding: Any, code: Code, alpha: float) -> Pixels:
        """The photo in the manner of a style, of the photo's size; `alpha` from 0, the photo, to 1."""

    def paint_parts(self, encoding: Any, codes: Sequence[Code], alpha: float, maps: Maps) -> Pixels:
        """paint() with several styles, each in its place: `maps` (codes, H, W) sum to 1 at each pixel."""
