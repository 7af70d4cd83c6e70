"""Masks on the page: arrays with a token, so that requests can be compared and images with masks cached."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nst.images import io as images
from nst.images.io import Source
from nst.run import regions

LONGEST = 2048  # pixels; a larger mask file would occupy much memory, and masks have soft edges


@dataclass(frozen=True)
class PageMask:
    """Mask of a content image: `pixels` is uint8 (H, W), 255 inside. `token` is a digest of the pixels."""

    pixels: NDArray[np.uint8] = field(repr=False, compare=False)
    token: bytes = field(repr=False)

    @classmethod
    def of(cls, pixels: NDArray[np.uint8]) -> PageMask:
        """Return the mask with these pixels, uint8 (H, W), 255 inside."""
        return cls(pixels, images.digest(pixels))

    @classmethod
    def read(cls, source: Source) -> PageMask:
        """Decode an image file as a mask: white and opaque pixels are inside.

        A mask with a side of more than LONGEST pixels is scaled down. Raises InputError if the file cannot be decoded
        or the image is black everywhere.
        """
        pixels = images.to_pixels(regions.brightness(source))
        return cls.of(images.fit(pixels, min(LONGEST, max(pixels.shape))))

    @property
    def png(self) -> bytes:
        """The mask as a PNG file."""
        return images.encode(self.pixels, "png")
