"""Pictures mended."""

from itertools import product

import numpy as np
import pytest

from nst.diagnostics.fixes import Cut, flattened, opaque_part
from nst.images.io import Picture
from tests.pictures import gradient


def test_a_cut_is_what_is_in_the_box():
    picture = gradient(60, 40)
    assert np.array_equal(Cut((10, 5, 30, 25))(Picture(picture)), picture[5:25, 10:30])


def test_flattened_has_nothing_to_see_through():
    picture = Picture(gradient(), np.zeros((40, 60), np.uint8))
    assert np.array_equal(flattened(picture), picture.rgb)


def largest_by_trying_all(alpha: np.ndarray) -> int:
    """Area of the largest opaque rectangle."""
    height, width = alpha.shape
    best = 0
    for top, left in product(range(height), range(width)):
        for bottom, right in product(range(top + 1, height + 1), range(left + 1, width + 1)):
            if alpha[top:bottom, left:right].min() == 255:
                best = max(best, (bottom - top) * (right - left))
    return best


@pytest.mark.parametrize("seed", range(8))
def test_the_opaque_part_is_the_largest_rectangle(seed):
    rng = np.random.default_rng(seed)
    alpha = np.where(rng.random((7, 9)) < 0.75, 255, 0).astype(np.uint8)
    left, top, right, bottom = opaque_part(alpha)
    assert alpha[top:bottom, left:right].min() == 255
    assert (right - left) * (bottom - top) == largest_by_trying_all(alpha)


def test_in_a_large_picture_it_is_nearly_the_largest_and_all_opaque():
    alpha = np.zeros((500, 700), np.uint8)
    alpha[103:405, 201:633] = 255
    alpha[120:140, 600:633] = 100
    left, top, right, bottom = opaque_part(alpha)
    assert alpha[top:bottom, left:right].min() == 255
    assert (right - left) * (bottom - top) > 0.9 * 302 * 399


def test_fully_transparent_picture_has_no_opaque_part():
    left, top, right, bottom = opaque_part(np.zeros((40, 60), np.uint8))
    assert (right - left) * (bottom - top) == 0
