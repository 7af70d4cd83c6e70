"""Regions of the content image, each with its own style and strength, or left unchanged.

Masks are feathered, so regions overlap at their edges; their weight maps sum to 1 at every pixel. The pixels outside
all masks form one more region, the outside region.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from nst.errors import InputError, SettingsError
from nst.images.blend import Maps
from nst.settings.fields import is_number, plain, shown

if TYPE_CHECKING:  # image libraries are imported on use: `import nst` must not wait for them
    from nst.images.io import Source

Mask: TypeAlias = "Source | NDArray[np.bool_] | NDArray[np.float32]"  # an image, or an array, True or 1.0 inside
Array = NDArray[np.float32]
Map = NDArray[np.float32]  # (H, W), weight of a region at each pixel, in [0, 1]

FEATHER = 2.0  # percent of the long side
MOST_FEATHER = 25.0
DEVIATIONS = 2.0  # width of a feather on either side of the edge, in standard deviations of its Gaussian
ASPECT_TOLERANCE = 0.02  # relative difference allowed between the aspect ratios of a mask and the content image
FAINT = 8 / 255  # brightness; a mask that is nowhere brighter selects nothing
OVERSHOOT = 0.25  # tolerance for masks of floats, whose edges ring where they were resampled
UNSEEN = 1 / 512  # coverage below this counts as 0: less than one 8-bit step


@dataclass(frozen=True)
class Region:
    """A region of the content image: `mask` is white inside, with the image's aspect ratio; None is the outside region.

    `style` is the index of its style image, from 0; None is the mix of all. `strength` (0..100) is the run's strength
    if None; at 0 the content image is kept. `feather` is the width of the soft edge on either side, in percent of the
    content image's long side. Where regions overlap, the later one is on top.
    Raises SettingsError for a value out of range.
    """

    mask: Mask | None
    style: int | None = None
    strength: float | None = None
    feather: float = FEATHER

    def __post_init__(self) -> None:
        for name in ("style", "strength", "feather"):
            object.__setattr__(self, name, plain(getattr(self, name)))
        style, strength, feather = self.style, self.strength, self.feather
        if style is not None and not (is_number(style) and isinstance(style, int) and style >= 0):
            raise SettingsError(f"A region's style must be a whole number of at least 0, received {shown(style)}.")
        if strength is not None and not (is_number(strength) and 0 <= strength <= 100):
            raise SettingsError(f"A region's strength must be between 0 and 100, received {shown(strength)}.")
        if not (is_number(feather) and 0 <= feather <= MOST_FEATHER):
            limits = f"between 0 and {MOST_FEATHER:g} percent"
            raise SettingsError(f"A feather must be {limits}, received {shown(feather)}.")


@dataclass(frozen=True)
class RegionStyle:
    """Style and strength of one region, see Region."""

    style: int | None
    strength: float | None


@dataclass(frozen=True)
class RegionWeights:
    """Weight maps and style mixes of the stylized regions at one image size."""

    maps: Maps  # of the stylized regions
    mix_indices: tuple[int, ...]  # index into `mixes` of each of them
    mixes: tuple[tuple[float, ...], ...]  # weights of the style images
    coverage: Map | None  # stylized share of each pixel; None if all regions are stylized


@dataclass(frozen=True)
class RegionSet:
    """All regions of an image: the outside region first, then those with a mask in the order given."""

    region_styles: tuple[RegionStyle, ...]
    maps: Maps  # at the size of the result
    order: tuple[int, ...]  # index into `region_styles` and `maps` of each Region in the order given

    @classmethod
    def of(cls, regions: Sequence[Region], size: tuple[int, int], styles: int) -> RegionSet:
        """Return the regions at the result size (width, height), for a number of `styles`. Raises InputError."""
        region_styles = styles_of_regions(regions, styles)
        masked = [number for number, region in enumerate(regions) if region.mask is not None]
        order = tuple(1 + masked.index(n) if n in masked else 0 for n in range(len(regions)))
        return cls(region_styles, _shares([soft(regions[n], size) for n in masked], size), order)

    def at(self, size: tuple[int, int]) -> Maps:
        """Return the weight maps resized to (width, height)."""
        return np.stack([resized(share, size) for share in self.maps])

    def strengths(self, whole: float | None) -> tuple[float | None, ...]:
        """Return the strength of each region if the run's strength is `whole`."""
        return tuple(whole if look.strength is None else look.strength for look in self.region_styles)

    def painted(self, whole: float | None) -> tuple[int, ...]:
        """Return the indices of the stylized regions, those of nonzero strength, if the run's strength is `whole`."""
        return tuple(number for number, strength in enumerate(self.strengths(whole)) if strength != 0)

    def coverage(self, size: tuple[int, int], whole: float | None) -> Map | None:
        """Return the stylized share of each pixel at a size (width, height), or None if all regions are stylized."""
        painted = self.painted(whole)
        if len(painted) == len(self.region_styles):
            return None
        covered = sum((resized(self.maps[number], size) for number in painted), np.zeros(size[::-1], np.float32))
        return np.where(covered < UNSEEN, 0, np.minimum(covered, 1)).astype(np.float32)

    @property
    def asked(self) -> tuple[float | None, ...]:
        """The regions' own strengths, in the order given."""
        return tuple(self.region_styles[number].strength for number in self.order)

    def with_values(self, strengths: Mapping[int, float | None]) -> RegionSet:
        """Return a copy with the strengths of some regions replaced, by index in the order given."""
        region_styles = list(self.region_styles)
        for number, strength in strengths.items():
            part = self.order[number]
            region_styles[part] = replace(region_styles[part], strength=strength)
        return replace(self, region_styles=tuple(region_styles))


def styles_of_regions(regions: Sequence[Region], styles: int) -> tuple[RegionStyle, ...]:
    """Return styles and strengths, the outside region first, without reading any mask. Raises SettingsError."""
    elsewhere = [region for region in regions if region.mask is None]
    if len(elsewhere) > 1:
        raise SettingsError(f"Only one region may have no mask, received {len(elsewhere)} without.")
    for region in regions:
        if region.style is not None and region.style >= styles:
            raise SettingsError(
                f"A region uses style number {region.style}, but there are only {styles}, counted from 0."
            )
    rest = elsewhere[0] if elsewhere else Region(None)
    masked = [region for region in regions if region.mask is not None]
    return tuple(RegionStyle(region.style, region.strength) for region in (rest, *masked))


def soft(region: Region, size: tuple[int, int]) -> Map:
    """Return a region's feathered mask at `size` (width, height), float32 (H, W) in [0, 1]. Raises InputError."""
    from scipy.ndimage import gaussian_filter

    assert region.mask is not None
    mask = read(region.mask, size)
    width = region.feather / 100 * max(size)  # feather in pixels
    if not width:
        return mask
    sigma = width / DEVIATIONS
    found: Map = gaussian_filter(mask, sigma, mode="nearest", radius=ceil(width))
    return np.clip(found, 0, 1)


def read(mask: Mask, size: tuple[int, int]) -> Map:
    """Return a mask at `size` (width, height), float32 (H, W) in [0, 1]: brightness times alpha.

    Raises InputError if its aspect ratio differs from that of `size`, if it is black everywhere, or for floats that are
    not in [0, 1].
    """
    bright = brightness(mask)
    height, width = bright.shape
    if abs(np.log(width / height * size[1] / size[0])) > ASPECT_TOLERANCE + 1 / min(size):
        raise InputError(
            f"A mask must have the photo's shape: received {width} x {height} pixels for a photo of "
            f"{size[0]} x {size[1]}. Draw the mask on the photo."
        )
    return resized(bright, size)


def brightness(mask: Mask) -> Map:
    """Return a mask at its own size, float32 (H, W) in [0, 1]: brightness times alpha.

    Raises InputError if the mask is black everywhere.
    """
    from nst.images import io as images

    picture = images.read(_as_picture(mask), "mask", any_shape=True)
    bright: Map = picture.rgb.mean(-1, dtype=np.float32) / 255
    if picture.alpha is not None:
        bright *= picture.alpha.astype(np.float32) / 255
    if bright.max() <= FAINT:
        raise InputError(
            f"A mask is white inside its region; received one that is black everywhere (at most {255 * bright.max():g} "
            "of 255). Paint the region white. In an array, inside is True, 1.0, or 255 for uint8."
        )
    return bright


def _as_picture(mask: Mask) -> Source:
    if not isinstance(mask, np.ndarray) or not (mask.dtype == bool or np.issubdtype(mask.dtype, np.floating)):
        return cast("Source", mask)
    if not np.all((mask >= -OVERSHOOT) & (mask <= 1 + OVERSHOOT)):  # False for NaN
        raise InputError(
            f"A mask of floats has values from 0 to 1 inside its region; received {np.min(mask):g} to "
            f"{np.max(mask):g}. Divide it by its maximum, or give uint8 with 255 inside."
        )
    return np.rint(np.clip(mask, 0, 1) * 255).astype(np.uint8)


def resized(share: Map, size: tuple[int, int]) -> Map:
    """Resize a map (H, W) to (width, height), bilinear: maps stay in [0, 1] and keep summing to 1."""
    from PIL import Image

    return np.asarray(Image.fromarray(share).resize(size, Image.Resampling.BILINEAR))


def _shares(masks: Sequence[Map], size: tuple[int, int]) -> Maps:
    """Return weight maps, the outside region first; later masks cover earlier ones."""
    shares = [np.ones(size[::-1], np.float32)]
    for mask in masks:
        shares = [share * (1 - mask) for share in shares] + [mask]
    return np.stack(shares)


def over(photo: Array, painted: Array, coverage: Map) -> Array:
    """Composite the stylized image over the content image, both (H, W, 3), with `coverage` (H, W) as its opacity."""
    return photo + coverage[..., None] * (painted - photo)


def carried(painted: Array, photo: Array, before: Map | None, after: Map | None) -> Array:
    """Return the stylized image adapted to a new coverage, so that its composite with the content image stays the same.

    over(photo, result, after) equals over(photo, painted, before) where coverage has grown; elsewhere the stylized
    image is unchanged. Regions not stylized so far start from the content image. Pixels are float32 (H, W, 3).
    """
    whole = np.ones(photo.shape[:2], np.float32)
    old, new = (whole if coverage is None else coverage for coverage in (before, after))
    kept = np.minimum(np.divide(old, new, out=whole.copy(), where=new > 0), 1)
    return over(photo, painted, kept)
