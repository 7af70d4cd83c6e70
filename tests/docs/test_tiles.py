"""Tiles of strips: sample pictures stylized once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nst import FastSettings
from nst.run.snapshot import Snapshot
from tools.docs import tiles
from tools.docs.tiles import SIDE, painted, photo, shown, varied


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Record the calls of a fake engine that paints gray. The cache is empty."""
    calls: list[tuple[Any, ...]] = []

    def stylize(content: Path, styles: list[Path], settings: Any, **inputs: Any) -> Snapshot:
        calls.append((content.stem, [style.stem for style in styles], settings))
        assert set(inputs) <= {"style_weights"}
        gray = np.full((SIDE * 2 // 3, SIDE, 3), len(calls), np.uint8)
        return Snapshot(gray, 1, 1, None, 0.0, "fake", (SIDE, SIDE), final=True)

    monkeypatch.setattr(tiles.nst, "stylize", stylize)
    monkeypatch.setattr(tiles, "BUILD", tmp_path)
    return calls


def test_a_tile_differs_from_its_neighbors_in_one_setting_alone(engine: list[tuple[Any, ...]]) -> None:
    base = FastSettings(size=SIDE, colors="photo")
    found = varied("coffee", "great-swell+pine-lake", base, "strength", {"some": 20.0, "more": 70.0})
    assert [tile.caption for tile in found] == ["some", "more"]
    styles = ["great-swell", "pine-lake"]
    assert engine == [("coffee", styles, replace(base, strength=value)) for value in (20.0, 70.0)]


def test_a_result_is_computed_once_for_the_same_inputs(engine: list[tuple[Any, ...]]) -> None:
    first, other, again = (
        painted("coffee", "great-swell+pine-lake", FastSettings(), style_weights=weights)
        for weights in ((1.0, 2.0), (2.0, 1.0), (1.0, 2.0))
    )
    painted("cat", "great-swell+pine-lake", FastSettings(), style_weights=(1.0, 2.0))
    assert len(engine) == 3
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_a_mask_is_white_inside_the_region() -> None:
    found = shown(np.array([[0.0, 0.5, 1.0]], np.float32))
    assert found.tolist() == [[[0] * 3, [128] * 3, [255] * 3]]


@pytest.mark.parametrize("slug", ["harbor-town", "astronaut"])
def test_a_photo_is_shown_at_the_size_of_the_results(slug: str) -> None:
    assert max(photo(slug).shape) == SIDE
