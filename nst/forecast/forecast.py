"""How long a picture will take on this machine, and how much memory, before anything starts.

Time is counted in looks at a picture, whose pace is measured once for each network (nst.forecast.calibration); memory
is counted by nst.optimization.footprint.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from nst.engines.registry import draft_of, drafted, stylize
from nst.forecast import calibration
from nst.forecast.calibration import Pace
from nst.models import precision
from nst.optimization.footprint import WHOLE, Footprint
from nst.optimization.schedule import plan
from nst.run.inputs import as_list
from nst.run.regions import Part, looks_of, read
from nst.settings.engines import FastSettings, OptimizeSettings, Settings
from nst.system import memory

if TYPE_CHECKING:
    from nst.images.io import Source
    from nst.models.extractors.networks import Choice
    from nst.run.regions import Region

PROGRAM = 700_000_000  # bytes of the program itself, with TensorFlow and a network
PAINTED, ENLARGED = 200, 20  # bytes a pixel that is painted in one go, and of the picture made of those
ENLARGING = 3e-8  # seconds a pixel of a picture that is larger than what is painted
PASS = 0.6  # of the time that pixels take that are painted in one go, for each pass more
JOINING = 1  # pass more at each strength, where parts have several styles
OPENING, READING = 0.02, 7e-8  # seconds to read a photo that is painted in one go, and of its pixels
RECOLORING = 2e-7  # seconds a pixel that takes on other colors
BEGINNING = 0.4  # seconds to read pictures, find weights and write the result
LOOKS = 1.05  # at a picture in a step: now and then the line search takes a second one
TILED = 2.1  # times as long in tiles
FIRST = 1.5  # looks more at each size: where it begins, and a first step whose length must be found
MANNER = 0.2  # of a look, for each style that parts of the picture are painted in
TARGETS = 0.4  # of a look, for the photo and for each style, at each size
MAKING = {"lbfgs": 1.9e-7, "adam": 3e-8}  # seconds a pixel of a step beside the looks: the optimizer's work, previews


@dataclass(frozen=True)
class Forecast:
    """What a run will take on this machine."""

    seconds: float  # from the call to the result, once TensorFlow is there
    memory: int  # bytes at most, of the whole program
    size: tuple[int, int]  # (width, height) of the result in pixels
    tiles: bool  # whether its largest sizes are worked at in tiles


def forecast(
    settings: Settings, content: Source, style: Source | Sequence[Source], *, regions: Sequence[Region] = ()
) -> Forecast:
    """What it will take to repaint `content` in the manner of `style`, with regions as stream() takes them.

    Measures this machine for a second or two where that was not done before; then imports TensorFlow.
    Raises InputError or ModelError, OutOfMemory among them, as the run would.
    """
    from nst.images import io as images  # brings image libraries, which `import nst` must not wait for

    shape = images.read(content, "content").rgb.shape[:2]
    for mask in (region.mask for region in regions):
        if mask is not None:
            read(mask, (shape[1], shape[0]))  # which refuses it as the run would
    return _forecast(settings, shape, len(as_list(style)), regions, _measured)


def known_forecast(
    settings: Settings, shape: tuple[int, int], styles: int = 1, regions: Sequence[Region] = ()
) -> Forecast | None:
    """The same for a photo of `shape` (height, width), at once; None where this machine has yet to be measured."""
    try:
        return _forecast(settings, shape, styles, regions, _known)
    except LookupError:
        return None


Paces = Callable[[Settings], Pace]


def _forecast(
    settings: Settings, shape: tuple[int, ...], styles: int, regions: Sequence[Region], paces: Paces
) -> Forecast:
    parts = looks_of(regions, styles) if regions else ()
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
    settings: FastSettings, size: tuple[int, int], styles: int, parts: Sequence[Part], paces: Paces
) -> Forecast:
    pixels = size[0] * size[1]
    painted = round(pixels * (settings.painted_side(max(size)) / max(size)) ** 2)
    manners, strengths = _variety(parts or [Part(None, None)], settings.strength, styles)
    passes = max(1, len(strengths)) * (manners + JOINING if manners > 1 else 1)
    measured = paces(settings)
    seconds = measured.of(round(painted * (1 + PASS * (passes - 1))))
    if any(asked is not None and 0 < asked < FastSettings.strength for asked in strengths):
        seconds += measured.fixed  # halfway to a style's code from the photo's own, which is described as well
    seconds += ENLARGING * max(0, pixels - painted) + OPENING + READING * pixels
    return Forecast(seconds, PROGRAM + PAINTED * painted + ENLARGED * pixels, size, False)


def _optimized(
    settings: OptimizeSettings, size: tuple[int, int], styles: int, parts: Sequence[Part], paces: Paces
) -> Forecast:
    look_pace = paces(settings)  # first, because what is not known yet is said without TensorFlow
    footprint = Footprint.of(_choice(settings), precision.resolve(settings.precision), settings.optimizer, len(parts))
    manners, _ = _variety(parts, settings.strength, styles)
    seconds, most, tiles = BEGINNING, 0, False
    if settings.init == "fast":
        sketched = [replace(part, strength=drafted(part.strength)) for part in parts]
        seconds += _painted(draft_of(settings), size, styles, sketched, paces).seconds
    room = memory.available()
    for level in plan(size, settings.levels, settings.steps):
        tiles = footprint.in_tiles(level.size, room)
        look = look_pace.of(level.pixels) * (TILED if tiles else 1) * (1 + MANNER * manners)
        scaled = min(settings.style_scale**2, max(1.0, WHOLE / level.pixels))  # of the styles, to the picture
        looks = FIRST + LOOKS * level.steps + TARGETS * (1 + styles * scaled)
        seconds += looks * look + level.steps * MAKING[settings.optimizer] * level.pixels
        most = max(most, (footprint.tiled if tiles else footprint.whole)(level.pixels, level.steps))
    return Forecast(seconds, PROGRAM + most, size, tiles)


def _variety(parts: Sequence[Part], whole: float | None, styles: int) -> tuple[int, set[float | None]]:
    """How many manners the parts are painted in, and all strengths, where the run's is `whole`."""
    strengths = [whole if part.strength is None else part.strength for part in parts]
    manners = {part.style if styles > 1 else None for part, asked in zip(parts, strengths, strict=True) if asked != 0}
    return len(manners), {*strengths} - {0}


def _choice(settings: OptimizeSettings) -> Choice:
    """The network of a run. Raises SettingsError or WeightsUnavailable as the run would."""
    from nst.models.extractors import networks  # brings what reads weights

    return networks.choose(settings.network, settings.content_layers, settings.style_layers, settings.weights)


def _measured(settings: Settings) -> Pace:
    key = _key(settings)
    known = calibration.remembered(key)
    if known is None:
        known = calibration.measure(_look(settings))
        calibration.remember(key, known)
    return known


def _known(settings: Settings) -> Pace:
    """Raises LookupError."""
    known = calibration.remembered(_key(settings))
    if known is None:
        raise LookupError
    return known


def _key(settings: Settings) -> str:
    """All that the pace depends on, but for the size."""
    if isinstance(settings, FastSettings):
        return f"fast {settings.network} {settings.precision}"
    choice = _choice(settings)
    looked_at = sorted({name for name, _ in choice.content_layers + choice.style_layers})
    losses = f"{settings.pooling} {settings.precision} {settings.style_loss}"
    return f"{choice.architecture.name} {losses} {' '.join(looked_at)}"


def _look(settings: Settings) -> Callable[[int], Callable[[], object]]:
    """For pace.measure(): one look at a square, or the whole work of a picture that is painted in one go."""
    rng = np.random.default_rng(0)

    def paint(side: int) -> Callable[[], object]:
        def again() -> object:
            photo = rng.integers(0, 256, (side, side, 3), np.uint8)  # a new one, that nothing is known of yet
            return stylize(photo, photo, replace(settings, strength=FastSettings.strength))

        return again

    def evaluate(side: int) -> Callable[[], object]:
        from nst.models.extractors import networks
        from nst.optimization.losses import formulation_of
        from nst.optimization.objective import Objective  # brings TensorFlow
        from nst.optimization.strength import Weights

        assert isinstance(settings, OptimizeSettings)
        choice = _choice(settings)
        network = networks.load(choice, settings.pooling, precision.resolve(settings.precision))
        goal = Objective(network, choice.content_layers, choice.style_layers, formulation_of(settings))
        x = rng.random((side, side, 3), np.float32)
        targets = goal.targets(x, [x], [1.0])
        return lambda: goal.evaluate(x, targets, Weights(1.0, 1.0, 1.0))

    return paint if isinstance(settings, FastSettings) else evaluate
