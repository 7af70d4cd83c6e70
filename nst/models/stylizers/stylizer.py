"""Interface of the one-pass networks for arbitrary styles: describe a style, encode a content image, paint."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nst.images.blend import Maps
from nst.images.io import Pixels
from nst.models.stylizers.noise import STILL, NoiseField

Code = NDArray[np.float32]  # (numbers,), a style code; a weighted mean of codes is the code of a style mix


class Stylizer(Hashable, Protocol):
    """A feed-forward network for arbitrary styles."""

    @property
    def name(self) -> str:
        """Name in settings and Snapshots."""

    @property
    def mixes(self) -> bool:
        """Return True if style codes can be mixed and strengths between 0 and 1 are supported."""

    @property
    def scales(self) -> bool:
        """Return True if the stroke size depends on the size of the content image."""

    @property
    def uses_noise(self) -> bool:
        """Return True if strokes depend on the noise field, so that another seed gives another result."""

    def describe(self, style: Pixels) -> Code:
        """Return the style code of a style image."""

    def encode(self, photo: Pixels, noise: NoiseField = STILL) -> Any:
        """Return the encoding of a content image, independent of the style, for paint() and paint_regions()."""

    def paint(self, encoding: Any, code: Code, alpha: float) -> Pixels:
        """Return the result at the content image's size, uint8 RGB (H, W, 3).

        `encoding` is that of the content image, from encode(); `code` is the style code, from describe() or mixed;
        `alpha` is the strength from 0, which returns the content image, to 1.
        """

    def paint_regions(self, encoding: Any, codes: Sequence[Code], alpha: float, maps: Maps) -> Pixels:
        """Return paint() with one of `codes` per region.

        `maps` (codes, H, W) are their weights, with sum 1 at each pixel.
        """
