"""Tests of steadiness and sharpness, by hand and against the reference script in NST_SHARED."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.paths import SHARED
from benchmarks.quality import steadiness
from benchmarks.quality.steadiness import SIDE, unsteadiness
from nst.images.io import Pixels


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Return the file of a photo of random pixels, of the size to which all photos are scaled."""
    pixels = np.random.default_rng(0).integers(0, 256, (384, 400, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def striped(view: Pixels, style: Pixels, place: tuple[int, int]) -> Pixels:
    """Return columns of 0 and 2, fixed to the window: a shift by an odd number of pixels exchanges them."""
    columns = np.tile(np.array([0, 2], np.uint8), SIDE // 2)
    return np.repeat(np.broadcast_to(columns, (SIDE, SIDE))[..., None], 3, -1)


def test_a_result_that_moves_with_the_photo_is_steady(photo: Path) -> None:
    assert unsteadiness(photo, photo, lambda view, style, place: view // 2) == 0


def test_the_difference_is_relative_to_the_variance(photo: Path) -> None:
    """Expect (4 + 0 + 4) / 3 at variance 1: odd shifts to the right change all values by 2, shifts downwards none."""
    assert unsteadiness(photo, photo, striped) == pytest.approx(8 / 3)


def test_the_window_gets_the_style_and_its_place(photo: Path) -> None:
    with Image.open(photo) as image:
        whole = np.asarray(image)
    places = []

    def paint(view: Pixels, style: Pixels, place: tuple[int, int]) -> Pixels:
        x, y = place
        places.append(place)
        assert np.array_equal(view, whole[y : y + SIDE, x : x + SIDE]) and np.array_equal(style, whole)
        return view

    unsteadiness(photo, photo, paint)
    assert places == [(0, 0), *((x, y) for s in range(1, 8) for x, y in ((s, 0), (0, s), (s, s)))]


def test_detail_is_the_mean_absolute_laplacian() -> None:
    point = np.zeros((5, 5, 3), np.uint8)
    point[2, 2] = 9
    assert steadiness.detail(point) == pytest.approx((4 * 9 + 4 * 9) / 9)  # 9 inner pixels: the point, 4 neighbors
    photo = np.random.default_rng(1).integers(0, 128, (40, 40, 3), np.uint8)
    assert steadiness.sharpness(photo, 2 * photo) == pytest.approx(2)


def test_the_numbers_are_those_of_the_script_beside_the_data(photo: Path) -> None:
    script = SHARED / "steady.py"
    if not script.is_file():
        pytest.skip(f"needs '{script}'; set NST_SHARED")
    spec = importlib.util.spec_from_file_location("shared_steady", script)
    assert spec is not None and spec.loader is not None
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)

    def paint(view: Pixels, style: Pixels, place: tuple[int, int]) -> Pixels:
        return np.maximum(view, striped(view, style, place) * 60)

    rows, sharp = theirs.measure(photo, photo, paint)
    assert unsteadiness(photo, photo, paint) == pytest.approx(max(row[1] for row in rows[:7]), rel=1e-5)
    with Image.open(photo) as image:
        view = np.asarray(image)[:SIDE, :SIDE]
    assert steadiness.sharpness(view, paint(view, view, (0, 0))) == pytest.approx(sharp, rel=1e-5)
