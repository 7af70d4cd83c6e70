"""Pictures mended."""

import numpy as np

from nst.diagnostics.fixes import flattened
from nst.images.io import Picture
from tests.support.pictures import gradient


def test_flattened_has_nothing_to_see_through():
    picture = Picture(gradient(), np.zeros((40, 60), np.uint8))
    assert np.array_equal(flattened(picture), picture.rgb)
