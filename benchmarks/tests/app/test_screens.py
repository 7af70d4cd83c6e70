"""Tests of the screenshots: those shown by docs/studio.md, their compression, and a visitor's own file."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.app import screens
from benchmarks.app.scenes import PAINTING, TINY
from benchmarks.app.screens import LIMIT, PAGE, SCREENS, THEMES, compress, renew
from tests.support.visitor import CROP, cropped


def screenshot(file: Path, seed: int = 0) -> Path:
    """Write a PNG with a plain half and a noisy half to `file` and return `file`."""
    pixels = np.full((120, 200, 3), 240, np.uint8)
    pixels[:, 100:] = np.random.default_rng(seed).integers(0, 255, (120, 100, 3))
    Image.fromarray(pixels).save(file)
    return file


def test_the_page_shows_existing_screenshots_of_the_scenes() -> None:
    shown = re.findall(r"\(studio/([\w-]+)-(laptop|phone)-(light|dark)\.webp\)", PAGE.read_text())
    assert 4 <= len({*shown}) == PAGE.read_text().count(".webp")
    taken = re.findall(r'shoot\("([\w-]+)"\)', (Path(screens.__file__).parent / "scenes.py").read_text())
    for name, screen, theme in shown:
        assert name in taken and screen in SCREENS and theme in THEMES
        file = PAGE.parent / "studio" / f"{name}-{screen}-{theme}.webp"
        assert file.stat().st_size <= LIMIT
        with Image.open(file) as picture:
            assert picture.size == SCREENS[screen]
    assert {file.stem for file in (PAGE.parent / "studio").iterdir()} == {"-".join(each) for each in shown}


def test_only_screenshots_of_the_page_are_renewed(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "page.md"
    page.parent.mkdir()
    page.write_text("![One](studio/one-laptop-light.webp)\n![Two](studio/two-phone-dark.webp)\n")
    for name in ("one-laptop-light", "three-laptop-light"):
        screenshot(tmp_path / f"{name}.png")
    assert renew(page, tmp_path) == [page.parent / "studio" / "one-laptop-light.webp"]
    assert [file.name for file in (page.parent / "studio").iterdir()] == ["one-laptop-light.webp"]


def test_a_screenshot_has_the_best_quality_within_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = screenshot(tmp_path / "taken.png")
    fine = compress(taken, tmp_path / "fine" / "a.webp").stat().st_size
    monkeypatch.setattr(screens, "LIMIT", fine - 1)
    coarse = compress(taken, tmp_path / "coarse" / "a.webp")
    assert coarse.stat().st_size < fine
    with Image.open(coarse) as small, Image.open(taken) as large:
        assert small.size == large.size
        assert np.abs(np.asarray(small.convert("RGB"), float) - np.asarray(large, float))[:, :90].max() < 6
    monkeypatch.setattr(screens, "LIMIT", 100)
    with pytest.raises(ValueError, match="does not fit into 100 bytes"):
        compress(taken, tmp_path / "none" / "a.webp")


def test_a_visitors_own_picture_is_the_middle_of_a_sample(tmp_path: Path) -> None:
    with Image.open(PAINTING) as whole, Image.open(cropped(PAINTING, str(tmp_path))) as part:
        assert part.size == tuple(round(CROP * side) for side in whole.size)
        corner = tuple((side - inner) // 2 for side, inner in zip(whole.size, part.size, strict=True))
        middle = whole.crop((*corner, corner[0] + part.width, corner[1] + part.height))
        assert np.abs(np.asarray(middle, float) - np.asarray(part, float)).mean() < 8  # a JPEG file
    with Image.open(cropped(PAINTING, str(tmp_path), TINY)) as tiny:
        assert max(tiny.size) == TINY
