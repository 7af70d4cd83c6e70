"""Pixel-wise blending of finished images: a result with its content image, or several results by weight maps.

Images are mixed in Oklab (Björn Ottosson, "A perceptual color space for image processing", 2020), where equal steps
look equal and hues are stable: halfway from blue to white is light blue. In sRGB the midpoint is too dark, and in CIE
Lab, the space that scikit-image offers, the midpoint is violet. The published matrix has only nine numbers, so no
library is needed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nst.errors import InputError, SettingsError
from nst.images.srgb import DECODED, to_srgb
from nst.settings.fields import is_number, plain, shown

# Linear sRGB to cone responses. Oklab is a linear map of their cube roots, and linear interpolation commutes with
# linear maps: mixing the cube roots equals mixing in Oklab.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_INTO = np.ascontiguousarray(_TO_CONES.T, np.float32)  # transposed, for pixels as row vectors
_BACK = np.ascontiguousarray(np.linalg.inv(_TO_CONES).T, np.float32)

Maps = NDArray[np.float32]  # (images, H, W), weights of images or regions, which sum to 1 at each pixel

STRIP = 32_768  # pixels per strip: fits the processor's cache and bounds working memory


def blend(photo: NDArray[np.uint8], painting: NDArray[np.uint8], amount: float) -> NDArray[np.uint8]:
    """Mix a content image and its result in Oklab: `photo` and `painting`, uint8 RGB (H, W, 3) of one size.

    `amount` is the percentage of `painting`: 0 returns an exact copy of `photo`, 100 of `painting`. Mixed colors are
    clipped to the sRGB gamut. Raises SettingsError if `amount` is not in 0..100, InputError if an array has another
    type or shape or the sizes differ.
    """
    _check(photo, painting, amount)
    if amount in {0, 100}:
        return (painting if amount else photo).copy()
    height, width = photo.shape[:2]
    rows, share = max(1, STRIP // width), np.float32(amount / 100)
    blended = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, rows):
        strip = slice(top, top + rows)
        blended[strip] = _mixed(photo[strip], painting[strip], share)
    return blended


def mosaic(pictures: Sequence[NDArray[np.uint8]], maps: Maps) -> NDArray[np.uint8]:
    """Return the weighted mean of `pictures`, uint8 RGB (H, W, 3) of one size, computed per pixel in Oklab.

    `maps` (images, H, W) are the weights, one map per image; they sum to 1 at every pixel. A pixel with weight 1 for
    one image is an exact copy of that image's pixel.
    """
    height, width = pictures[0].shape[:2]
    rows = max(1, STRIP // width)
    mixed = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, rows):
        strip = slice(top, top + rows)
        roots = np.zeros((*maps[0, strip].shape, 3), np.float32)
        for pixels, share in zip(pictures, maps, strict=True):
            roots += share[strip, :, None] * _roots(pixels[strip])
        mixed[strip] = _shown(roots)
    return mixed


def _mixed(photo: NDArray[np.uint8], painting: NDArray[np.uint8], share: np.float32) -> NDArray[np.uint8]:
    roots = _roots(photo)
    roots += share * (_roots(painting) - roots)
    return _shown(roots)


def _shown(roots: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Convert cube roots of cone responses, float32 (H, W, 3), to uint8 sRGB (H, W, 3)."""
    light = (roots * roots * roots) @ _BACK
    return to_srgb(light)


def _roots(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Convert uint8 sRGB (H, W, 3) to cube roots of cone responses, float32 (H, W, 3)."""
    roots: NDArray[np.float32] = np.cbrt(DECODED[pixels] @ _INTO)
    return roots


def _check(photo: NDArray[np.uint8], painting: NDArray[np.uint8], amount: float) -> None:
    if not (is_number(plain(amount)) and 0 <= amount <= 100):
        raise SettingsError(f"amount must be between 0 (photo) and 100 (result); received {shown(amount)}.")
    for name, pixels in (("photo", photo), ("painting", painting)):
        array = np.asarray(pixels)
        if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3:
            raise InputError(
                f"Cannot blend the {name}: expected a uint8 array of shape (H, W, 3), as an RGB image has, "
                f"received {array.dtype} {array.shape}."
            )
    if photo.shape != painting.shape:
        sizes = [f"{pixels.shape[1]}x{pixels.shape[0]}" for pixels in (photo, painting)]
        raise InputError(
            f"Cannot blend a photo of {sizes[0]} pixels with a result of {sizes[1]}: sizes must be equal. "
            "Scale the photo, for example with Pillow's resize()."
        )
