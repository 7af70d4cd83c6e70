"""Fast engine: one pass through a feed-forward stylizer, yielding one Snapshot."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any
from weakref import ref

import numpy as np

from nst.errors import ModelError, SettingsError
from nst.images import color_transfer
from nst.images import io as images
from nst.images.blend import mosaic
from nst.images.color_transfer import Coloring
from nst.images.io import Picture, Pixels
from nst.models.stylizers import registry as stylizers
from nst.models.stylizers import trained_style
from nst.models.stylizers.noise import NoiseField
from nst.models.stylizers.stylizer import Code, Stylizer
from nst.models.stylizers.trained_style import TrainedStyle
from nst.optimization.problem import read_styles
from nst.run import regions
from nst.run.control import Control
from nst.run.inputs import Inputs, Shares, mix_of, read_content
from nst.run.live_settings import LiveSettings
from nst.run.regions import UNSEEN, Map, Maps, RegionSet
from nst.run.snapshot import Checkpoint, Snapshot
from nst.settings.engines import BLENDED_COLORS, FastSettings

FULL = 100.0  # full strength, alpha = 1 of a stylizer
LIGHTEST = 0.7  # share of the strength that a protected pixel loses at recognizable=100, so that it stays painted

StyledStrength = tuple[Shares, float]  # weights of the styles, and strength


@dataclass(frozen=True)
class _Request:
    """Inputs, settings and stylizer of one run."""

    photo: Picture  # content image
    rgb: Pixels  # content image at the size of the result
    styles: Sequence[Pixels]
    trained: Sequence[TrainedStyle | None]  # per style: its trained style, None for a plain image
    shares: Shares
    live_settings: LiveSettings
    network: Stylizer
    settings: FastSettings
    protected: Map | None = None  # (H, W), weights of the pixels to keep recognizable; None without protection

    @property
    def region_styles(self) -> list[StyledStrength]:
        """Style mix and strength of each stylized region."""
        parts, strengths = self.live_settings.parts, [each for each in self.live_settings.strengths if each is not None]
        mixes = [
            mix_of(parts.region_styles[number], self.shares) if parts else self.shares
            for number in self.live_settings.painted
        ]
        return list(zip(mixes, strengths, strict=True))

    def places(self, size: tuple[int, int]) -> Maps:
        """Return maps (regions, H, W) of the stylized regions at `size` (width, height), normalized to sum to 1.

        Maps of regions that are hidden under other regions are 0. Pixels in no stylized region get the largest one.
        """
        if self.live_settings.parts is None:
            return np.ones((1, *size[::-1]), np.float32)
        maps = self.live_settings.parts.at(size)[list(self.live_settings.painted)]
        maps *= maps.max((1, 2), keepdims=True) > UNSEEN  # hidden regions need no pass
        painted, anyhow = maps.sum(0), np.zeros_like(maps)
        anyhow[maps.sum((1, 2)).argmax()] = 1  # at pixels where the content image is kept
        shares: Maps = np.divide(maps, painted, out=anyhow, where=painted > UNSEEN)
        return shares


def run(inputs: Inputs, settings: FastSettings, control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
    """Run the engine, see nst.engines.registry.stream(). Validate and load everything before the generator starts."""
    began = time.monotonic()
    if inputs.init_image is not None or resume is not None:
        given = "an init_image" if inputs.init_image is not None else "a checkpoint"
        raise SettingsError(f"The engine fast cannot use {given}. Leave it out, or choose the engine optimize.")
    photo = read_content(inputs.content)
    rgb = images.fit(photo.bled, settings.size)
    shares, styles = inputs.shares, read_styles(inputs, settings)
    parts = RegionSet.of(inputs.regions, (rgb.shape[1], rgb.shape[0]), len(styles)) if inputs.regions else None
    network = stylizers.load(settings)
    trained = [trained_style.find(source) if network.draws else None for source in inputs.styles]
    protection = inputs.protection
    recognizable = None if protection is None else protection.recognizable
    protected = None if protection is None else regions.read(protection.mask, (rgb.shape[1], rgb.shape[0]))
    live_settings = LiveSettings(settings.strength, parts, Coloring.of(settings), recognizable)
    request = _Request(photo, rgb, styles, trained, shares, live_settings, network, settings, protected)
    _check(request)
    if settings.style_scale != 1 and not network.scales:
        raise SettingsError(
            f"{network.name} as .tflite files does not support style_scale; received {settings.style_scale:g}. "
            "Use its SavedModel or network='fast'."
        )
    if not network.draws and (settings.seed, settings.noise_origin) != (FastSettings.seed, FastSettings.noise_origin):
        raise SettingsError(
            f"{network.name} uses no noise; received seed={settings.seed} and noise_origin="
            f"{settings.noise_origin}. Leave both out, or choose network='fast'."
        )
    return _pass(request, control, began)


def _pass(request: _Request, control: Control, began: float) -> Iterator[Snapshot]:
    control.wait()  # for a pause; a stop is ignored, because the run has a single step
    request = replace(request, live_settings=request.live_settings.updated(control))
    _check(request)
    photo, rgb, coloring = request.photo, request.rgb, request.live_settings.coloring
    alpha = images.resize_alpha(photo.alpha, (rgb.shape[1], rgb.shape[0]))
    styles = color_transfer.ready(request.styles, rgb, alpha, coloring)
    side = request.settings.painted_side(max(rgb.shape))
    small = images.fit(photo.bled if side > max(rgb.shape) else rgb, side)  # fine strokes need the original's detail
    image = color_transfer.finished(_resized(_protected(request, styles, small), small, rgb), rgb, coloring)
    coverage = request.live_settings.coverage((rgb.shape[1], rgb.shape[0]))
    yield Snapshot(
        image=image if coverage is None else mosaic([rgb, image], np.stack([1 - coverage, coverage])),
        step=1,
        total=1,
        losses=None,
        seconds=time.monotonic() - began,
        network=request.network.name,
        working_size=(small.shape[1], small.shape[0]),
        final=True,
        alpha=alpha,
    )


def _protected(request: _Request, styles: Sequence[Pixels], seen: Pixels) -> Pixels:
    """Return _painted(), with less strength where the image is protected."""
    live_settings, painted = request.live_settings, _painted(request, styles, seen)
    if request.protected is None or not live_settings.recognizable:
        return painted
    share = 1 - LIGHTEST * live_settings.recognizable / FULL
    parts, whole = live_settings.parts, live_settings.strength
    assert whole is not None  # the engine has no raw weights
    strengths = {n: each if each is None else each * share for n, each in enumerate(parts.asked)} if parts else {}
    lighter = replace(request, live_settings=live_settings.with_values(whole * share, strengths))
    weights = regions.resized(request.protected, (seen.shape[1], seen.shape[0]))
    return mosaic([painted, _painted(lighter, styles, seen)], np.stack([1 - weights, weights]))


def _painted(request: _Request, styles: Sequence[Pixels], seen: Pixels) -> Pixels:
    """Return the stylized image; `seen` is the content image at the working size, `styles` are color-transferred.

    Style mixes are blended in the network's features. Strengths are blended in the pixels: a pass has a single
    strength, and the results of one content image are aligned.
    """
    network, places = request.network, request.places((seen.shape[1], seen.shape[0]))
    codes = np.stack([_code(network, *each) for each in zip(styles, request.trained, strict=True)])
    scale, settings = seen.shape[1] / request.rgb.shape[1], request.settings
    x, y = (round(scale * place) for place in settings.noise_origin)
    encoding = _encoding(network, seen, NoiseField(settings.seed, (x, y)))
    mixes, strengths = (_together(region_styles, places) for region_styles in zip(*request.region_styles, strict=True))
    mixed = [np.average(codes, axis=0, weights=shares).astype(np.float32) for shares in mixes]

    def painted(alpha: float) -> Pixels:
        if len(mixed) == 1:
            return network.paint(encoding, mixed[0], alpha)
        return network.paint_regions(encoding, mixed, alpha, np.stack([*mixes.values()]))

    pictures = [painted(strength / FULL) for strength in strengths]
    return pictures[0] if len(pictures) == 1 else mosaic(pictures, np.stack([*strengths.values()]))


def _together(region_styles: Sequence[Any], places: Maps) -> dict[Any, Map]:
    """Return the summed map of each distinct value in `region_styles`, without values whose maps are all 0.

    `region_styles` holds one value (style mix or strength) per map of `places`.
    """
    found: dict[Any, Map] = {}
    for look, place in zip(region_styles, places, strict=True):
        if place.any():
            found[look] = found.get(look, 0) + place
    return found


def _resized(painted: Pixels, seen: Pixels, photo: Pixels) -> Pixels:
    """Return `painted`, the stylized `seen`, at the size of `photo`, with the detail of `photo` lost in `seen`."""
    if seen.shape == photo.shape:
        return painted
    size = photo.shape[1], photo.shape[0]
    change = images.resize(painted, size).astype(np.int16) - images.resize(seen, size)
    resized: Pixels = np.clip(change + photo, 0, 255).astype(np.uint8)
    return resized


def _check(request: _Request) -> None:
    """Raise SettingsError or ModelError if the stylizer does not support the request."""
    if request.live_settings.coloring.colors not in BLENDED_COLORS:
        for style, trained in zip(request.styles, request.trained, strict=True):
            _learned(request.network, style, trained)
    for shares, strength in request.region_styles:
        styles = sum(share > 0 for share in shares)
        if not request.network.mixes and (styles > 1 or 0 < strength < FULL):
            raise SettingsError(
                f"{request.network.name} as a SavedModel supports one style at strength 100; received {styles} and "
                f"strength={strength:g}. Use its .tflite files or network='fast'."
            )


class Recent:
    """Thread-safe LRU cache limited by total weight."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, weight: int, make: Callable[[], Any]) -> Any:
        """Return the value of `key`, calling `make` if it is not cached. Values above the limit are not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        value = make()  # outside of the lock, so that other threads need not wait
        with self._lock:
            if weight <= self._limit:
                self._kept[key] = value, weight
            while sum(weight for _, weight in self._kept.values()) > self._limit:
                self._kept.popitem(last=False)
        return value


# Caches keyed by stylizer and image digest, because the images themselves would take many times the memory. Weak
# references let stylizers that are no longer in use be freed.
_codes = Recent(64)
_encodings = Recent(4_000_000)  # pixels, of up to 70 bytes
SMALL = 500_000  # pixels, minimum weight of an encoding: at most eight are kept, and memory use levels off early


def _code(network: Stylizer, style: Pixels, trained: TrainedStyle | None) -> Code:
    """Return the code of a style after color transfer: the learned one for a trained style in its own colors."""
    learned = _learned(network, style, trained)
    if learned is not None:
        return learned
    code: Code = _codes.get((ref(network), _digest(style)), 1, lambda: network.describe(style))
    return code


def _learned(network: Any, style: Pixels, trained: TrainedStyle | None) -> Code | None:
    """Return the code of a trained style in its own colors; None for all others.

    Raises ModelError if the code was trained for another version of the network.
    """
    if trained is None or not np.array_equal(style, trained.picture):
        return None
    if (trained.fingerprint, trained.code.shape) != (network.fingerprint, network.code_shape):
        raise ModelError(
            f"The trained style '{trained.name}' was trained for another version of the network fast. Train it again "
            "with nst train-style, or use the engine optimize."
        )
    return trained.code


def _encoding(network: Stylizer, photo: Pixels, noise: NoiseField) -> Any:
    weight = max(SMALL, photo.shape[0] * photo.shape[1])
    return _encodings.get((ref(network), _digest(photo), noise), weight, lambda: network.encode(photo, noise))


def _digest(pixels: Pixels) -> bytes:
    shape = repr(pixels.shape).encode()
    return blake2b(np.ascontiguousarray(pixels).data, key=shape).digest()
