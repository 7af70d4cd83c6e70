"""Crops for training, and the pictures that no training may see."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nst.training import data
from nst.training.data import HELD_OUT, batches, load, load_all, random_crop, split, style_crop


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


def test_of_several_folders_only_the_first_has_pictures_held_out(folder: Path, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    for number in range(15):
        Image.new("RGB", (48, 40), (0, 1 + number, 0)).save(more / f"{number:02}.png")
    held = {tuple(picture[0, 0]) for picture in load(split(folder)[1])}
    for folders, count in (([folder], 28), ([folder, more], 28 + 15)):
        found = {tuple(picture[0, 0]) for picture in load_all(folders)}
        assert len(found) == count
        assert not found & held


def test_style_crops_are_squares_and_a_seed_repeats_them() -> None:
    paintings = [np.random.default_rng(number).integers(0, 256, (60, 90, 3), np.uint8) for number in range(3)]
    first, again, other = (
        [style_crop(paintings, 36, rng) for _ in range(12)] for rng in map(np.random.default_rng, (5, 5, 6))
    )
    for crop in first:
        assert crop.shape == (36, 36, 3) and crop.dtype == np.float32
        assert crop.min() >= 0 and crop.max() <= 1
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_crop_shows_something_where_the_photo_has_anything() -> None:
    sky = np.full((64, 192, 3), 200, np.uint8)
    sky[:, 150:] = np.random.default_rng(0).integers(0, 256, (64, 42, 3))
    found = [data.content_crop(sky, 32, np.random.default_rng(seed)) for seed in range(40)]
    assert sum(crop.std() >= data.FLAT for crop in found) >= 36  # of all places, a third shows something
    blank = data.content_crop(np.full((64, 64, 3), 200, np.uint8), 32, np.random.default_rng(0))
    assert blank.shape == (32, 32, 3) and blank.std() < 1e-6
