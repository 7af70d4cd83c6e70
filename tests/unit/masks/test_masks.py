"""Properties common to all masks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from skimage import data

from nst import masks
from nst.images import io as images
from nst.images import samples
from nst.images.io import Picture
from tests.support.pictures import gradient

MAKERS = [masks.subject, masks.background, masks.sky, masks.faces]
EACH = pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)


def noise(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


@EACH
@pytest.mark.parametrize(
    "photo",
    [
        gradient(301, 203),
        gradient(16, 16),
        gradient(320, 16),
        gradient(16, 320),
        noise(97, 64),
        np.repeat(gradient(120, 90)[..., :1], 3, -1),
    ],
    ids=["odd", "tiny", "wide strip", "tall strip", "noise", "gray"],
)
def test_a_mask_is_of_the_photos_size_and_in_range(make, photo):
    before = photo.copy()
    mask = make(photo)
    assert (mask.shape, mask.dtype) == (photo.shape[:2], np.float32)
    assert mask.min() >= 0
    assert mask.max() <= 1
    assert np.array_equal(photo, before)


@EACH
@pytest.mark.parametrize("color", [(0, 0, 0), (255, 255, 255), (128, 128, 128), (200, 30, 30)])
@pytest.mark.parametrize("size", [(16, 16), (200, 150)])
def test_nothing_is_found_where_there_is_nothing(make, color, size):
    assert not make(np.full((*size, 3), color, np.uint8)).any()


@EACH
def test_the_same_photo_has_the_same_mask_whatever_was_drawn_before(make):
    photo = images.fit(data.astronaut(), 300)
    cv2.setRNGSeed(7)
    first = make(photo)
    cv2.setRNGSeed(8)
    assert np.array_equal(make(photo), first)


def test_threads_do_not_disturb_each_other():
    photos = [images.fit(each, 200) for each in (data.astronaut(), data.coffee(), data.chelsea())]
    alone = [masks.subject(photo) for photo in photos]
    assert all(mask.any() for mask in alone)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(masks.subject, photos * 4))
    assert all(np.array_equal(mask, alone[number % 3]) for number, mask in enumerate(together))


@pytest.mark.parametrize("make", [masks.subject, masks.sky], ids=["subject", "sky"])
def test_a_larger_photo_has_the_same_mask(make):
    photo = images.read(next(s.path for s in samples.photos() if s.slug == "landscape")).rgb
    small, large = images.fit(photo, 400), images.fit(photo, 1201)
    shrunk = cv2.resize(make(large), small.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(make(small) - shrunk).mean() < 0.05


def test_alpha_is_what_is_opaque():
    opacity = np.arange(60, dtype=np.uint8).reshape(6, 10) * 4
    mask = masks.alpha(Picture(np.zeros((6, 10, 3), np.uint8), opacity))
    assert mask.dtype == np.float32
    assert np.allclose(mask, opacity / 255)


def test_alpha_of_an_opaque_picture_is_nothing():
    mask = masks.alpha(Picture(gradient(20, 10)))
    assert mask.shape == (10, 20)
    assert not mask.any()


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_mask_is_found_by_its_name(make):
    picture = Picture(images.fit(data.astronaut(), 300))
    assert np.array_equal(masks.find(make.__name__, picture), make(picture.rgb))


def test_a_box_counts_for_the_subject_and_for_the_background():
    picture = Picture(gradient(120, 90))
    box = (20, 20, 60, 50)
    found = [masks.find(part, picture, box) for part in ("subject", "background")]
    assert np.array_equal(found[0], masks.subject(picture.rgb, box))
    assert np.array_equal(found[1], masks.background(picture.rgb, box))


def test_the_opaque_part_is_found_by_its_name():
    opacity = gradient(30, 20)[..., 0]
    picture = Picture(gradient(30, 20), opacity, gradient(30, 20))
    assert np.array_equal(masks.find("alpha", picture), masks.alpha(picture))
