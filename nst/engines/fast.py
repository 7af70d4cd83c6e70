"""Fast engine: one pass through a feed-forward stylizer, yielding one Snapshot."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from weakref import ref

import numpy as np

from nst.errors import ModelError, SettingsError
from nst.images import color_transfer
from nst.images import io as images
from nst.images.blend import Maps, mosaic
from nst.images.io import Pixels
from nst.models.stylizers import registry as stylizers
from nst.models.stylizers.noise import NoiseField
from nst.models.stylizers.stylizer import Code, Stylizer
from nst.models.stylizers.trained_style import TrainedStyle
from nst.run.control import EngineControl
from nst.run.decoded_inputs import DecodedInputs, decoded
from nst.run.inputs import Inputs, Shares, mix_of
from nst.run.live_settings import LiveSettings
from nst.run.regions import UNSEEN, Map, resized
from nst.run.snapshot import Checkpoint, Snapshot
from nst.settings.engines import BLENDED_COLORS, FastSettings
from nst.system.recent import Recent

FULL = 100.0  # full strength, alpha = 1 of a stylizer
LIGHTEST = 0.7  # share of the strength that a protected pixel loses at recognizable=100, so that it stays painted

StyledStrength = tuple[Shares, float]  # weights of the styles, and strength


def prepare(inputs: Inputs, settings: FastSettings) -> Prepared:
    """Decode the inputs of a run and load its stylizer.

    Raises InputError if an input cannot be used or the stylizer does not support a setting, and ModelError if the
    stylizer cannot be loaded.
    """
    began = time.monotonic()
    if inputs.init_image is not None:
        raise _unused("an init_image")
    found = decoded(inputs, settings.size)
    network = stylizers.load(settings)
    prepared = Prepared(found, LiveSettings.of(settings, found.parts, inputs.protection), network, settings, began)
    prepared.check()
    if settings.style_scale != 1 and not network.scales:
        raise SettingsError(
            f"{network.name} as .tflite files does not support style_scale; received {settings.style_scale:g}. "
            "Use its SavedModel or network='fast'."
        )
    if not network.uses_noise and (settings.seed, settings.noise_origin) != (
        FastSettings.seed,
        FastSettings.noise_origin,
    ):
        raise SettingsError(
            f"{network.name} uses no noise; received seed={settings.seed} and noise_origin="
            f"{settings.noise_origin}. Leave both out, or choose network='fast'."
        )
    return prepared


@dataclass(frozen=True)
class Prepared:
    """Run of the fast engine with decoded inputs and a loaded stylizer, ready to start."""

    inputs: DecodedInputs
    live_settings: LiveSettings
    network: Stylizer
    settings: FastSettings
    began: float  # on the monotonic clock, in seconds

    def run(self, control: EngineControl, resume: Checkpoint | None = None) -> Iterator[Snapshot]:
        """Return an iterator of one Snapshot, the result. Raises SettingsError at the call if `resume` is not None."""
        if resume is not None:
            raise _unused("a checkpoint")
        return self._pass(control)

    def _pass(self, control: EngineControl) -> Iterator[Snapshot]:
        control.wait()  # for a pause; a stop is ignored, because the run has a single step
        yield replace(self, live_settings=self.live_settings.updated(control))._snapshot()

    def _snapshot(self) -> Snapshot:
        self.check()
        photo, coloring = self.inputs.photo, self.live_settings.coloring
        styles = color_transfer.ready(self.inputs.styles, photo, self.inputs.alpha, coloring)
        side = self.settings.painted_side(max(photo.shape))
        larger = self.inputs.content.bled if side > max(photo.shape) else photo  # fine strokes need its detail
        small = images.fit(larger, side)
        image = color_transfer.finished(_resized(_protected(self, styles, small), small, photo), photo, coloring)
        coverage = self.live_settings.coverage(self.inputs.size)
        return Snapshot(
            image=image if coverage is None else mosaic([photo, image], np.stack([1 - coverage, coverage])),
            step=1,
            total=1,
            losses=None,
            seconds=time.monotonic() - self.began,
            network=self.network.name,
            working_size=(small.shape[1], small.shape[0]),
            final=True,
            alpha=self.inputs.alpha,
        )

    def check(self) -> None:
        """Raise an error if the stylizer does not support the inputs or the live settings.

        Raises ModelError if a trained style is for another version of the network, and SettingsError if the stylizer
        supports only one style at full strength and more styles or another strength are requested.
        """
        if self.live_settings.coloring.colors not in BLENDED_COLORS:
            for style, trained in zip(self.inputs.styles, self.trained, strict=True):
                _learned(self.network, style, trained)
        for shares, strength in self.region_styles:
            styles = sum(share > 0 for share in shares)
            if not self.network.mixes and (styles > 1 or 0 < strength < FULL):
                raise SettingsError(
                    f"{self.network.name} as a SavedModel supports one style at strength 100; received {styles} and "
                    f"strength={strength:g}. Use its .tflite files or network='fast'."
                )

    @property
    def trained(self) -> tuple[TrainedStyle | None, ...]:
        """Trained style of each style image; None for a plain image, and for every style if the network is not fast."""
        return self.inputs.trained if self.network.uses_noise else (None,) * len(self.inputs.styles)

    @property
    def region_styles(self) -> list[StyledStrength]:
        """Style mix (weights of the style images) and strength (0..100) of each stylized region."""
        parts, strengths = self.live_settings.parts, [each for each in self.live_settings.strengths if each is not None]
        shares = self.inputs.shares
        mixes = [
            mix_of(parts.region_styles[number], shares) if parts else shares for number in self.live_settings.painted
        ]
        return list(zip(mixes, strengths, strict=True))

    def places(self, size: tuple[int, int]) -> Maps:
        """Return weight maps (regions, H, W) of the stylized regions at `size` (width, height), which sum to 1.

        Maps of regions hidden under other regions are 0. Pixels in no stylized region belong to the largest one.
        """
        if self.live_settings.parts is None:
            return np.ones((1, *size[::-1]), np.float32)
        maps = self.live_settings.parts.at(size)[list(self.live_settings.painted)]
        maps *= maps.max((1, 2), keepdims=True) > UNSEEN  # hidden regions need no pass
        painted, anyhow = maps.sum(0), np.zeros_like(maps)
        anyhow[maps.sum((1, 2)).argmax()] = 1  # at pixels where the content image is kept
        shares: Maps = np.divide(maps, painted, out=anyhow, where=painted > UNSEEN)
        return shares


def _protected(prepared: Prepared, styles: Sequence[Pixels], seen: Pixels) -> Pixels:
    """Return _painted(), with less strength where the image is protected."""
    live_settings, painted = prepared.live_settings, _painted(prepared, styles, seen)
    if prepared.inputs.protected is None or not live_settings.recognizable:
        return painted
    share = 1 - LIGHTEST * live_settings.recognizable / FULL
    parts, whole = live_settings.parts, live_settings.strength
    assert whole is not None  # the engine has no raw weights
    strengths = {n: each if each is None else each * share for n, each in enumerate(parts.asked)} if parts else {}
    lighter = replace(prepared, live_settings=live_settings.with_values(whole * share, strengths))
    weights = resized(prepared.inputs.protected, (seen.shape[1], seen.shape[0]))
    return mosaic([painted, _painted(lighter, styles, seen)], np.stack([1 - weights, weights]))


def _unused(given: str) -> SettingsError:
    return SettingsError(f"The engine fast cannot use {given}. Leave it out, or choose the engine optimize.")


def _painted(prepared: Prepared, styles: Sequence[Pixels], seen: Pixels) -> Pixels:
    """Return the stylized image, uint8 RGB at the size of `seen`, the content image at the working size.

    `styles` are the style images after color transfer.

    Different style mixes of regions are blended in the network's features, different strengths in the pixels.
    """
    network, places = prepared.network, prepared.places((seen.shape[1], seen.shape[0]))
    codes = np.stack([_code(network, *each) for each in zip(styles, prepared.trained, strict=True)])
    scale, settings = seen.shape[1] / prepared.inputs.size[0], prepared.settings
    x, y = (round(scale * place) for place in settings.noise_origin)
    encoding = _encoding(network, seen, NoiseField(settings.seed, (x, y)))
    mixes, strengths = (_together(region_styles, places) for region_styles in zip(*prepared.region_styles, strict=True))
    mixed = [np.average(codes, axis=0, weights=shares).astype(np.float32) for shares in mixes]

    def painted(alpha: float) -> Pixels:
        if len(mixed) == 1:
            return network.paint(encoding, mixed[0], alpha)
        return network.paint_regions(encoding, mixed, alpha, np.stack([*mixes.values()]))

    pictures = [painted(strength / FULL) for strength in strengths]
    return pictures[0] if len(pictures) == 1 else mosaic(pictures, np.stack([*strengths.values()]))


def _together(region_styles: Sequence[Any], places: Maps) -> dict[Any, Map]:
    """Return the sum of the maps of each distinct value in `region_styles`, without values whose maps are all 0.

    `region_styles` holds one value (a style mix or a strength) per region, `places` one map (H, W) per region.
    """
    found: dict[Any, Map] = {}
    for look, place in zip(region_styles, places, strict=True):
        if place.any():
            found[look] = found.get(look, 0) + place
    return found


def _resized(painted: Pixels, seen: Pixels, photo: Pixels) -> Pixels:
    """Return the stylized image `painted` at the size of `photo`, the content image.

    `seen` is the content image at the size of `painted`. The enlarged difference between `painted` and `seen` is added
    to `photo`, which keeps detail that is too fine for `seen`.
    """
    if seen.shape == photo.shape:
        return painted
    size = photo.shape[1], photo.shape[0]
    change = images.resize(painted, size).astype(np.int16) - images.resize(seen, size)
    resized: Pixels = np.clip(change + photo, 0, 255).astype(np.uint8)
    return resized


# Caches keyed by stylizer and image digest, because the images themselves would take many times the memory. Weak
# references let stylizers that are no longer in use be freed.
_codes = Recent(64)
_encodings = Recent(4_000_000)  # pixels, of up to 70 bytes
SMALL = 500_000  # pixels, minimum weight of an encoding: at most eight are kept, and memory use levels off early


def _code(network: Stylizer, style: Pixels, trained: TrainedStyle | None) -> Code:
    """Return the style code of the image `style`, which may have been recolored by color transfer.

    The code of a trained style in its own colors is the learned one. Raises ModelError under the condition of
    _learned().
    """
    learned = _learned(network, style, trained)
    if learned is not None:
        return learned
    code: Code = _codes.get((ref(network), images.digest(style)), 1, lambda: network.describe(style))
    return code


def _learned(network: Any, style: Pixels, trained: TrainedStyle | None) -> Code | None:
    """Return the learned code of a trained style; None for a plain image, or if `style` has been recolored.

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
    return _encodings.get((ref(network), images.digest(photo), noise), weight, lambda: network.encode(photo, noise))
