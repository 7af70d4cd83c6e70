"""Pictures of the strength benchmark: selection, repainting and tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nst
from benchmarks import control, quality, rows
from nst.images import io as images
from nst.training.data import split

SIDE = 32


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with 30 photos and 20 paintings, and a build folder that is empty."""
    draw = np.random.default_rng(3)
    for name, count in (("photos", 30), ("paintings", 20)):
        (tmp_path / "data" / name).mkdir(parents=True)
        for number in range(count):
            picture = draw.integers(0, 255, (SIDE, SIDE, 3), np.uint8)
            images.write(picture, tmp_path / "data" / name / f"{name[:-1]}{number:02d}.png")
    monkeypatch.setattr(control, "SHARED", tmp_path)
    monkeypatch.setattr(control, "BUILD", tmp_path / "build")
    monkeypatch.setattr(rows, "ROWS", tmp_path / "build" / "rows")
    return tmp_path


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fake referee that scores difference from the photo as style, with the pictures seen."""
    seen: list[str] = []

    class Judge:
        @staticmethod
        def judge(content: str, style: str, output: str) -> dict[str, float]:
            seen.append(output)
            photo, picture = (images.read(Path(path)).rgb.astype(float) for path in (content, output))
            away = float(np.abs(photo - picture).mean() / 255)
            return {"style": 1 - away, "content": away, "layout": away, "noise": 1.0}

    monkeypatch.setattr(control, "referee", lambda: Judge)
    return seen


def test_no_pair_to_fit_with_is_a_pair_to_judge_by(shared: Path) -> None:
    held, trained = control.pairs_of(12, training=False), control.pairs_of(18, training=True)
    assert len(held) == 12 and len(trained) == 8
    for kind, name in enumerate(("photos", "paintings")):
        training, out = split(shared / "data" / name)
        assert {pair[kind] for pair in held} <= set(out) and {pair[kind] for pair in trained} <= set(training)


@pytest.mark.parametrize("training", [True, False])
def test_more_pairs_begin_with_the_same_ones(shared: Path, training: bool) -> None:
    assert control.pairs_of(2, training=training) == control.pairs_of(5, training=training)[:2]


def test_a_run_that_was_cut_off_goes_on(shared: Path, judged: list[str]) -> None:
    pairs = control.pairs_of(1, training=False)
    first = control.measure(pairs, ["fast"], [SIDE], [0.0, 50.0])
    assert len(judged) == 2 and all("halfway" not in row for row in first)
    found = control.measure(pairs, ["fast"], [SIDE], [0.0, 50.0, 100.0])
    assert len(judged) == 3
    assert [row["scores"] for row in found[:2]] == [row["scores"] for row in first]
    assert found[0]["scores"]["style"] == 1  # the photo itself
    assert "halfway" in found[1] and found[1]["halfway"]["ends"] > 0


def test_a_dial_that_means_something_else_is_painted_anew(
    shared: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = control.pairs_of(1, training=False)
    before = control.measure(pairs, ["fast"], [SIDE], [50.0])
    monkeypatch.setattr(control, "meant", lambda settings: 0.123)
    after = control.measure(pairs, ["fast"], [SIDE], [50.0])
    assert len(set(judged)) == 2 and before[0]["asked"] != after[0]["asked"]


def test_what_a_number_means_grows_with_it() -> None:
    for settings in (nst.OptimizeSettings, nst.FastSettings):
        found = [control.meant(settings(strength=strength)) for strength in (0, 30, 60, 100)]
        assert found[0] == 0 and found == sorted(set(found))


def test_lab_counts_black_to_white_as_a_hundred_in_one_of_three_numbers() -> None:
    black, white = np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 255, np.uint8)
    assert control.apart(black, white) == pytest.approx(100 / 3, abs=0.01)
    assert control.apart(white, white) == 0


@pytest.mark.parametrize(("share", "expected"), [(50, 0.0), (100, 0.5)])
def test_a_blend_is_known_for_a_blend(
    shared: Path, monkeypatch: pytest.MonkeyPatch, share: float, expected: float
) -> None:
    pair = control.pairs_of(1, training=False)[0]
    none, full = (np.full((SIDE, SIDE, 3), value, np.uint8) for value in (60, 180))
    for strength, picture in ((0.0, none), (50.0, nst.blend(none, full, share)), (100.0, full)):
        path = control.picture_of(pair, "fast", SIDE, strength)[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        images.write(picture, path)
    found = control.halfway(pair, "fast", SIDE)
    assert found["blend"] / found["ends"] == pytest.approx(expected, abs=0.03)


def test_results_and_page_are_renewed(shared: Path, tmp_path: Path) -> None:
    page, results = tmp_path / "controls.md", tmp_path / "results" / "control.json"
    page.write_text("Dials\n<!-- measured -->\nold\n<!-- end measured -->\n")
    found: list[dict[str, Any]] = [
        {
            "asked": {"pair": "a", "engine": "lite", "size": 256, "strength": strength},
            "scores": {"style": 1 - strength / 200, "content": strength, "layout": 0.1, "noise": 0.5},
        }
        for strength in (0, 50, 100)
    ]
    control.write(found, results, page)
    kept = json.loads(results.read_text())
    assert [row["style"] for row in kept["rows"]] == [1, 0.75, 0.5]
    assert kept["machine"]["cores"] >= 1 and "tensorflow" in kept["versions"] and kept["date"]
    assert "| 50 | 0.750 | 0% |" in page.read_text() and "old" not in page.read_text()


def test_the_engines_are_those_of_the_quality_tables() -> None:
    assert set(control.ENGINES) <= quality.SETTINGS.keys()
