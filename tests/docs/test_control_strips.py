"""Strips of docs/controls.md: the command, and agreement of page, files and strips."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from tools.docs import control_strips
from tools.docs.control_strips import FOLDER, STRIPS
from tools.docs.markdown import DOCS
from tools.docs.strips import LIMIT, Tile


def test_the_page_shows_every_strip_with_a_description() -> None:
    page = (DOCS / "controls.md").read_text(encoding="utf-8")
    shown = {path: alt for alt, path in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page)}
    assert set(shown) == {f"controls/{name}.jpg" for name in STRIPS}
    assert all(len(alt) > 20 for alt in shown.values())
    assert {path.stem for path in FOLDER.iterdir()} == set(STRIPS)
    assert max(path.stat().st_size for path in FOLDER.iterdir()) <= LIMIT


def test_only_the_named_strips_are_generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gray = Tile("gray", np.full((64, 96, 3), 128, np.uint8))
    made = dict.fromkeys(STRIPS, lambda: pytest.fail("nobody asked for it"))
    monkeypatch.setattr(control_strips, "STRIPS", made | {"pooling": lambda: [gray], "sizes": lambda: [gray] * 4})
    monkeypatch.setattr(sys, "argv", ["control_strips", "--only", "pooling,sizes", "--out", str(tmp_path)])
    control_strips.main()
    assert {path.name for path in tmp_path.iterdir()} == {"pooling.jpg", "sizes.jpg"}


def test_an_unknown_strip_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["control_strips", "--only", "colours"])
    with pytest.raises(SystemExit, match="unknown strips: colours; known are strength"):
        control_strips.main()
