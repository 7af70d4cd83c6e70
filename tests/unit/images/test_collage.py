"""Pictures side by side, and many files in one."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import numpy as np
import pytest

from nst.errors import InputError
from nst.images.collage import GAP, LONGEST, bundle, side_by_side

RED, GREEN, BLUE = (200, 20, 20), (20, 160, 40), (20, 40, 200)


def plain(color: tuple[int, int, int], width: int, height: int) -> np.ndarray:
    return np.full((height, width, 3), color, np.uint8)


def runs(line: np.ndarray) -> list[tuple[tuple[int, ...], int]]:
    """Colors along a line of pixels, and how many there are of each in a row."""
    borders = [0, *(np.flatnonzero((line[1:] != line[:-1]).any(-1)) + 1), len(line)]
    return [(tuple(line[a].tolist()), b - a) for a, b in pairwise(borders)]


def test_pictures_stand_in_a_row_as_high_as_the_last_and_keep_their_shape():
    row = side_by_side([plain(RED, 300, 200), plain(GREEN, 50, 100), plain(BLUE, 150, 100)])
    gap, white = round(100 * GAP), (255, 255, 255)
    across = [(white, gap), (RED, 150), (white, gap), (GREEN, 50), (white, gap), (BLUE, 150), (white, gap)]
    assert runs(row[gap + 50]) == across
    assert runs(row[:, gap + 75]) == [(white, gap), (RED, 100), (white, gap)]


def test_the_last_picture_is_there_pixel_by_pixel():
    picture = np.random.default_rng(0).integers(0, 256, (90, 120, 3), np.uint8)
    gap = round(90 * GAP)
    assert np.array_equal(side_by_side([plain(RED, 40, 30), picture])[gap:-gap, -gap - 120 : -gap], picture)


@pytest.mark.parametrize("sides", [[(9000, 120)], [(1000, 300), (20, 400), (3000, 900)], [(700, 400)] * 6])
def test_a_long_row_gets_lower(sides):
    row = side_by_side([plain(RED, *side) for side in sides])
    assert LONGEST * 0.97 < row.shape[1] <= LONGEST + 2 * len(sides) + 1  # each picture and each gap is rounded


def test_no_pictures_are_refused():
    with pytest.raises(InputError, match="received none"):
        side_by_side([])


def test_a_bundle_holds_the_files_as_they_are():
    files = {"harbor.png": b"\x89PNG and more", "on the way/iteration 3.jpg": bytes(1000)}
    with ZipFile(BytesIO(bundle(files))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files
