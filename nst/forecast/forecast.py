"""Forecast of the time and the memory of a style-transfer run on this machine.

Time is the number of network evaluations times their measured time (nst.forecast.calibration); memory is estimated by
nst.optimization.footprint.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from nst.engines.registry import draft_of, drafted, stylize
from nst.forecast import calibration
from nst.forecast.calibration import Calibration
from nst.models import precision
from nst.optimization.footprint import WHOLE, Footprint
from nst.optimization.schedule import plan
from nst.run.inputs import as_list, read_content
from nst.run.regions import RegionStyle, read, styles_of_regions
from nst.settings.engines import FastSettings, OptimizeSettings, Settings
from nst.system import memory

if TYPE_CHECKING:
    from nst.images.io import Source
    from nst.models.extractors.networks import NetworkChoice
    from nst.run.regions import Region

# LOOKS, look and _look refer to one evaluation of loss and gradient.
PROGRAM = 700_000_000  # bytes of the process itself, with TensorFlow and a network
PAINTED, ENLARGED = 200, 20  # fast engine: bytes per pixel at the network's size, and per pixel of the result
ENLARGING = 3e-8  # fast engine: seconds per pixel of the result beyond the network's size
PASS = 0.6  # fast engine: cost of each additional pass, relative to the first
JOINING = 1  # fast engine: additional passes per strength if regions have different styles
OPENING, READING = 0.02, 7e-8  # fast engine: seconds to read the content image, fixed and per pixel
RECOLORING = 2e-7  # seconds per pixel and region with colors="palette"
BEGINNING = 0.4  # seconds to read images, find weights and write the result
LOOKS = 1.05  # evaluations per step: the line search occasionally needs a second one
TILED = 2.1  # cost of an evaluation in tiles, relative to a whole image
FIRST = 1.5  # additional evaluations per level: the start, and the line search of the first step
MANNER = 0.2  # additional cost of an evaluation for each style mix in use by the regions, relative
TARGETS = 0.4  # evaluations per level for the targets of the content image and of each style image
MAKING = {"lbfgs": 1.9e-7, "adam": 3e-8}  # seconds per pixel and step outside the evaluations: optimizer and previews


@dataclass(frozen=True)
class Forecast:
    """Expected time and memory of a style-transfer run on this machine."""

    seconds: float  # from the call to the result, without the import of TensorFlow
    memory: int  # peak of the whole process, in bytes
    size: tuple[int, int]  # (width, height) of the result in pixels
    tiles: bool  # True if the full size is evaluated in tiles


def forecast(
    settings: Settings, content: Source, style: Source | Sequence[Source], *, regions: Sequence[Region] = ()
) -> Forecast:
    """Return the forecast of the style-transfer run that stream() would start with these arguments.

    Without a cached calibration, measures this machine for one or two seconds, which imports TensorFlow, as does
    precision="auto" with optimize settings. Like the run, raises InputError if an image, mask or setting is unusable,
    and ModelError if weights are missing or memory is too small.
    """
    shape = read_content(content).rgb.shape[:2]
    for mask in (region.mask for region in regions):
        if mask is not None:
            read(mask, (shape[1], shape[0]))  # raises InputError for an invalid mask, like the run
    return _forecast(settings, shape, len(as_list(style)), regions, _measured)


def known_forecast(
    settings: Settings, shape: tuple[int, int], styles: int = 1, regions: Sequence[Region] = ()
) -> Forecast | None:
    """Return the forecast for a content image of `shape` (height, width), without measuring this machine.

    `styles` is the number of style images. Returns None if there is no cached calibration. Like the run, raises
    InputError if a setting is unusable, and ModelError if weights are missing or memory is too small.
    """
    try:
        return _forecast(settings, shape, styles, regions, _known)
    except LookupError:
        return None


Paces = Callable[[Settings], Calibration]


def _forecast(
    settings: Settings, shape: tuple[int, ...], styles: int, regions: Sequence[Region], paces: Paces
) -> Forecast:
    parts = styles_of_regions(regions, styles) if regions else ()
    height, width = shape
    scale = 1.0 if settings.size is None else settings.size / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    if settings.recolors:
        pixels = size[0] * size[1]
        return Forecast(BEGINNING + RECOLORING * pixels * max(1, len(parts)), PROGRAM + ENLARGED * pixels, size, False)
    if isinstance(settings, FastSettings):
        return _painted(settings, size, styles, parts, paces)
    return _optimized(settings, size, styles, parts, paces)


def _painted(
    settings: FastSettings, size: tuple[int, int], styles: int, parts: Sequence[RegionStyle], paces: Paces
) -> Forecast:
    pixels = size[0] * size[1]
    painted = round(pixels * (settings.painted_side(max(size)) / max(size)) ** 2)
    mix_indices, strengths = _variety(parts or [RegionStyle(None, None)], settings.strength, styles)
    passes = max(1, len(strengths)) * (mix_indices + JOINING if mix_indices > 1 else 1)
    measured = paces(settings)
    seconds = measured.of(round(painted * (1 + PASS * (passes - 1))))
    if any(asked is not None and 0 < asked < FastSettings.strength for asked in strengths):
        seconds += measured.fixed  # interpolation needs the style code of the content image as well
    seconds += ENLARGING * max(0, pixels - painted) + OPENING + READING * pixels
    return Forecast(seconds, PROGRAM + PAINTED * painted + ENLARGED * pixels, size, False)


def _optimized(
    settings: OptimizeSettings, size: tuple[int, int], styles: int, parts: Sequence[RegionStyle], paces: Paces
) -> Forecast:
    look_pace = paces(settings)  # first: known_forecast() then returns None without importing TensorFlow
    footprint = Footprint.of(_choice(settings), precision.resolve(settings.precision), settings.optimizer, len(parts))
    mix_indices, _ = _variety(parts, settings.strength, styles)
    seconds, most, tiles = BEGINNING, 0, False
    if settings.init == "fast":
        sketched = [part if part.strength is None else replace(part, strength=drafted(part.strength)) for part in parts]
        seconds += _painted(draft_of(settings), size, styles, sketched, paces).seconds
    room = memory.available()
    for level in plan(size, settings.levels, settings.steps):
        tiles = footprint.in_tiles(level.size, room)
        look = look_pace.of(level.pixels) * (TILED if tiles else 1) * (1 + MANNER * mix_indices)
        scaled = min(settings.style_scale**2, max(1.0, WHOLE / level.pixels))  # style image pixels per level pixel
        region_styles = FIRST + LOOKS * level.steps + TARGETS * (1 + styles * scaled)
        seconds += region_styles * look + level.steps * MAKING[settings.optimizer] * level.pixels
        most = max(most, (footprint.tiled if tiles else footprint.whole)(level.pixels, level.steps))
    return Forecast(seconds, PROGRAM + most, size, tiles)


def _variety(parts: Sequence[RegionStyle], whole: float | None, styles: int) -> tuple[int, set[float | None]]:
    """Return the number of style mixes that the regions use, and the set of their nonzero strengths.

    `parts` are style and strength of each region; `whole` is the strength of the run, for regions without their own;
    `styles` is the number of style images. None among the strengths stands for raw loss weights.
    """
    strengths = [whole if part.strength is None else part.strength for part in parts]
    mix_indices = {
        part.style if styles > 1 else None for part, asked in zip(parts, strengths, strict=True) if asked != 0
    }
    return len(mix_indices), {*strengths} - {0}


def _choice(settings: OptimizeSettings) -> NetworkChoice:
    """Return the extractor and layers for these settings.

    Raises SettingsError if a setting is invalid, WeightsUnavailable if the weights are missing, like the run itself.
    """
    from nst.models.extractors import networks  # deferred: imports the readers of weight files

    return networks.choose(settings.network, settings.content_layers, settings.style_layers, settings.weights)


def _measured(settings: Settings) -> Calibration:
    key = _key(settings)
    known = calibration.remembered(key)
    if known is None:
        known = calibration.measure(_look(settings))
        calibration.remember(key, known)
    return known


def _known(settings: Settings) -> Calibration:
    """Return the cached calibration for these settings. Raises LookupError if there is none."""
    known = calibration.remembered(_key(settings))
    if known is None:
        raise LookupError
    return known


def _key(settings: Settings) -> str:
    """Return the cache key of a calibration: all settings that affect the time of an evaluation, except the size."""
    if isinstance(settings, FastSettings):
        return f"fast {settings.network} {settings.precision}"
    choice = _choice(settings)
    looked_at = sorted({name for name, _ in choice.content_layers + choice.style_layers})
    losses = f"{settings.pooling} {settings.precision} {settings.style_loss}"
    return f"{choice.architecture.name} {losses} {' '.join(looked_at)}"


def _look(settings: Settings) -> Callable[[int], Callable[[], object]]:
    """Return the function that calibration.measure() calls with the side of a test image.

    For optimize settings, one evaluation of loss and gradient is timed; for fast settings, a whole style-transfer run.
    """
    rng = np.random.default_rng(0)

    def paint(side: int) -> Callable[[], object]:
        def again() -> object:
            photo = rng.integers(0, 256, (side, side, 3), np.uint8)  # new each time, so that no cache applies
            return stylize(photo, photo, replace(settings, strength=FastSettings.strength))

        return again

    def evaluate(side: int) -> Callable[[], object]:
        from nst.models.extractors import networks
        from nst.optimization.losses import formulation_of
        from nst.optimization.objective import Objective  # deferred: imports TensorFlow
        from nst.optimization.strength import Weights

        assert isinstance(settings, OptimizeSettings)
        choice = _choice(settings)
        network = networks.load(choice, settings.pooling, precision.resolve(settings.precision))
        goal = Objective(network, choice.content_layers, choice.style_layers, formulation_of(settings))
        x = rng.random((side, side, 3), np.float32)
        targets = goal.targets(x, [x], [1.0])
        return lambda: goal.evaluate(x, targets, Weights(1.0, 1.0, 1.0))

    return paint if isinstance(settings, FastSettings) else evaluate
