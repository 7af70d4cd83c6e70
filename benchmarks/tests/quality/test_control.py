"""Tests of the strength benchmark: selected pairs, stored results, scores and tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nst
from benchmarks import records
from benchmarks.quality import control, engines
from benchmarks.quality.control_tables import across, by_strength, curve, shape, unevenness, where, widest
from nst.images import io as images
from nst.training.data import split

SIDE = 32


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with 30 photos and 20 paintings in place of NST_SHARED, with an empty build folder."""
    draw = np.random.default_rng(3)
    for name, count in (("photos", 30), ("paintings", 20)):
        (tmp_path / "data" / name).mkdir(parents=True)
        for number in range(count):
            picture = draw.integers(0, 255, (SIDE, SIDE, 3), np.uint8)
            images.write(picture, tmp_path / "data" / name / f"{name[:-1]}{number:02d}.png")
    monkeypatch.setattr(control, "SHARED", tmp_path)
    monkeypatch.setattr(control, "BUILD", tmp_path / "build")
    monkeypatch.setattr(records, "ROWS", tmp_path / "build" / "rows")
    return tmp_path


class Judge:
    """Fake referee that remembers the outputs; its style score is the difference from the content image."""

    def __init__(self) -> None:
        self.seen: list[Path] = []

    def judge(self, content: Path, style: Path, output: Path) -> dict[str, float]:
        self.seen.append(output)
        photo, picture = (images.read(path).rgb.astype(float) for path in (content, output))
        away = float(np.abs(photo - picture).mean() / 255)
        return {"style": 1 - away, "content": away, "layout": away, "noise": 1.0}


def test_training_pairs_and_held_out_pairs_are_disjoint(shared: Path) -> None:
    held, trained = control.pairs_of(12, training=False), control.pairs_of(18, training=True)
    assert len(held) == 12 and len(trained) == 8
    for kind, name in enumerate(("photos", "paintings")):
        training, out = split(shared / "data" / name)
        assert {pair[kind] for pair in held} <= set(out) and {pair[kind] for pair in trained} <= set(training)


@pytest.mark.parametrize("training", [True, False])
def test_more_pairs_begin_with_the_same_ones(shared: Path, training: bool) -> None:
    assert control.pairs_of(2, training=training) == control.pairs_of(5, training=training)[:2]


def test_stored_rows_are_used_until_a_strength_changes_its_meaning(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge, pairs = Judge(), control.pairs_of(1, training=False)
    first = control.measure(judge, pairs, ["fast"], [SIDE], [0.0, 50.0])
    assert len(judge.seen) == 2 and all("halfway" not in row for row in first)
    found = control.measure(judge, pairs, ["fast"], [SIDE], [0.0, 50.0, 100.0])
    assert len(judge.seen) == 3
    assert [row["scores"] for row in found[:2]] == [row["scores"] for row in first]
    assert found[0]["scores"]["style"] == 1  # the content image itself
    assert "halfway" in found[1] and found[1]["halfway"]["ends"] > 0
    monkeypatch.setattr(control, "meant", lambda settings: 0.123)
    after = control.measure(judge, pairs, ["fast"], [SIDE], [50.0])
    assert len(set(judge.seen)) == 4 and after[0]["asked"] != first[1]["asked"]


def test_the_meaning_of_a_strength_rises_with_it() -> None:
    for settings in (nst.OptimizeSettings, nst.FastSettings):
        found = [control.meant(settings(strength=strength)) for strength in (0, 30, 60, 100)]
        assert found[0] == 0 and found == sorted(set(found))


@pytest.mark.parametrize(("share", "expected"), [(50, 0.0), (100, 0.5)])
def test_the_distance_from_a_blend_is_zero_for_a_blend(shared: Path, share: float, expected: float) -> None:
    pair = control.pairs_of(1, training=False)[0]
    none, full = (np.full((SIDE, SIDE, 3), value, np.uint8) for value in (60, 180))
    for strength, picture in ((0.0, none), (50.0, nst.blend(none, full, share)), (100.0, full)):
        path = control.picture_of(pair, "fast", SIDE, strength)[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        images.write(picture, path)
    found = control.halfway(pair, "fast", SIDE)
    assert found["blend"] / found["ends"] == pytest.approx(expected, abs=0.03)


def test_results_and_page_are_renewed(tmp_path: Path) -> None:
    page, results = tmp_path / "controls.md", tmp_path / "results" / "control.json"
    page.write_text("Dials\n<!-- measured -->\nold\n<!-- end measured -->\n")
    control.write([row(strength, 1 - strength / 200) for strength in (0, 50, 100)], results, page)
    kept = json.loads(results.read_text())
    assert [row["style"] for row in kept["rows"]] == [1, 0.75, 0.5]
    assert kept["machine"]["cores"] >= 1 and "tensorflow" in kept["versions"] and kept["date"]
    assert "| 50 | 0.750 | 0% |" in page.read_text() and "old" not in page.read_text()


def test_all_engines_are_known() -> None:
    assert set(control.ENGINES) <= engines.SETTINGS.keys()


def row(
    strength: float, style: float, *, size: int = 256, engine: str = "lite", pair: str = "a", **more: Any
) -> dict[str, Any]:
    asked = {"pair": pair, "engine": engine, "size": size, "strength": strength}
    return {"asked": asked, "scores": {"style": style, "content": 1 - style, "layout": 0.5, "noise": 0.25}, **more}


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1.0, 0.8, 0.6, 0.4], 1.0), ([1.0, 0.2, 0.2, 0.2], 3.0), ([1.0, 0.7, 0.6], 0.3 / 0.2)],
)
def test_unevenness_is_the_largest_step_over_the_mean_step(values: list[float], expected: float) -> None:
    assert unevenness(values) == pytest.approx(expected)


def test_a_curve_is_the_mean_over_pairs_from_the_weakest_strength() -> None:
    rows = [row(100, 0.2), row(0, 1.0), row(100, 0.4, pair="b"), row(0, 0.8, pair="b")]
    assert curve(rows, "style") == pytest.approx([0.9, 0.3])
    assert curve(where(rows, pair="b"), "content") == pytest.approx([0.2, 0.6])


def test_a_strength_is_listed_with_its_style_at_every_size() -> None:
    rows = [row(0, 1.0), row(50, 0.5), row(0, 1.0, size=512), row(50, 0.7, size=512)]
    assert by_strength(rows) == [
        "| strength | style 256 | style 512 | spread | content | layout | noise |",
        "|---|---|---|---|---|---|---|",
        "| 0 | 1.000 | 1.000 | 0% | 0.000 | 0.500 | 0.250 |",
        "| 50 | 0.500 | 0.700 | 33% | 0.400 | 0.500 | 0.250 |",
    ]


def test_engines_are_compared_over_all_sizes_and_the_widest_spread_is_within_one_engine() -> None:
    rows = [row(50, 0.5), row(50, 0.3, size=512), row(50, 0.6, engine="fast"), row(50, 0.6, size=512, engine="fast")]
    assert across(rows)[2:] == ["| 50 | 0.400 | 0.600 | 40% |"]
    assert widest(rows) == pytest.approx(0.2 / 0.4)


def test_monotonicity_is_counted_by_pair_and_evenness_measured_on_the_mean() -> None:
    half = {"halfway": {"blend": 3.0, "ends": 12.0}}
    rows = [row(0, 1.0), row(50, 0.4, **half), row(100, 0.2)]
    rows += [row(0, 1.0, pair="b"), row(50, 0.4, pair="b"), row(100, 0.6, pair="b")]  # turns back
    rows += [row(0, 1.0, pair="c"), row(50, 0.4, pair="c"), row(100, 0.4, pair="c")]  # stands still
    assert shape(rows)[2:] == ["| lite | 256 | 1 of 3 | 1 of 3 | 2.0 | 25% |"]
    assert shape(where(rows, pair="b"))[2:] == ["| lite | 256 | 0 of 1 | 0 of 1 | 3.0 | - |"]
