"""Images of a run at the size of each resolution level.

During optimization an image is float32 RGB in [0, 1], shape (H, W, 3); sizes are (width, height) in pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from nst.errors import SettingsError
from nst.images import color_transfer
from nst.images import io as images
from nst.images.alpha import on_white
from nst.images.color_transfer import Palette
from nst.images.io import Pixels, to_float, to_pixels
from nst.optimization.footprint import WHOLE
from nst.optimization.likeness import Likeness, toned
from nst.run.control import EngineControl
from nst.run.decoded_inputs import decoded
from nst.run.inputs import Inputs, mix_of
from nst.run.live_settings import LiveSettings
from nst.run.regions import Map, RegionWeights, carried, over, resized
from nst.run.snapshot import PREVIEW_SIDE
from nst.settings.engines import OptimizeSettings

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Problem:
    """Images, settings and live settings of one run of the optimize engine."""

    photo: Pixels  # content image at the size of the result
    own: tuple[Pixels, ...]  # style images in their own colors, or in those of a color_style
    shares: tuple[float, ...]  # weights of the styles
    first: Pixels | None  # initial image; None to start from the content image or noise
    settings: OptimizeSettings
    live_settings: LiveSettings
    protected: Map | None = None  # (H, W), weights of the pixels to keep recognizable; None without protection
    alpha: Pixels | None = None  # (H, W), alpha channel of the result; None if the content image is opaque

    @classmethod
    def read(cls, inputs: Inputs, settings: OptimizeSettings) -> Problem:
        """Decode the inputs of a run. Raises InputError if an input cannot be used with the others or the settings."""
        found = decoded(inputs, settings.size)
        live_settings = LiveSettings.of(settings, found.parts, inputs.protection)
        return cls(
            photo=found.photo,
            own=found.styles,
            shares=found.shares,
            first=found.init_image,
            settings=settings,
            live_settings=live_settings,
            protected=found.protected,
            alpha=found.alpha,
        )

    def check_start(self) -> None:
        """Raise SettingsError if an initial image is given but not expected by the setting `init`, or the reverse.

        init="image" and init="fast" expect one.
        """
        if (self.first is None) == (self.settings.init in {"image", "fast"}):
            given = "no init_image" if self.first is None else "an init_image"
            raise SettingsError(
                f"init='image' and init_image require each other: received init={self.settings.init!r} and {given}. "
                "Give both or neither."
            )

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the result."""
        return self.photo.shape[1], self.photo.shape[0]

    @cached_property
    def styles(self) -> tuple[Pixels, ...]:
        """Style images, recolored if the live settings require it (for example colors="matched")."""
        return tuple(color_transfer.ready(self.own, self.photo, self.alpha, self.live_settings.coloring))

    def targets(self, size: tuple[int, int]) -> tuple[Array, list[Array], tuple[float, ...]]:
        """Return the content image at `size`, the scaled style images, and the weight of each scaled image.

        A style image is scaled to the area of `size` times style_scale squared, so that strokes keep their relative
        size at every level. For style_scale > 1 the style image is returned as several crops of equal weight.
        """
        area, scale = size[0] * size[1], self.settings.style_scale
        parts = [in_parts(s, area, scale) if scale > 1 else [of_area(s, area * scale**2)] for s in self.styles]
        shares = [share / len(each) for share, each in zip(self.shares, parts, strict=True) for _ in each]
        return to_float(images.resize(self.photo, size)), [to_float(s) for each in parts for s in each], tuple(shares)

    def guide(self, size: tuple[int, int]) -> RegionWeights | None:
        """Return weight maps, style mixes and coverage of the stylized regions at `size`; None without regions.

        Each style mix has one weight per crop returned by targets(): all crops of one style image have equal weights.
        """
        parts = self.live_settings.parts
        if parts is None:
            return None
        fields = ceil(self.settings.style_scale) ** 2  # crops per style image
        mixes = [mix_of(parts.region_styles[number], self.shares) for number in self.live_settings.painted]
        each = list(dict.fromkeys(mixes))
        maps = np.stack([resized(parts.maps[number], size) for number in self.live_settings.painted])
        pieces = tuple(tuple(np.repeat(mix, fields)) for mix in each)
        return RegionWeights(maps, tuple(each.index(mix) for mix in mixes), pieces, self.live_settings.coverage(size))

    def likeness(self, size: tuple[int, int]) -> Likeness | None:
        """Return the likeness loss at `size`; None without protection."""
        if self.protected is None:
            return None
        wanted = Palette.mixed([Palette.of(style) for style in self.styles], self.shares)
        brightness = toned(to_float(images.resize(self.photo, size)), Palette.of(self.photo, self.alpha), wanted)
        return Likeness.of(brightness, resized(self.protected, size))

    def updated(self, control: EngineControl) -> Problem:
        """Return a copy with the changes requested through `control`, or self if there are none."""
        live_settings = self.live_settings.updated(control)
        return self if live_settings.same(self.live_settings) else replace(self, live_settings=live_settings)

    def carried(self, x: Array, before: LiveSettings) -> Array:
        """Return `x` with the content image inserted in regions that were not stylized with the settings `before`.

        The result shows the content image in these regions, and they start from it. Returns `x` itself if the stylized
        regions are the same.
        """
        if before.painted == self.live_settings.painted:
            return x
        size = x.shape[1], x.shape[0]
        return carried(
            x, to_float(images.resize(self.photo, size)), before.coverage(size), self.live_settings.coverage(size)
        )

    def start(self, size: tuple[int, int], coarser: Array | None) -> Array:
        """Return the image at which the optimization of a resolution level of `size` starts.

        For the first level this is the initial image with its share of noise; for the others it is `coarser`, the
        image of the previous level, enlarged.
        """
        if coarser is not None:
            return self.enlarge(coarser, size)
        known, init_noise = self._known(size), self._init_noise
        if not init_noise:
            return known
        noise = np.random.default_rng(self.settings.seed).random((size[1], size[0], 3), np.float32)
        return known * (1 - init_noise) + noise * init_noise

    @property
    def _init_noise(self) -> float:
        """Share of noise in the initial image, from 0 to 1."""
        return 1.0 if self.settings.init == "noise" else self.settings.init_noise / 100

    def _known(self, size: tuple[int, int]) -> Array:
        """Return the initial image at `size`, without noise: `first` if there is one, else the content image."""
        if self.first is not None:
            return to_float(np.asarray(ImageOps.fit(Image.fromarray(self.first), size, Image.Resampling.LANCZOS)))
        return to_float(images.resize(self.photo, size))

    def enlarge(self, x: Array, size: tuple[int, int]) -> Array:
        """Return the image `x` enlarged to `size`, or `x` itself if it has this size.

        With init="content" or "fast", the content image's detail that is too fine for the old size is added, reduced by
        the share of noise in the initial image. Detail of the fast draft is not added, because it may be artifacts.
        """
        here = x.shape[1], x.shape[0]
        if here == size:
            return x
        large = _resize(x, size)
        if self.settings.init in {"content", "fast"}:
            photo = self.photo
            detail = to_float(images.resize(photo, size)) - _resize(to_float(images.resize(photo, here)), size)
            detail *= 1 - self._init_noise
            large += detail
        return np.clip(large, 0, 1)

    def preview(self, x: Array) -> Pixels:
        """Return `x` as a preview: uint8 RGB (H, W, 3), on white where transparent.

        All previews of a run have one size: the result's, or a long side of PREVIEW_SIDE if the result is larger.
        """
        photo = self._small_photo
        size = photo.shape[1], photo.shape[0]
        preview = self._finished(images.resize(to_pixels(x), size), photo, self._small_coverage)
        alpha = images.resize_alpha(self.alpha, size)
        return preview if alpha is None else on_white(np.dstack([preview, alpha]))

    def result(self, x: Array) -> Pixels:
        """Return `x` as the result: uint8 RGB (H, W, 3) at full size, after color transfer."""
        return self._finished(to_pixels(self.enlarge(x, self.size)), self.photo, self.live_settings.coverage(self.size))

    def _finished(self, painted: Pixels, photo: Pixels, coverage: Map | None) -> Pixels:
        """Return the stylized image `painted` after color transfer from the content image `photo`, composited over it.

        `coverage` (H, W) is the opacity; None is 1 everywhere. Pixels with coverage 0 are those of `photo`.
        """
        if coverage is None:
            return color_transfer.finished(painted, photo, self.live_settings.coloring)
        seen = to_pixels(over(to_float(photo), to_float(painted), coverage))
        return np.where(
            coverage[..., None] > 0, color_transfer.finished(seen, photo, self.live_settings.coloring), photo
        )

    @cached_property
    def _small_coverage(self) -> Map | None:
        """Stylized share of each pixel at the size of previews, (H, W) in [0, 1]; None if all regions are stylized."""
        return self.live_settings.coverage(self._small_photo.shape[1::-1])

    @cached_property
    def _small_photo(self) -> Pixels:
        """Content image at the size of previews."""
        scale = min(1.0, PREVIEW_SIDE / max(self.size))
        return images.resize(self.photo, (max(1, round(self.size[0] * scale)), max(1, round(self.size[1] * scale))))


def _resize(x: Array, size: tuple[int, int]) -> Array:
    channels = [Image.fromarray(x[..., c]).resize(size, Image.Resampling.BICUBIC) for c in range(3)]
    return np.stack([np.asarray(channel) for channel in channels], -1)


def in_parts(pixels: Pixels, area: int, scale: float) -> list[Pixels]:
    """Return crops of a style image, uint8 RGB (H, W, 3), at the scale at which it has `area` * scale**2 pixels.

    There is one centered crop per cell of a grid of ceil(scale) by ceil(scale) cells. Crops cover the whole cell,
    unless all crops together would exceed both `area` and WHOLE pixels.
    """
    height, width = pixels.shape[:2]
    fields = ceil(scale)
    field = width / fields, height / fields
    seen = min(1.0, (max(WHOLE, area) / (area * scale**2)) ** 0.5)  # share of a cell's width and height
    zoom = scale * (area / (height * width)) ** 0.5
    size = max(1, round(field[0] * seen * zoom)), max(1, round(field[1] * seen * zoom))
    picture = Image.fromarray(pixels)
    parts = []
    for row, column in product(range(fields), repeat=2):
        x, y = field[0] * (column + (1 - seen) / 2), field[1] * (row + (1 - seen) / 2)
        box = x, y, x + field[0] * seen, y + field[1] * seen
        parts.append(np.asarray(picture.resize(size, Image.Resampling.LANCZOS, box)))
    return parts


def of_area(pixels: Pixels, area: float) -> Pixels:
    """Return an image, uint8 RGB (H, W, 3), scaled to about `area` pixels with its aspect ratio kept."""
    height, width = pixels.shape[:2]
    scale = (area / (height * width)) ** 0.5
    return images.resize(pixels, (max(1, round(width * scale)), max(1, round(height * scale))))
