"""Regions of a picture, each with a style and a strength of its own, or left as it is.

A region's mask is made soft at its edge, so that the parts of a picture overlap there; together they cover it exactly
once. What lies in no region is a part as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from nst.errors import InputError, SettingsError

if TYPE_CHECKING:  # image libraries are imported on use: `import nst` must not wait for them
    from nst.images.io import Source

Mask: TypeAlias = "Source | NDArray[np.bool_] | NDArray[np.float32]"  # a picture; True or 1.0 where the region is
Array = NDArray[np.float32]
Map = NDArray[np.float32]  # (H, W), how much of each pixel belongs to a part
Maps = NDArray[np.float32]  # (parts, H, W), which sum to 1

FEATHER = 2.0  # percent of the long side
MOST_FEATHER = 25.0
DEVIATIONS = 2.0  # of the Gaussian that a feather is wide, to either side of the edge
ASPECT_TOLERANCE = 0.02  # by which a mask's aspect ratio may differ from the photo's
UNSEEN = 1 / 512  # of a pixel that is painted: less than a screen's smallest step


@dataclass(frozen=True)
class Region:
    """A part of the picture: `mask` is white where it is, of the photo's aspect ratio; None is all that others leave.

    `style` is the number of the style it gets, from 0; None is the mix of all. `strength` (0..100) is the run's own
    where it is None; at 0 the photo stays as it is. `feather` is how wide its soft edge is to either side, in percent
    of the photo's long side. Where regions overlap, the later one lies on top.
    """

    mask: Mask | None
    style: int | None = None
    strength: float | None = None
    feather: float = FEATHER

    def __post_init__(self) -> None:
        if self.style is not None and self.style < 0:
            raise SettingsError(f"A region's style is a number from 0 on, received {self.style}.")
        if self.strength is not None and not 0 <= self.strength <= 100:
            raise SettingsError(f"A region's strength must be between 0 and 100, received {self.strength:g}.")
        if not 0 <= self.feather <= MOST_FEATHER:
            raise SettingsError(f"A feather must be between 0 and {MOST_FEATHER:g} percent, received {self.feather:g}.")


@dataclass(frozen=True)
class Part:
    """What one part of a picture is to look like: see Region."""

    style: int | None
    strength: float | None


@dataclass(frozen=True)
class Guide:
    """What is painted of a picture at one size, and with which styles."""

    maps: Maps  # of the parts that are painted
    manners: tuple[int, ...]  # which of `mixes` each of them is painted with
    mixes: tuple[tuple[float, ...], ...]  # weights of the styles
    cover: Map | None  # how much of each pixel is painted; None where all of the picture is


@dataclass(frozen=True)
class Parts:
    """All parts of a picture: what the regions leave comes first, then the regions in their order."""

    looks: tuple[Part, ...]
    maps: Maps  # at the size of the result
    order: tuple[int, ...]  # which part each region is, in the order that they were given

    @classmethod
    def of(cls, regions: Sequence[Region], size: tuple[int, int], styles: int) -> Parts:
        """Parts of a picture of `size` (width, height), for so many styles. Raises InputError."""
        looks = looks_of(regions, styles)
        masked = [number for number, region in enumerate(regions) if region.mask is not None]
        order = tuple(1 + masked.index(n) if n in masked else 0 for n in range(len(regions)))
        return cls(looks, _shares([soft(regions[n], size) for n in masked], size), order)

    def at(self, size: tuple[int, int]) -> Maps:
        """The maps at a size (width, height)."""
        return np.stack([resized(share, size) for share in self.maps])

    def strengths(self, whole: float | None) -> tuple[float | None, ...]:
        """Strength of each part where the run's is `whole`."""
        return tuple(whole if look.strength is None else look.strength for look in self.looks)

    def painted(self, whole: float | None) -> tuple[int, ...]:
        """Numbers of the parts that are painted, where the run's strength is `whole`."""
        return tuple(number for number, strength in enumerate(self.strengths(whole)) if strength != 0)

    def cover(self, size: tuple[int, int], whole: float | None) -> Map | None:
        """How much of each pixel is painted at a size (width, height); None where all of the picture is."""
        painted = self.painted(whole)
        if len(painted) == len(self.looks):
            return None
        covered = sum((resized(self.maps[number], size) for number in painted), np.zeros(size[::-1], np.float32))
        return np.where(covered < UNSEEN, 0, np.minimum(covered, 1)).astype(np.float32)

    @property
    def asked(self) -> tuple[float | None, ...]:
        """The regions' own strengths, in the order that they were given."""
        return tuple(self.looks[number].strength for number in self.order)

    def turned(self, strengths: Mapping[int, float | None]) -> Parts:
        """The same with other strengths of some regions, by their number in the order given."""
        looks = list(self.looks)
        for number, strength in strengths.items():
            part = self.order[number]
            looks[part] = replace(looks[part], strength=strength)
        return replace(self, looks=tuple(looks))


def looks_of(regions: Sequence[Region], styles: int) -> tuple[Part, ...]:
    """What the parts are to look like, for so many styles; no mask is read. Raises SettingsError."""
    elsewhere = [region for region in regions if region.mask is None]
    if len(elsewhere) > 1:
        raise SettingsError(f"Only one region may be without a mask, received {len(elsewhere)}.")
    for region in regions:
        if region.style is not None and region.style >= styles:
            raise SettingsError(f"A region asks for style number {region.style}; there are {styles}, from 0 on.")
    rest = elsewhere[0] if elsewhere else Region(None)
    masked = [region for region in regions if region.mask is not None]
    return tuple(Part(region.style, region.strength) for region in (rest, *masked))


def soft(region: Region, size: tuple[int, int]) -> Map:
    """A region's mask at `size` (width, height), float32 (H, W) in [0, 1], soft at its edge. Raises InputError."""
    from scipy.ndimage import gaussian_filter

    assert region.mask is not None
    mask = read(region.mask, size)
    width = region.feather / 100 * max(size)  # of the feather, in pixels
    if not width:
        return mask
    sigma = width / DEVIATIONS
    found: Map = gaussian_filter(mask, sigma, mode="nearest", radius=ceil(width))
    return np.clip(found, 0, 1)


def read(mask: Mask, size: tuple[int, int]) -> Map:
    """A mask at `size` (width, height), float32 (H, W) in [0, 1]: how bright it is, times how opaque."""
    from nst.images import io as images

    picture = images.read(_as_picture(mask), "mask")
    height, width = picture.rgb.shape[:2]
    if abs(np.log(width / height * size[1] / size[0])) > ASPECT_TOLERANCE + 1 / min(size):
        raise InputError(
            f"A mask must have the photo's shape: received {width} x {height} pixels for a photo of "
            f"{size[0]} x {size[1]}. Draw it on the photo itself."
        )
    bright = picture.rgb.mean(-1, dtype=np.float32) / 255
    if picture.alpha is not None:
        bright *= picture.alpha.astype(np.float32) / 255
    return resized(bright, size)


def _as_picture(mask: Mask) -> Source:
    if isinstance(mask, np.ndarray) and (mask.dtype == bool or np.issubdtype(mask.dtype, np.floating)):
        return np.rint(np.clip(np.nan_to_num(mask), 0, 1) * 255).astype(np.uint8)
    return cast("Source", mask)


def resized(share: Map, size: tuple[int, int]) -> Map:
    """A map (H, W) at a size (width, height); linear, so that it stays in its range and maps go on summing to 1."""
    from PIL import Image

    return np.asarray(Image.fromarray(share).resize(size, Image.Resampling.BILINEAR))


def _shares(masks: Sequence[Map], size: tuple[int, int]) -> Maps:
    """Each pixel's shares, the later masks on top of the earlier."""
    shares = [np.ones(size[::-1], np.float32)]
    for mask in masks:
        shares = [share * (1 - mask) for share in shares] + [mask]
    return np.stack(shares)


def over(photo: Array, painted: Array, cover: Map) -> Array:
    """Pixels (H, W, 3) of what is painted, as far as `cover` (H, W) goes, and of the photo."""
    return photo + cover[..., None] * (painted - photo)


def carried(painted: Array, photo: Array, before: Map | None, after: Map | None) -> Array:
    """What is painted, such that it looks under the cover `after` as it did under `before`, where more is covered now.

    Pixels are float32 (H, W, 3). A part that was not painted so far begins as the photo, which it was.
    """
    whole = np.ones(photo.shape[:2], np.float32)
    old, new = (whole if cover is None else cover for cover in (before, after))
    kept = np.minimum(np.divide(old, new, out=whole.copy(), where=new > 0), 1)
    return over(photo, painted, kept)
