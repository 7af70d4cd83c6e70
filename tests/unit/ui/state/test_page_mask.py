"""Masks on the page are arrays that can be compared, and are small."""

from __future__ import annotations

import numpy as np
import pytest

from nst.errors import InputError
from nst.images import io as images
from nst.ui.state.page_mask import LONGEST, PageMask
from nst.ui.state.request import RegionRequest

RAMP = np.arange(240, dtype=np.uint8).reshape(12, 20)


def test_masks_of_equal_pixels_are_equal() -> None:
    mask, same, other = PageMask.of(RAMP), PageMask.of(RAMP.copy()), PageMask.of(RAMP.T)
    assert mask == same and hash(mask) == hash(same)
    assert mask != other
    assert PageMask.of(RAMP.reshape(20, 12)) != mask
    assert RegionRequest("sky", mask, 2.0) == RegionRequest("sky", same, 2.0) != RegionRequest("sky", other, 2.0)


def test_a_mask_file_is_as_white_as_it_is_bright_and_opaque() -> None:
    white = np.full_like(RAMP, 255)
    for file in (RAMP, np.dstack([RAMP] * 3), np.dstack([white, white, white, RAMP])):
        np.testing.assert_array_equal(PageMask.read(images.encode(file, "png")).pixels, RAMP)
    np.testing.assert_array_equal(PageMask.read(PageMask.of(RAMP).png).pixels, RAMP)


def test_a_large_mask_is_reduced() -> None:
    wide = np.zeros((30, 2 * LONGEST), np.uint8)
    wide[:, LONGEST:] = 255
    pixels = PageMask.read(wide).pixels
    assert pixels.shape == (15, LONGEST)
    assert (pixels[:, : LONGEST // 2 - 10] == 0).all() and (pixels[:, LONGEST // 2 + 10 :] == 255).all()


@pytest.mark.parametrize("source", [b"no picture", np.zeros((20, 20), np.uint8)])
def test_an_unusable_mask_is_refused(source: object) -> None:
    with pytest.raises(InputError, match="mask"):
        PageMask.read(source)
