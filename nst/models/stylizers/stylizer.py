"""The shape of all networks that repaint in one pass, for any style: describe a style, encode a photo, paint."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nst.images.io import Pixels
from nst.models.stylizers.noise import STILL, NoiseField
from nst.run.regions import Maps

Code = NDArray[np.float32]  # (numbers,); codes can be mixed by weights that sum to 1


class Stylizer(Hashable, Protocol):
    """A feed-forward network for any style."""

    @property
    def name(self) -> str:
        """Name in settings and Snapshots."""

    @property
    def mixes(self) -> bool:
        """True if codes can be mixed, and strengths between 0 and 1 painted."""

    @property
    def scales(self) -> bool:
        """True if the size of strokes follows the size that a photo is given at."""

    @property
    def draws(self) -> bool:
        """True if strokes follow a noise field, so that another seed is another picture."""

    def describe(self, style: Pixels) -> Code:
        """Code of a style picture."""

    def encode(self, photo: Pixels, noise: NoiseField = STILL) -> Any:
        """Encoding of a photo, the same for all styles; an argument of paint()."""

    def paint(self, encoding: Any, code: Code, alpha: float) -> Pixels:
        """The photo in the style of `code`, of the photo's size; `alpha` is the strength from 0, the photo, to 1."""

    def paint_regions(self, encoding: Any, codes: Sequence[Code], alpha: float, maps: Maps) -> Pixels:
        """paint() with several styles, each in its region: `maps` (codes, H, W) sum to 1 at each pixel."""
