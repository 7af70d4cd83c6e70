"""Settings to repaint a result at a larger size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import skimage.data
from scipy.ndimage import laplace
from skimage.metrics import structural_similarity

import nst
from nst.engines.enlarge import enlarged
from nst.images import io as images
from nst.images import samples
from nst.settings.presets import PRESETS


def test_settings_other_than_size_and_schedule_stay():
    settings = nst.OptimizeSettings(
        strength=60, size=512, steps=200, colors="photo", style_scale=2, init_noise=5, seed=4
    )
    size_and_schedule = {"size": 2048, "steps": 6, "levels": 1, "init": "image", "init_noise": 0}
    assert enlarged(settings, 2048) == replace(settings, **size_and_schedule)


def test_raw_weights_stay():
    assert enlarged(PRESETS["gatys-2016"], 1024).style_weight == PRESETS["gatys-2016"].style_weight


def test_a_result_of_the_fast_engine_is_enlarged_with_a_matching_strength_by_optimize():
    settings = enlarged(nst.FastSettings(strength=50, style_scale=0.5, seed=3), 1024)
    assert (settings.strength, settings.style_scale, settings.seed, settings.size) == (40, 0.5, 3, 1024)


@pytest.mark.slow
def test_an_enlarged_result_is_the_same_picture_and_sharper():
    photo, painting = skimage.data.astronaut(), samples.styles()[0].path
    settings = nst.OptimizeSettings(size=160, steps=30)
    small = nst.stylize(photo, painting, settings).image
    large = nst.stylize(photo, painting, enlarged(settings, 320), init_image=small).image

    def gray(image):
        return image.astype(float).mean(2)

    def sharpness(image):
        return np.abs(laplace(gray(image))).mean()

    height, width = small.shape[:2]
    reduced = images.resize(large, (width, height))
    assert structural_similarity(gray(reduced), gray(small), data_range=255) >= 0.85
    assert sharpness(large) >= 1.5 * sharpness(images.resize(small, (2 * width, 2 * height)))
