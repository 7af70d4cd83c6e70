"""Regions: shares sum to one, soft edges, invalid input."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from nst.errors import InputError, SettingsError
from nst.run.regions import UNSEEN, Region, RegionSet, RegionStyle, carried, over, read, soft, styles_of_regions

SIZE = (120, 80)  # (width, height)


def left(width: int = 60) -> NDArray[np.bool_]:
    """True in the first columns."""
    mask = np.zeros(SIZE[::-1], bool)
    mask[:, :width] = True
    return mask


def parts(*regions: Region, styles: int = 2) -> RegionSet:
    return RegionSet.of(regions, SIZE, styles)


@given(seed=st.integers(0, 1000), count=st.integers(1, 4), feather=st.floats(0, 25))
def test_every_pixel_belongs_to_all_parts_together_exactly_once(seed: int, count: int, feather: float) -> None:
    rng = np.random.default_rng(seed)
    found = parts(*(Region(rng.random((20, 30), np.float32), feather=feather) for _ in range(count)))
    assert len(found.maps) == len(found.region_styles) == count + 1
    for size in (SIZE, (60, 40), (37, 25), (240, 160)):
        maps = found.at(size)
        assert maps.shape == (count + 1, size[1], size[0]) and maps.min() >= 0
        np.testing.assert_allclose(maps.sum(0), 1, atol=1e-5)


def test_a_later_region_lies_on_top() -> None:
    found = parts(Region(left(80), feather=0), Region(~left(40), feather=0))
    np.testing.assert_array_equal(found.maps[0], np.zeros(SIZE[::-1]))
    np.testing.assert_array_equal(found.maps[1], left(40))
    np.testing.assert_array_equal(found.maps[2], ~left(40))


def test_a_feather_is_so_wide_and_nowhere_wider() -> None:
    row = soft(Region(left(), feather=10), SIZE)[40]  # 12 pixels to either side of the edge at 60
    assert (row[: 60 - 12] == 1).all() and (row[60 + 12 :] == 0).all()
    inside = row[60 - 12 : 60 + 12]
    assert (np.diff(inside) < 0).all()
    np.testing.assert_allclose(inside + inside[::-1], 1, atol=1e-5)
    assert row[60 + 5] > 0.1


def test_no_feather_is_a_hard_edge() -> None:
    np.testing.assert_array_equal(soft(Region(left(), feather=0), SIZE), left())


def test_a_mask_may_be_a_picture_of_another_size_and_transparent() -> None:
    half = np.zeros((40, 60, 4), np.uint8)
    half[:, 20:, :3] = 255  # white from a third on
    half[:20, :, 3] = 255  # opaque above
    found = read(Image.fromarray(half), SIZE)
    assert found[10, 100] == 1 and found[70, 100] == 0 and found[10, 10] == 0
    np.testing.assert_array_equal(read(left().astype(np.float32), SIZE), left())
    assert read(np.full((80, 120), 128, np.uint8), SIZE)[5, 5] == pytest.approx(128 / 255)


def test_what_is_not_painted_is_what_the_parts_of_strength_0_cover() -> None:
    found = parts(Region(left(), strength=0, feather=10))
    coverage = found.coverage(SIZE, 60)
    np.testing.assert_allclose(coverage, 1 - soft(Region(left(), feather=10), SIZE), atol=UNSEEN)
    assert (coverage[:, :48] == 0).all() and (coverage[:, 72:] == 1).all()
    assert found.painted(60) == (0,)
    assert found.coverage(SIZE, 0).max() == 0 and found.painted(0) == ()
    assert parts(Region(left(), strength=1)).coverage(SIZE, 60) is None


def test_only_what_is_in_the_mask_is_painted_where_the_rest_has_no_strength() -> None:
    found = parts(Region(left(), feather=0), Region(None, strength=0))
    np.testing.assert_array_equal(found.coverage(SIZE, None), left())
    assert found.painted(None) == (1,)


def test_the_strength_of_a_part_is_its_own_or_the_run_s() -> None:
    found = parts(Region(left(), 1, 20.0), Region(None, 0), Region(left(9)))
    assert found.region_styles == (RegionStyle(0, None), RegionStyle(1, 20.0), RegionStyle(None, None))
    assert found.strengths(70) == (70, 20, 70)
    assert found.asked == (20.0, None, None)


def test_strengths_are_turned_by_the_number_that_a_region_was_given_at() -> None:
    found = parts(Region(left(), strength=20), Region(None, strength=30), Region(left(9)))
    with_values = found.with_values({1: 5, 2: 90})
    assert with_values.strengths(70) == (5, 20, 90) and with_values.asked == (20, 5, 90)
    assert with_values.maps is found.maps


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"style": -1}, "number of at least 0, received -1"),
        ({"strength": 101}, "between 0 and 100, received 101"),
        ({"strength": float("nan")}, "between 0 and 100"),
        ({"feather": 30}, "between 0 and 25 percent, received 30"),
    ],
)
def test_a_region_that_makes_no_sense(change: dict[str, float], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Region(left(), **change)


def test_a_style_that_is_not_there() -> None:
    with pytest.raises(SettingsError, match="uses style number 2, but there are only 2, counted from 0"):
        styles_of_regions([Region(left(), style=2)], 2)


def test_only_one_rest() -> None:
    with pytest.raises(SettingsError, match="Only one region may have no mask, received 2"):
        parts(Region(None), Region(None))


def test_a_mask_of_another_shape() -> None:
    with pytest.raises(InputError, match="received 100 x 100 pixels for a photo of 120 x 80"):
        parts(Region(np.ones((100, 100), bool)))


def test_regions_do_not_wait_for_image_libraries() -> None:
    script = (
        "import sys\nfrom nst.run.regions import Region\nRegion(None, strength=0)\n"
        "assert not {'PIL', 'scipy', 'tensorflow'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_uncovered_pixels_are_the_photo() -> None:
    photo, painted = (np.random.default_rng(seed).random((4, 5, 3), np.float32) for seed in (0, 1))
    coverage = np.zeros((4, 5), np.float32)
    coverage[1], coverage[2] = 1, 0.25
    found = over(photo, painted, coverage)
    np.testing.assert_array_equal(found[0], photo[0])
    np.testing.assert_allclose(found[1], painted[1], rtol=1e-6)
    np.testing.assert_allclose(found[2], 0.75 * photo[2] + 0.25 * painted[2], rtol=1e-6)


@given(seed=st.integers(0, 1000))
def test_a_picture_stays_as_it_was_where_more_of_it_is_painted_from_now_on(seed: int) -> None:
    rng = np.random.default_rng(seed)
    photo, painted = (rng.random((6, 5, 3), np.float32) for _ in range(2))
    before, after = (np.sort(rng.random((2, 6, 5), np.float32) * (rng.random((6, 5)) < 0.7), 0)).astype(np.float32)
    found = carried(painted, photo, before, after)
    assert found.min() >= 0 and found.max() <= 1
    np.testing.assert_allclose(over(photo, found, after), over(photo, painted, before), atol=1e-5)
    everywhere = carried(painted, photo, before, None)
    np.testing.assert_allclose(everywhere, over(photo, painted, before), atol=1e-6)
    np.testing.assert_array_equal(carried(painted, photo, None, after), over(photo, painted, np.ones_like(after)))


@pytest.mark.parametrize("most", [255.0, float("nan"), float("inf"), -1.0])
@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_a_mask_of_floats_beyond_one_is_refused(most, kind):
    mask = np.zeros((20, 30), kind)
    mask[5, 5] = most
    with pytest.raises(InputError, match="A mask of floats has values from 0 to 1"):
        read(mask, (30, 20))


def test_a_mask_of_floats_may_ring_at_its_edges():
    mask = np.tile(np.array([[-0.1, 1.1]], np.float32), (20, 15))
    assert read(mask, (30, 20)).max() == 1
