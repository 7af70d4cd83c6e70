"""Pixels that nobody sees do not count, and a run that could paint nothing does not begin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import nst
from nst.errors import InputError
from nst.images.alpha import visible
from nst.optimization.problem import Problem
from nst.run import regions
from nst.run.decoded_inputs import decoded
from nst.run.inputs import Inputs
from nst.run.regions import Region
from nst.settings.engines import FastSettings, OptimizeSettings
from tests.support.pictures import gradient

PHOTO = gradient(64, 48)
PAINTING = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
ENGINES = [OptimizeSettings(size=64, steps=1), FastSettings(size=64), FastSettings(size=64, colors="palette")]


def sticker(hidden: int) -> np.ndarray:
    """PAINTING in the middle of a transparent picture, in which `hidden` lies."""
    pixels = np.full((100, 120, 4), hidden, np.uint8)
    pixels[..., 3] = 0
    pixels[30:70, 30:90] = np.dstack([PAINTING, np.full((40, 60), 255, np.uint8)])
    return pixels


@pytest.mark.parametrize("settings", ENGINES)
def test_a_sticker_is_the_same_style_as_what_is_seen_of_it(settings):
    for hidden in (0, 255):
        assert np.array_equal(decoded(Inputs(PHOTO, sticker(hidden)), None).styles[0], PAINTING)


def test_gaps_are_filled_with_what_is_beside_them():
    color = np.repeat(np.repeat(np.arange(12, dtype=np.uint8)[None], 6, 0)[..., None], 3, 2)
    alpha = np.full((6, 12), 255, np.uint8)
    alpha[1:5, 7:10] = 0
    alpha[0, 0] = alpha[5, 11] = 255  # nothing to cut off
    found = visible(color, alpha)
    assert np.array_equal(found[alpha > 0], color[alpha > 0])
    assert found[3, 7, 0] == 5  # two from the edge at 6, mirrored: 5
    assert set(found[1:5, 7:10].ravel()) <= set(color[alpha > 0].ravel().tolist())


def test_colors_and_contrast_of_a_round_style_are_those_that_are_seen():
    y, x = np.mgrid[:40, :60]
    seen = ((x - 29.5) / 30) ** 2 + ((y - 19.5) / 20) ** 2 <= 1
    found = visible(PAINTING, np.where(seen, 255, 0).astype(np.uint8)).astype(float)
    wanted = PAINTING[seen].astype(float)
    assert np.abs(found.mean((0, 1)) - wanted.mean(0)).max() < 8
    assert np.abs(found.std((0, 1)) - wanted.std(0)).max() < 4


def test_half_transparent_colors_of_a_color_style_are_not_mixed_with_white():
    from nst.models.stylizers import trained_style

    pale = np.full((32, 32, 4), (200, 40, 40, 128), np.uint8)
    assert np.abs(255 * trained_style.palette(pale).mean - (200, 40, 40)).max() < 0.5


def test_a_transparent_init_image_leaves_no_white_rim():
    red = np.full((48, 64, 4), 255, np.uint8)
    red[..., 3] = 0
    red[12:36, 16:48] = (200, 30, 60, 255)
    problem = Problem.read(Inputs(PHOTO, PAINTING, init_image=red), OptimizeSettings(size=64, init="image"))
    assert np.abs(255 * problem.start((64, 48), None) - (200, 30, 60)).max() <= 1


@pytest.mark.parametrize("settings", ENGINES)
@pytest.mark.parametrize("alpha", [0, 15])
def test_a_fully_transparent_picture_is_refused_before_painting(settings, alpha):
    nothing = np.dstack([PHOTO, np.full((48, 64), alpha, np.uint8)])
    with pytest.raises(InputError, match=r"photo is fully transparent.*Choose another"):
        nst.stream(nothing, PAINTING, settings)
    with pytest.raises(InputError, match=r"style picture is fully transparent.*Choose"):
        nst.stream(PHOTO, nothing, settings)
    if isinstance(settings, OptimizeSettings):
        with pytest.raises(InputError, match="init image is fully transparent"):
            nst.stream(PHOTO, PAINTING, replace(settings, init="image"), init_image=nothing)


BLACK_STROKES = np.zeros((48, 64, 4), np.uint8)
BLACK_STROKES[:, :32, 3] = 255
BLACK_MASKS = {
    "black": np.zeros((48, 64), np.uint8),
    "0 and 1": (np.arange(64) < 32).astype(np.uint8)[None].repeat(48, 0),
    "False": np.zeros((48, 64), bool),
    "0.0": np.zeros((48, 64), np.float32),
    "black strokes on a transparent layer": BLACK_STROKES,
}


@pytest.mark.parametrize("kind", BLACK_MASKS)
@pytest.mark.parametrize("settings", ENGINES)
def test_a_black_mask_is_refused_before_painting(kind, settings):
    with pytest.raises(InputError, match=r"black everywhere.*Paint the region white.*255 for uint8"):
        nst.stream(PHOTO, PAINTING, settings, regions=[Region(BLACK_MASKS[kind])])


def test_masks_of_true_one_and_255_are_the_same():
    inside = np.arange(64)[None].repeat(48, 0) < 32
    found = [regions.read(mask, (64, 48)) for mask in (inside, inside.astype(float), inside.astype(np.uint8) * 255)]
    assert np.array_equal(found[0], found[1]) and np.array_equal(found[0], found[2])
    assert found[0].max() == 1
