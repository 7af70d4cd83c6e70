"""Blending in Oklab, against the color space's own published way through CIE XYZ in float64."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from skimage.color import rgb2xyz, xyz2rgb

import nst
from nst.images import blend
from tests.support.pictures import gradient

# Ottosson 2020: CIE XYZ (D65) to cones, and their cube roots to Oklab. The code mixes linear sRGB by another matrix.
CONES = np.array(
    [
        [0.8189330101, 0.3618667424, -0.1288597137],
        [0.0329845436, 0.9293118715, 0.0361456387],
        [0.0482003018, 0.2643662691, 0.6338517070],
    ]
)
OPPONENTS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
# What CSS Color 4 and every browser says of them.
PUBLISHED = {
    (255, 255, 255): (1.0, 0.0, 0.0),
    (255, 0, 0): (0.62796, 0.22486, 0.12585),
    (0, 255, 0): (0.86644, -0.23389, 0.17950),
    (0, 0, 255): (0.45201, -0.03246, -0.31153),
    (0, 0, 0): (0.0, 0.0, 0.0),
}


def oklab(rgb: np.ndarray) -> np.ndarray:
    return np.cbrt(rgb2xyz(rgb) @ CONES.T) @ OPPONENTS.T


def srgb(lab: np.ndarray) -> np.ndarray:
    """uint8, clipped."""
    xyz = (lab @ np.linalg.inv(OPPONENTS).T) ** 3 @ np.linalg.inv(CONES).T
    return np.rint(np.clip(xyz2rgb(xyz), 0, 1) * 255).astype(np.uint8)


def pixel(*rgb: int) -> np.ndarray:
    return np.array([[rgb]], np.uint8)


def any_pictures(height: int = 50, width: int = 40) -> np.ndarray:
    """A photo and a painting of all colors there are."""
    return np.random.default_rng(5).integers(0, 256, (2, height, width, 3), dtype=np.uint8)


def off(a: np.ndarray, b: np.ndarray) -> int:
    """The largest difference between two uint8 pictures."""
    return int(np.abs(a.astype(int) - b).max())


@pytest.mark.parametrize(("rgb", "expected"), PUBLISHED.items())
def test_the_oracle_knows_the_published_values(rgb: tuple[int, int, int], expected: tuple[float, ...]) -> None:
    np.testing.assert_allclose(oklab(pixel(*rgb))[0, 0], expected, atol=2e-4)


def test_a_mosaic_is_a_straight_line_in_oklab_at_each_place(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, painting = any_pictures()
    maps = np.random.default_rng(6).random((2, *photo.shape[:2]), np.float32)
    maps /= maps.sum(0)
    expected = srgb(maps[0, ..., None] * oklab(photo / 255) + maps[1, ..., None] * oklab(painting / 255))
    whole = blend.mosaic([photo, painting], maps)
    assert off(whole, expected) <= 1
    monkeypatch.setattr(blend, "STRIP", 3 * photo.shape[1])
    np.testing.assert_array_equal(blend.mosaic([photo, painting], maps), whole)


def test_what_is_all_of_one_picture_in_a_mosaic_is_that_one_bit_for_bit() -> None:
    pictures = [*any_pictures(400, 300), any_pictures(400, 300)[0][::-1]]
    owner = np.random.default_rng(6).integers(0, 3, (400, 300))
    found = blend.mosaic(pictures, np.stack([owner == k for k in range(3)]).astype(np.float32))
    for k, each in enumerate(pictures):
        np.testing.assert_array_equal(found[owner == k], each[owner == k])


@pytest.mark.parametrize("amount", [1, 25, 50, 99.5])
def test_it_is_a_straight_line_in_oklab(amount: float) -> None:
    photo, painting = any_pictures()
    share = amount / 100
    expected = srgb((1 - share) * oklab(photo) + share * oklab(painting))
    assert off(nst.blend(photo, painting, amount), expected) <= 1


def test_halfway_from_red_to_gray_by_hand() -> None:
    """A gray's lightness is the cube root of its light: 0.59987 where that is 0.21586."""
    middle = oklab(nst.blend(pixel(128, 128, 128), pixel(255, 0, 0), 50))[0, 0]
    expected = [(0.59987 + 0.62796) / 2, 0.22486 / 2, 0.12585 / 2]
    np.testing.assert_allclose(middle, expected, atol=0.004)  # about one of 255


def test_blue_fades_to_light_blue_not_to_violet() -> None:
    red, green, blue = nst.blend(pixel(255, 255, 255), pixel(0, 0, 255), 50)[0, 0].astype(int)
    assert red < green < blue


def test_both_ends_are_the_pictures_themselves() -> None:
    photo, painting = any_pictures()
    ends = nst.blend(photo, painting, 0), nst.blend(photo, painting, 100.0)
    assert np.array_equal(ends[0], photo) and np.array_equal(ends[1], painting)
    assert not np.shares_memory(ends[0], photo) and not np.shares_memory(ends[1], painting)


def test_a_picture_with_itself_is_itself() -> None:
    every_red_and_green = np.stack([*np.mgrid[:256, :256], np.full((256, 256), 1)], -1).astype(np.uint8)
    for amount in (3, 50, 77.7):
        assert np.array_equal(nst.blend(every_red_and_green, every_red_and_green, amount), every_red_and_green)


def test_grays_stay_gray() -> None:
    light, dark = np.meshgrid(np.arange(256), np.arange(256))
    grays = [np.repeat(values[..., None], 3, 2).astype(np.uint8) for values in (light, dark)]
    for amount in (10, 50, 80):
        mixed = nst.blend(*grays, amount).astype(int)
        assert np.ptp(mixed, axis=2).max() <= 1  # where one of three roundings falls the other way
        assert (np.ptp(mixed, axis=2) > 0).mean() < 0.001


def test_more_of_the_painting_is_never_farther_from_it() -> None:
    photo, painting = pixel(20, 60, 200), pixel(240, 200, 30)
    mixed = [oklab(nst.blend(photo, painting, amount))[0, 0] for amount in range(0, 101, 5)]
    lightness, blueness = np.array(mixed)[:, 0], -np.array(mixed)[:, 2]
    assert (np.diff(lightness) > 0).all()
    assert (np.diff(blueness) < 0).all()
    np.testing.assert_allclose(np.diff(lightness), np.diff(lightness).mean(), rtol=0.35)  # even, but for 8 bits


def test_strips_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, painting = any_pictures(height=23)
    whole = nst.blend(photo, painting, 40)
    monkeypatch.setattr(blend, "STRIP", 5 * photo.shape[1])
    assert np.array_equal(nst.blend(photo, painting, 40), whole)


def test_a_large_picture_takes_little_more_memory_than_its_result() -> None:
    photo, painting = np.full((2, 1000, 1500, 3), 200, np.uint8)
    tracemalloc.start()
    nst.blend(photo, painting, 40)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < photo.nbytes + 4_000_000  # as float32 it would be 18 million bytes


def test_pictures_that_are_views_and_stay_as_they_were() -> None:
    photo, painting = any_pictures()
    before = photo.copy(), painting.copy()
    flipped = nst.blend(photo[::-1, ::2], painting[::-1, ::2], 30)
    assert np.array_equal(flipped, nst.blend(photo, painting, 30)[::-1, ::2])
    assert np.array_equal(photo, before[0]) and np.array_equal(painting, before[1])


@pytest.mark.parametrize("amount", [-1, 100.1, float("nan")])
def test_an_amount_beyond_the_ends(amount: float) -> None:
    with pytest.raises(nst.SettingsError, match=rf"between 0 \(photo\) and 100 \(result\); received {amount:g}"):
        nst.blend(gradient(), gradient(), amount)


def test_pictures_of_two_sizes() -> None:
    with pytest.raises(nst.InputError, match="photo of 60x40 pixels with a result of 30x20"):
        nst.blend(gradient(60, 40), gradient(30, 20), 50)


@pytest.mark.parametrize("bad", [gradient() / 255, gradient()[..., 0], np.dstack([gradient()] * 2), "photo.jpg"])
def test_invalid_arrays_are_refused(bad: np.ndarray) -> None:
    with pytest.raises(nst.InputError, match="Cannot blend the painting: expected a uint8 array"):
        nst.blend(gradient(), bad, 50)
