"""Brush size: strokes get larger or smaller with it, on both engines."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

import nst
from nst.images import io as images

pytestmark = pytest.mark.slow

PERIOD = 8 * 2**0.5  # pixels from one stripe of STYLE to the next of its color, across them
Y, X = np.mgrid[:160, :160]
STYLE = np.where(((X + Y) // 8 % 2)[..., None], [230, 120, 20], [20, 40, 150]).astype(np.uint8)
FLAT = np.full((128, 192, 3), 128, np.uint8)


def clouds(height: int, width: int) -> NDArray[np.uint8]:
    """Gray noise whose amplitude falls with its frequency, as in photographs: uint8 RGB."""
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width))
    noise = np.fft.fft2(np.random.default_rng(0).normal(size=(height, width)))
    found = np.fft.ifft2(noise / np.maximum(frequency, 1 / max(height, width))).real
    return np.repeat(np.rint(128 + 9 * found / found.std()).clip(0, 255)[..., None], 3, -1).astype(np.uint8)


def spectrum(change: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Power of a gray picture, and the frequency of each entry in cycles a pixel."""
    height, width = change.shape
    window = np.outer(np.hanning(height), np.hanning(width))
    power = np.abs(np.fft.rfft2((change - change.mean()) * window)) ** 2
    return power, np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width))


def centroid(image: NDArray[np.uint8], photo: NDArray[np.uint8]) -> float:
    """Mean frequency of what was painted, weighted by its power."""
    power, frequency = spectrum((image.astype(float) - photo).mean(-1))
    return float((power * frequency).sum() / power.sum())


def test_stripes_come_out_as_wide_as_the_brush_says() -> None:
    """By arithmetic: the style is scaled to the picture's area, and then by the brush."""
    found = {}
    for scale in (0.5, 1.0, 2.0):
        settings = nst.OptimizeSettings(
            network="lite", size=192, steps=15, init="noise", style_weight=1e3, style_scale=scale, precision="float32"
        )
        found[scale] = nst.stylize(FLAT, STYLE, settings).image
        power, frequency = spectrum(found[scale].astype(float).mean(-1))
        rings = np.bincount((frequency * 192).round().astype(int).ravel(), weights=power.ravel())
        expected = 192 / (PERIOD * scale * (FLAT.size / STYLE.size) ** 0.5)  # stripes from side to side
        assert rings[2:].argmax() + 2 == pytest.approx(expected, rel=0.3)
    assert all(centroid(found[a], FLAT) > 1.2 * centroid(found[b], FLAT) for a, b in pairwise(found))


def test_on_the_fast_engine_strokes_get_wider_with_the_brush() -> None:
    large = clouds(384, 576)
    photo = images.fit(large, 288)
    found = {
        scale: nst.stylize(large, STYLE, nst.FastSettings(size=288, style_scale=scale)).image
        for scale in (0.25, 0.5, 1.0, 2.0, 4.0)
    }
    assert all(centroid(found[a], photo) > 1.1 * centroid(found[b], photo) for a, b in pairwise(found))


def test_fine_strokes_are_those_of_a_larger_picture() -> None:
    large = clouds(200, 300)
    fine, twice = (
        nst.stylize(large, STYLE, nst.FastSettings(size=size, style_scale=scale)).image
        for size, scale in ((150, 0.5), (300, 1.0))
    )
    assert np.abs(fine.astype(int) - images.resize(twice, (150, 100))).mean() < 2


@pytest.mark.parametrize("scale", [0.5, 3.0])
def test_strength_zero_gives_the_photo_back_whatever_the_brush(scale: float) -> None:
    photo = clouds(64, 96)
    for settings in (
        nst.FastSettings(size=None, strength=0, style_scale=scale),
        nst.OptimizeSettings(network="lite", size=96, steps=2, strength=0, style_scale=scale),
    ):
        np.testing.assert_array_equal(nst.stylize(photo, STYLE, settings).image, photo)


def test_strength_and_brush_are_two_things() -> None:
    photo = clouds(96, 144)
    for scale in (0.5, 2.0):
        weak, strong = (
            np.abs(
                nst.stylize(photo, STYLE, nst.FastSettings(size=None, strength=s, style_scale=scale)).image.astype(int)
                - photo
            ).mean()
            for s in (30, 100)
        )
        assert weak < 0.7 * strong


@pytest.mark.parametrize(("side", "scale", "painted"), [(400, 1, 400), (3000, 1, 1024), (3000, 4, 256), (400, 0.5, 800),
                                                        (800, 0.25, 2048), (3000, 0.5, 2048)])  # fmt: skip
def test_sides_that_the_fast_engine_paints_at(side: int, scale: float, painted: int) -> None:
    assert nst.FastSettings(style_scale=scale).painted_side(side) == painted
