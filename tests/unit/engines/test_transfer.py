"""transfer_style, for people who come from TensorFlow Hub's tutorials."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import nst
from nst.images.io import to_float
from tests.support.hub_modules import painted, save
from tests.support.pictures import gradient


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    """A photo and a style of one color."""
    photo, style = tmp_path / "photo.png", tmp_path / "style.png"
    Image.fromarray(gradient(63, 41)).save(photo)
    Image.new("RGB", (50, 80), (200, 100, 50)).save(style)
    return photo, style


def test_an_array_of_floats_of_the_photos_size(paths: tuple[Path, Path]) -> None:
    picture = nst.transfer_style(str(paths[0]), str(paths[1]))
    assert (picture.shape, picture.dtype) == ((41, 63, 3), np.float32)
    assert 0 <= picture.min() < picture.max() <= 1


def test_without_a_model_it_is_fast_at_full_strength(paths: tuple[Path, Path]) -> None:
    expected = nst.stylize(*paths, nst.FastSettings(network="fast", strength=100, size=None))
    np.testing.assert_array_equal(nst.transfer_style(*paths), expected.image / np.float32(255))


def test_with_a_model_it_is_magenta(paths: tuple[Path, Path], tmp_path: Path) -> None:
    found = nst.transfer_style(*paths, save(tmp_path / "model"))
    style = np.full((1, 1, 3), (200, 100, 50)) / 255
    np.testing.assert_allclose(found, painted(to_float(gradient(63, 41)), style), atol=0.003)


def test_a_folder_with_something_else(paths: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(nst.WeightsUnavailable, match="does not contain Magenta's network"):
        nst.transfer_style(*paths, tmp_path)


def test_a_photo_that_is_not_there(paths: tuple[Path, Path]) -> None:
    with pytest.raises(nst.FileError, match=r"lost\.png"):
        nst.transfer_style("lost.png", paths[1])
