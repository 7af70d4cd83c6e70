"""Strips: arrangement of tiles, and file size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tools.docs.strips import CAPTION, GAP, QUALITIES, TILE, Tile, save, sheet

COLORS = ((255, 0, 0), (0, 160, 0), (0, 0, 255), (120, 120, 0), (0, 120, 120))


def tiles(count: int, width: int = 96, height: int = 64) -> list[Tile]:
    return [Tile(f"tile {n}", np.full((height, width, 3), COLORS[n], np.uint8)) for n in range(count)]


def test_tiles_stand_in_rows_each_above_its_caption() -> None:
    found = np.asarray(sheet(tiles(5), 3))
    high = round(TILE * 64 / 96)
    assert found.shape == (2 * (high + CAPTION) + GAP, 3 * TILE + 2 * GAP, 3)
    for number in range(5):
        row, column = divmod(number, 3)
        top, left = row * (high + CAPTION + GAP), column * (TILE + GAP)
        assert (found[top : top + high, left : left + TILE] == COLORS[number]).all()
        below = found[top + high : top + high + CAPTION, left : left + TILE]
        assert below.min() < 100 and (below[[0, -1]] == 255).all()  # dark letters, with room around them
    assert (found[:, 2 * (TILE + GAP) :][high + CAPTION + GAP :] == 255).all()  # nothing where there is no sixth


def test_a_tile_of_another_shape_is_cropped_not_stretched() -> None:
    square = np.zeros((90, 90, 3), np.uint8)
    square[:, 45:] = 255
    found = np.asarray(sheet([Tile("square", square), *tiles(1)], 2))[: round(TILE * 64 / 96), :TILE]
    assert abs(int((found[:, :, 0] < 128).sum(1).mean()) - TILE // 2) <= 2


def test_a_file_has_the_best_quality_within_its_limit(tmp_path: Path) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (128, 128, 3), np.uint8))
    qualities = [save(noise, tmp_path / "folder" / f"{limit}.jpg", limit) for limit in (6_500, 8_000, 200_000)]
    assert qualities == sorted(set(qualities)) and qualities[-1] == QUALITIES[0]
    assert all((tmp_path / "folder" / f"{limit}.jpg").stat().st_size <= limit for limit in (6_500, 8_000, 200_000))


def test_a_strip_that_is_too_large_is_not_written(tmp_path: Path) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (128, 128, 3), np.uint8))
    with pytest.raises(AssertionError, match="fewer tiles"):
        save(noise, tmp_path / "large.jpg", 1000)
    assert not (tmp_path / "large.jpg").exists()
