"""Checks of a style-transfer result, based on its pixels, its losses and its settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nst.diagnostics.issue import Advice, Fix, Issue
from nst.images import io as images
from nst.images.color_transfer import LUMA
from nst.images.io import Pixels
from nst.settings.engines import DEFAULT_STRENGTH, FastSettings, OptimizeSettings, Settings, SharedSettings

Gray = NDArray[np.float64]

# Spread of brightness (1st to 99th percentile, 0..255): a result of at most BLANK is blank, a content image of at least
# SEEN is not. The smallest spread of 1,125 photos and paintings is 75.
BLANK, SEEN = 8.0, 40.0
DARK = 32.0  # mean brightness (0..255) below which a blank result is called black
# Largest block-wise mean change (0..255) up to which a result counts as unchanged. The optimize engine mostly changes
# nothing at a strength of 3 and at least 2.5 at 10; the fast engine changes 3.6 at a strength of 5.
UNCHANGED = 2.0
PLACES = 8  # blocks per side
# Relative decrease of the loss up to which a run counts as stalled. Typical values: 0.04 at a strength of 10, at least
# 0.5 at the default strength, 0.001 with a learning rate that is far too small.
STALLED = 0.01
LOOKED_AT = 10  # minimum number of losses for a decision
# Fine detail relative to the inputs from which a result counts as grainy. Typical values: up to 1 with the default
# settings, mostly up to 1.8 with a small style_scale, 4 to 10 if Adam's learning rate is too large.
GRAINY = 2.0
WINDOW = 768  # maximum side in pixels of the central crop in which grain is measured
SMOOTHER = 4.0  # factor of tv_weight in the fix for grain
STRONGEST = 100.0


@dataclass(frozen=True)
class Result:
    """Result of a style-transfer run to check with after(), with its inputs, settings and losses."""

    image: Pixels = field(repr=False)
    photo: Pixels = field(repr=False)  # content image at the size of the result
    styles: Sequence[Pixels] = field(repr=False)
    settings: Settings
    totals: Sequence[float] = ()  # total losses in the order of the steps


def after(result: Result) -> Advice | None:
    """Return the most important issue of a result for which a fix is known, or None."""
    for look in (_blank, _unchanged, _stalled, _grainy):
        advice = look(result)
        if advice is not None:
            return advice
    return None


def _blank(result: Result) -> Advice | None:
    if _spread(result.image) > BLANK or _spread(result.photo) < SEEN:
        return None
    black = (result.image @ LUMA).mean() < DARK
    message = f"The picture came out {'black' if black else 'in one color'}: these settings do not work together."
    fix = _our_way(result.settings) or _exact(result.settings)
    return None if fix is None else Advice(Issue.BLANK, message, fix)


def _unchanged(result: Result) -> Advice | None:
    if changed(result.image, result.photo) > UNCHANGED:
        return None
    no_strength = result.settings.strength == 0
    message = f"{'Strength is 0, so the photo' if no_strength else 'The photo'} is unchanged."
    fix = _stronger(result.settings) or _our_way(result.settings)
    return None if fix is None else Advice(Issue.UNCHANGED, message, fix)


def _stalled(result: Result) -> Advice | None:
    if len(result.totals) < LOOKED_AT or _best_gain(result.totals) > STALLED:
        return None
    message = "Painting made no progress: the picture did not get any closer to the style."
    fix = _our_way(result.settings)
    return None if fix is None else Advice(Issue.STALLED, message, fix)


def _grainy(result: Result) -> Advice | None:
    if grain(result.image, result.photo, result.styles) < GRAINY:
        return None
    fix = _calmer(result.settings)
    message = "The picture is grainy: it has fine noise found neither in your photo nor in the style."
    return None if fix is None else Advice(Issue.GRAINY, message, fix)


def changed(image: Pixels, photo: Pixels) -> float:
    """Return the largest block-wise mean difference between result and content image, in levels (0..255).

    The images are uint8 RGB of equal size, compared in 8 x 8 blocks. The maximum over blocks also detects a change that
    is limited to one region.
    """
    away = np.abs(image.astype(np.int16) - photo).mean(-1)
    edges = [np.linspace(0, side, min(PLACES, side) + 1).astype(int) for side in away.shape]
    sums = np.add.reduceat(np.add.reduceat(away, edges[0][:-1], 0), edges[1][:-1], 1)
    return float((sums / np.outer(*(np.diff(each) for each in edges))).max())


def grain(image: Pixels, photo: Pixels, styles: Sequence[Pixels]) -> float:
    """Return the energy of the finest octave of the result's brightness, relative to the largest of its inputs.

    The inputs are the content image `photo` and the style images, first resized to the size of the result.
    """
    size = image.shape[1], image.shape[0]
    sources = [photo, *(images.resize(style, size) for style in styles)]
    return _finest(image) / max(*(_finest(source) for source in sources), 1e-9)


def _finest(pixels: Pixels) -> float:
    top, left = (max(0, side - WINDOW) // 2 for side in pixels.shape[:2])
    gray: Gray = pixels[top : top + WINDOW, left : left + WINDOW] @ LUMA
    spectrum = np.abs(np.fft.rfft2(gray - gray.mean())) ** 2 / gray.size**2
    fy, fx = np.abs(np.fft.fftfreq(gray.shape[0])), np.fft.rfftfreq(gray.shape[1])
    return float(spectrum[np.maximum(fy[:, None], fx) > 0.25].sum())


def _spread(pixels: Pixels) -> float:
    dark, bright = np.percentile(pixels @ LUMA, [1, 99])
    return float(bright - dark)


def _best_gain(totals: Sequence[float]) -> float:
    """Return the largest relative decrease of the loss from any step to a later one; `totals` are losses by step."""
    losses = np.asarray(totals)
    before = np.maximum.accumulate(losses)
    return float(((before - losses) / np.maximum(before, 1e-12)).max())


def _stronger(settings: Settings) -> Fix | None:
    """Return a fix with a higher strength or more iterations, or None if both are high already."""
    strength = settings.strength
    usual = FastSettings.strength if isinstance(settings, FastSettings) else DEFAULT_STRENGTH
    if strength is not None and strength < usual:
        return Fix("Paint with more strength", replace(settings, strength=usual))
    if isinstance(settings, OptimizeSettings) and settings.steps < OptimizeSettings.steps and not settings.recolors:
        return Fix("Paint with more iterations", replace(settings, steps=OptimizeSettings.steps))
    if strength is not None and strength < STRONGEST:
        return Fix("Paint with more strength", replace(settings, strength=STRONGEST))
    return None


def _our_way(settings: Settings) -> Fix | None:
    """Return a fix with the default settings of the optimize engine, or None if they are in use already.

    The fix keeps the shared settings (but not colors="palette"), size and precision, and of OptimizeSettings also the
    strength and init="fast".
    """
    look: dict[str, Any] = {entry.name: getattr(settings, entry.name) for entry in fields(SharedSettings)}
    if settings.recolors:
        look["colors"] = SharedSettings.colors
    if isinstance(settings, OptimizeSettings):
        look |= {"strength": settings.strength, "init": "fast" if settings.init == "fast" else OptimizeSettings.init}
    ours = OptimizeSettings(size=settings.size, precision=settings.precision, **look)
    return None if ours == settings else Fix("Paint with the normal settings", ours)


def _exact(settings: Settings) -> Fix | None:
    """Return a fix with precision="float32", or None if in use already.

    Some processors compute wrong values in lower precision.
    """
    if settings.precision == "float32":
        return None
    return Fix("Paint with higher precision", replace(settings, precision="float32"))


def _calmer(settings: Settings) -> Fix | None:
    """Return a fix for the most likely cause of grain in a result with these settings, or None if none is known."""
    if isinstance(settings, FastSettings):
        if settings.style_scale < SharedSettings.style_scale:
            return Fix("Use the normal brush", replace(settings, style_scale=SharedSettings.style_scale))
        return _our_way(settings)
    if settings.strength is None or settings.optimizer != OptimizeSettings.optimizer:
        return _our_way(settings)
    if settings.init == "noise" or settings.init_noise:
        return Fix("Start from the photo", replace(settings, init=OptimizeSettings.init, init_noise=0.0))
    if settings.steps < OptimizeSettings.steps:
        return Fix("Paint with more iterations", replace(settings, steps=OptimizeSettings.steps))
    return _smoother(settings)


def _smoother(settings: OptimizeSettings) -> Fix | None:
    most: float = next(entry for entry in fields(OptimizeSettings) if entry.name == "tv_weight").metadata["maximum"]
    smoothness = min(most, max(OptimizeSettings.tv_weight, SMOOTHER * settings.tv_weight))
    if smoothness == settings.tv_weight:
        return None
    return Fix("Paint with more smoothing", replace(settings, tv_weight=smoothness))
