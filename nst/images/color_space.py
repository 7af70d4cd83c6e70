"""Conversion to sRGB from colors described by an ICC profile, or by primaries and a transfer function.

Sources: ITU-T H.273 for code points, BT.2100 for PQ and HLG, BT.2408 for the reference white of HDR, and the Bradford
adaptation of Lam, 1985. LittleCMS, used through Pillow, can open ICC profiles but cannot make one from primaries.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from nst.images import srgb

Values = NDArray[np.float64]
Primaries = tuple[float, ...]  # x and y of red, green, blue and white, in CIE 1931

STRIP = 1 << 16  # pixels per strip: bounds working memory
D65 = (0.3127, 0.3290)
BT709: Primaries = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, *D65)
PRIMARIES: dict[int, Primaries] = {  # by code point
    1: BT709,
    2: BT709,  # unspecified
    5: (0.64, 0.33, 0.29, 0.60, 0.15, 0.06, *D65),
    6: (0.630, 0.340, 0.310, 0.595, 0.155, 0.070, *D65),
    7: (0.630, 0.340, 0.310, 0.595, 0.155, 0.070, *D65),
    9: (0.708, 0.292, 0.170, 0.797, 0.131, 0.046, *D65),
    11: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.314, 0.351),
    12: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, *D65),
}
SRGB, PQ, HLG = "sRGB", "PQ", "HLG"
# Transfer functions by code point; a number is an exponent. The curves of television cameras (1, 6, 14, 15) are read as
# sRGB: encoders declare them for ordinary pictures, and screens show both alike.
TRANSFERS: dict[int, str | float] = {
    1: SRGB, 2: SRGB, 4: 2.2, 5: 2.8, 6: SRGB, 8: 1.0, 13: SRGB, 14: SRGB, 15: SRGB, 16: PQ, 18: HLG,
}  # fmt: skip
WHITE_NITS = 203.0  # luminance of diffuse white in HDR; brighter highlights are clipped
HLG_NITS, HLG_GAMMA = 1000.0, 1.2  # peak luminance of the reference display, and its system gamma
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


@dataclass(frozen=True)
class Coding:
    """Color coding of an image: `primaries` are CIE 1931 x and y of red, green, blue and white.

    `transfer` is the transfer function: "sRGB", "PQ", "HLG", or a number, the exponent of a power function.
    """

    primaries: Primaries = BT709
    transfer: str | float = SRGB

    @classmethod
    def of_codes(cls, primaries: int, transfer: int) -> Coding | None:
        """Return the color coding for two code points of ITU-T H.273, or None if one of them is unknown."""
        if primaries not in PRIMARIES or transfer not in TRANSFERS:
            return None
        return cls(PRIMARIES[primaries], TRANSFERS[transfer])

    @property
    def is_srgb(self) -> bool:
        """True if the coding is sRGB, so that no conversion is needed."""
        return self.transfer == SRGB and np.allclose(self.primaries, BT709, atol=1e-3)

    @property
    def is_valid(self) -> bool:
        """True if the primaries span a color space; damaged files can contain others."""
        if min(self.primaries[1::2]) <= 0:
            return False
        return bool(np.linalg.det(_xyz(self.primaries[:6])) > 1e-3)


def convert(pixels: NDArray[Any], coding: Coding) -> NDArray[np.uint8]:
    """Convert uint8 or uint16 RGB (H, W, 3) with the color coding `coding` to uint8 sRGB (H, W, 3).

    Colors outside the sRGB gamut are clipped. Raises ValueError if the coding's primaries do not span a color space.
    """
    most = np.iinfo(pixels.dtype).max
    table = _linear(np.arange(most + 1) / most, coding.transfer).astype(np.float32)
    matrix = _to_bt709(coding.primaries).T.astype(np.float32)
    converted = np.empty(pixels.shape, np.uint8)
    rows = max(1, STRIP // pixels.shape[1])
    for top in range(0, len(pixels), rows):
        light = table[pixels[top : top + rows]]
        if coding.transfer == HLG:
            light *= _display_gain(light, coding.primaries)
        converted[top : top + rows] = srgb.to_srgb(light @ matrix)
    return converted


def apply_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Convert `image` to sRGB, mode RGB, by the bytes of its ICC profile.

    Returns None if the profile is damaged or does not fit the mode of the image.
    """
    try:
        source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (OSError, ImageCms.PyCMSError):
        return None


def _linear(values: Values, transfer: str | float) -> Values:
    """Convert encoded values in [0, 1] to linear light by the transfer function `transfer`, see Coding.

    1.0 is diffuse white; for HLG, the light of the scene in [0, 1] is returned.
    """
    if transfer == SRGB:
        return srgb.decoded(values)
    if transfer == PQ:
        power = values ** (1 / 78.84375)
        ratio = np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)
        return np.asarray(10_000 / WHITE_NITS * ratio ** (1 / 0.1593017578125))
    if transfer == HLG:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        return np.where(values <= 0.5, values**2 / 3, (np.exp((values - c) / a) + b) / 12)
    return np.asarray(values ** float(transfer))


def _display_gain(scene: NDArray[np.float32], primaries: Primaries) -> NDArray[np.float32]:
    """Return the gain (..., 1) from HLG scene light (..., 3) to display light, in which 1.0 is diffuse white."""
    luminance = scene @ _to_xyz(primaries)[1].astype(np.float32)
    gain = HLG_NITS / WHITE_NITS * np.maximum(luminance, 1e-6) ** (HLG_GAMMA - 1)
    return np.asarray(gain[..., None], np.float32)


@lru_cache(maxsize=16)
def _to_bt709(primaries: Primaries) -> Values:
    """Return the matrix (3, 3) from linear RGB with `primaries` to linear RGB of BT.709, adapted to D65."""
    cones = BRADFORD @ _xyz(primaries[6:])[:, 0], BRADFORD @ _xyz(D65)[:, 0]
    adapted = np.linalg.inv(BRADFORD) @ np.diag(cones[1] / cones[0]) @ BRADFORD
    matrix: Values = np.linalg.inv(_to_xyz(BT709)) @ adapted @ _to_xyz(primaries)
    return matrix


def _to_xyz(primaries: Primaries) -> Values:
    """Return the matrix (3, 3) from linear RGB with `primaries` to CIE XYZ; RGB (1, 1, 1) has Y = 1."""
    columns = _xyz(primaries[:6])
    return np.asarray(columns * np.linalg.solve(columns, _xyz(primaries[6:])[:, 0]))


def _xyz(chromaticities: Primaries) -> Values:
    """Convert chromaticities to CIE XYZ colors with luminance Y = 1.

    `chromaticities` are 2N numbers, x and y of N colors in turn; returns float64 (3, N), one column per color.
    """
    x, y = np.array(chromaticities[::2]), np.array(chromaticities[1::2])
    return np.stack([x / y, np.ones_like(x), (1 - x - y) / y])
