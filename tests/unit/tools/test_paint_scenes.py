"""The two sample photos: rendered the same every time, and shipped whole."""

from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.support.paths import ROOT
from tools.paint_scenes import SCENES, render
from tools.paint_scenes.__main__ import main

WIDTH = 192
FOLDER = ROOT / "assets" / "examples"

every_scene = pytest.mark.parametrize("slug", SCENES)


@functools.cache
def rendered(slug: str) -> NDArray[np.uint8]:
    return render(slug, WIDTH)


@every_scene
def test_a_scene_is_an_rgb_picture_of_three_to_two_and_the_same_every_time(slug: str) -> None:
    assert (rendered(slug).shape, rendered(slug).dtype) == ((128, WIDTH, 3), np.uint8)
    np.testing.assert_array_equal(render(slug, WIDTH), rendered(slug))


def test_the_harbor_mirrors_its_town() -> None:
    gray = rendered("harbor-town").mean(axis=-1)
    waterline = round((0.605 + 0.024 - 0.1667) * 1.5 * 128)
    above, below = gray[waterline - 22 : waterline - 4].mean(axis=0), gray[waterline + 4 : waterline + 22].mean(axis=0)
    assert np.corrcoef(above, below)[0, 1] > 0.5


@every_scene
def test_the_shipped_file_is_a_jpeg_of_1280_by_853(slug: str) -> None:
    path = FOLDER / f"{slug}.jpg"
    with Image.open(path) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (1280, 853))
    assert path.stat().st_size <= 400_000


def test_only_the_scenes_are_shipped_as_examples() -> None:
    assert {path.stem for path in FOLDER.glob("*.jpg")} == set(SCENES)


def test_the_command_renders_only_what_it_is_asked_for(tmp_path: Path) -> None:
    assert main(["--only", "harbor-town", "--width", "96", "--out", str(tmp_path)]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["harbor-town.jpg"]


def test_rendering_does_not_import_tensorflow() -> None:
    code = "import sys, tools.paint_scenes; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
