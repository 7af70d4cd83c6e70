"""Crops for training, and the pictures that no training may see."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nst.training import data
from nst.training.data import FULL_STRENGTH, HELD_OUT, batches, load, pairs, random_crop, random_strengths, split


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(40):
        Image.new("RGB", (48, 40), (number * 6, 0, 0)).save(tmp_path / f"{number:02}.png")
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


def test_twelve_pictures_are_held_out_always_the_same(folder: Path) -> None:
    training, held = split(folder)
    assert len(held) == HELD_OUT == 12 and len(training) == 28
    assert not set(training) & set(held)
    assert split(folder) == (training, held)


def test_crops_are_pixels_of_the_size_asked_for(folder: Path) -> None:
    rng = np.random.default_rng(0)
    for picture in load(split(folder)[0])[:5]:
        crop = random_crop(picture, 32, rng)
        assert crop.shape == (32, 32, 3) and crop.dtype == np.float32
        assert crop.min() >= 0 and crop.max() <= 1


def test_half_of_a_batch_is_paintings_and_a_seed_repeats_it() -> None:
    dark, bright = (np.full((64, 64, 3), value, np.uint8) for value in (60, 200))
    first, again = (next(batches([dark], [bright], 6, 16, seed=3)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert (first.mean((1, 2, 3)) > 0.5).sum() == 3


@pytest.fixture
def bright_when_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Photos and paintings that are black, those that are held out white; and no styles of our own."""
    for folder in ("photos", "paintings", "none"):
        (tmp_path / folder).mkdir()
    for folder in ("photos", "paintings"):
        for number in range(30):
            Image.new("RGB", (32, 32)).save(tmp_path / folder / f"{number:02}.png")
        for path in split(tmp_path / folder)[1]:
            Image.new("RGB", (32, 32), "white").save(path)
    monkeypatch.setattr(data, "STYLES", tmp_path / "none")
    return tmp_path


def test_no_pair_has_a_picture_that_is_held_out(bright_when_held_out: Path) -> None:
    found = pairs(bright_when_held_out / "photos", bright_when_held_out / "paintings", 8, 16, seed=0)
    for _ in range(20):
        contents, styles, _ = next(found)
        assert contents.max() == 0
        assert styles.max() <= 0.09  # colors are shifted by up to 0.08


def test_pairs_are_squares_with_strengths_and_a_seed_repeats_them(folder: Path) -> None:
    first, again, other = (next(pairs(folder, folder, 3, 24, seed)) for seed in (5, 5, 6))
    contents, styles, strengths = first
    assert contents.shape == (3, 24, 24, 3) and styles.shape == (3, 36, 36, 3) and strengths.shape == (3,)
    for array in first:
        assert array.dtype == np.float32 and array.min() >= 0 and array.max() <= 1
    for one, same in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, same)
    assert not np.array_equal(styles, other[1])


def test_most_strengths_are_full_the_first_always() -> None:
    rng = np.random.default_rng(1)
    drawn = np.stack([random_strengths(5, rng) for _ in range(400)])
    assert drawn.dtype == np.float32 and drawn.min() >= 0 and drawn.max() == 1
    assert np.all(drawn[:, 0] == 1)
    others = drawn[:, 1:]
    assert np.mean(others == 1) == pytest.approx(FULL_STRENGTH, abs=0.04)
    assert np.mean(others[others < 1]) == pytest.approx(0.5, abs=0.04)


def test_a_crop_shows_something_where_the_photo_has_anything() -> None:
    sky = np.full((64, 192, 3), 200, np.uint8)
    sky[:, 150:] = np.random.default_rng(0).integers(0, 256, (64, 42, 3))
    found = [data.content_crop(sky, 32, np.random.default_rng(seed)) for seed in range(40)]
    assert sum(crop.std() >= data.FLAT for crop in found) >= 36  # of all places, a third shows something
    blank = data.content_crop(np.full((64, 64, 3), 200, np.uint8), 32, np.random.default_rng(0))
    assert blank.shape == (32, 32, 3) and blank.std() < 1e-6
