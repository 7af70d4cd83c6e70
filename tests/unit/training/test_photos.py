"""Folders of anybody's photos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nst.errors import FileError, ImageError
from nst.images import io as images
from nst.training import photos
from tests.support.pictures import gradient


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    images.write(gradient(60, 40), tmp_path / "small.png")
    (tmp_path / "2019" / "summer").mkdir(parents=True)
    images.write(gradient(1200, 600), tmp_path / "2019" / "summer" / "large.webp")
    return tmp_path


def test_photos_of_all_folders_at_most_as_large_as_they_are_painted(folder: Path) -> None:
    found = photos.read(folder, seed=0)
    assert sorted(rgb.shape for rgb in found.pictures) == [(40, 60, 3), (256, 512, 3)]
    assert found.skipped == []


def test_unreadable_files_are_skipped_and_named_but_hidden_ones_are_not(folder: Path) -> None:
    (folder / "notes.txt").write_text("milk")
    (folder / "empty.jpg").touch()
    (folder / ".hidden").write_text("no picture")
    (folder / ".cache").mkdir()
    (folder / ".cache" / "thumb").write_text("no picture")
    found = photos.read(folder, seed=0)
    assert len(found.pictures) == 2
    assert {path.name for path in found.skipped} == {"notes.txt", "empty.jpg"}


def test_one_photo_is_enough_and_none_is_not(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("milk")
    with pytest.raises(ImageError, match=r"no photo to train on in .* none of its 1 files.*at least one photo"):
        photos.read(tmp_path, seed=0)
    images.write(gradient(), tmp_path / "photo.png")
    assert len(photos.read(tmp_path, seed=0).pictures) == 1


@pytest.mark.parametrize(("name", "said"), [("none", "no such file or folder"), ("file", "is a file")])
def test_a_folder_that_is_none_is_said_to_be_none(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match=f"Cannot read the folder '.*{name}'.*{said}"):
        photos.read(tmp_path / name, seed=0)


def test_of_many_a_choice_that_the_seed_repeats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MOST", 4)
    for i in range(12):
        images.write(np.full((16, 16, 3), 20 * i, np.uint8), tmp_path / f"{i:02}.png")

    def chosen(seed: int) -> list[int]:
        return [int(rgb[0, 0, 0]) for rgb in photos.read(tmp_path, seed).pictures]

    assert len(chosen(0)) == len(set(chosen(0))) == 4
    assert chosen(0) == chosen(0) != chosen(1)
