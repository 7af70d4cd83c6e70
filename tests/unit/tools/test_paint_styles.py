"""The gallery's pictures: painted the same every time, and shipped whole."""

from __future__ import annotations

import functools
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.support.paths import ROOT
from tools.paint_styles import STYLES, paint
from tools.paint_styles.__main__ import main, write

SIZE = 128
FOLDER = ROOT / "assets" / "styles"
ENTRIES = json.loads((FOLDER / "styles.json").read_text(encoding="utf-8"))

every_style = pytest.mark.parametrize("slug", STYLES)


@functools.cache
def painted(slug: str) -> NDArray[np.uint8]:
    return paint(slug, SIZE)


@every_style
def test_a_style_is_an_rgb_picture_and_the_same_every_time(slug: str) -> None:
    assert (painted(slug).shape, painted(slug).dtype) == ((SIZE, SIZE, 3), np.uint8)
    np.testing.assert_array_equal(paint(slug, SIZE), painted(slug))


def test_index_registry_and_files_agree() -> None:
    assert [entry["slug"] for entry in ENTRIES] == list(STYLES)
    assert {path.stem for path in FOLDER.glob("*.jpg")} == set(STYLES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["slug"])
def test_an_entry_tells_people_what_they_will_see(entry: dict[str, object]) -> None:
    assert set(entry) == {"slug", "name", "alt", "mood", "manner", "words"}
    mood, alt = entry["mood"], entry["alt"]
    assert isinstance(mood, list) and 3 <= len(mood) <= 8
    assert isinstance(alt, str) and alt.endswith(".") and 40 <= len(alt) <= 160


@every_style
def test_the_shipped_file_is_a_jpeg_of_1024_pixels(slug: str) -> None:
    path = FOLDER / f"{slug}.jpg"
    with Image.open(path) as picture:
        assert (picture.format, picture.mode, max(picture.size)) == ("JPEG", "RGB", 1024)
    assert path.stat().st_size <= 450_000


@pytest.mark.parametrize("slug", ["night-over-the-bay", "sun-and-fish", *list(STYLES)[17:]])
def test_the_shipped_file_is_what_the_painter_paints(slug: str) -> None:
    with Image.open(FOLDER / f"{slug}.jpg") as shipped:
        small = np.asarray(shipped.resize((16, 16), Image.Resampling.BOX), float)
    fresh = np.asarray(Image.fromarray(painted(slug)).resize((16, 16), Image.Resampling.BOX), float)
    assert np.corrcoef(small.ravel(), fresh.ravel())[0, 1] > 0.7


def test_the_command_paints_only_what_it_is_asked_for(tmp_path: Path) -> None:
    assert main(["--only", "ink-geode", "--size", "64", "--out", str(tmp_path / "new")]) == 0
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["ink-geode.jpg"]


def test_a_write_that_fails_leaves_the_old_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "style.jpg"
    write(np.full((8, 8, 3), 200, np.uint8), path)
    before = path.read_bytes()

    def full_disk(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="No space"):
        write(np.zeros((8, 8, 3), np.uint8), path)
    assert path.read_bytes() == before
    Image.open(io.BytesIO(before)).verify()


def test_painting_does_not_import_tensorflow() -> None:
    code = "import sys, tools.paint_styles; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
