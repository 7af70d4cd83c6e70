"""Pictures of docs/controls.md: the page shows all of them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import controls_page
from benchmarks.control_strips import STRIPS
from benchmarks.controls_page import FOLDER
from benchmarks.quality import ROOT
from benchmarks.strips import Tile

PAGE = (ROOT / "docs" / "controls.md").read_text(encoding="utf-8")


def test_the_page_shows_every_strip_and_nothing_that_is_not_there() -> None:
    shown = {path: alt for alt, path in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", PAGE)}
    assert set(shown) == {f"controls/{name}.jpg" for name in STRIPS}
    assert all(len(alt) > 20 for alt in shown.values()), "a picture says what it shows to those who cannot see it"
    assert all((FOLDER.parent / path).is_file() for path in shown)


def test_the_pictures_are_small_enough_for_a_page() -> None:
    sizes = [path.stat().st_size for path in FOLDER.iterdir()]
    assert max(sizes) <= 120_000 and sum(sizes) <= 1_500_000
    assert {path.stem for path in FOLDER.iterdir()} == set(STRIPS), "no picture lies about that nobody shows"


def test_only_the_strips_that_were_asked_for_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gray = Tile("gray", np.full((64, 96, 3), 128, np.uint8))
    made = dict.fromkeys(STRIPS, lambda: pytest.fail("nobody asked for it"))
    monkeypatch.setattr(controls_page, "STRIPS", made | {"pooling": lambda: [gray], "sizes": lambda: [gray] * 4})
    monkeypatch.setattr(sys, "argv", ["controls_page", "--only", "pooling,sizes", "--out", str(tmp_path)])
    controls_page.main()
    assert {path.name for path in tmp_path.iterdir()} == {"pooling.jpg", "sizes.jpg"}


def test_a_name_that_no_strip_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["controls_page", "--only", "colours"])
    with pytest.raises(SystemExit, match="unknown strips: colours; known are strength"):
        controls_page.main()
