"""Crops to a size."""

from __future__ import annotations

import numpy as np

from nst.images.crop import cropped


def test_a_crop_takes_equal_margins_and_keeps_the_pixels():
    image = np.arange(6 * 10 * 3, dtype=np.uint8).reshape(6, 10, 3)
    np.testing.assert_array_equal(cropped(image, (6, 6)), image[:, 2:8])
    np.testing.assert_array_equal(cropped(image, (10, 2)), image[2:4])


def test_a_crop_scales_an_image_that_is_too_small_or_too_large():
    image = np.full((30, 40, 4), 255, np.uint8)
    for size in [(80, 80), (15, 21), (41, 30)]:
        result = cropped(image, size)
        assert result.shape == (size[1], size[0], 4)
        assert (result == 255).all()
