"""Crops for training, and the pictures that no training may see."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nst.training.data import HELD_OUT, batches, load, random_crop, split


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
