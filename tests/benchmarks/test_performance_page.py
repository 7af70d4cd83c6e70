"""Page of speed tables: sections only for measured data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import performance, rows, stamp, tables
from benchmarks.tables import common

STAMP = {
    "machine": {"processor": "Some CPU", "cores": 2},
    "versions": {"tensorflow": "9.9"},
    "date": "2030-01-02T03:04:05+00:00",
}
SCORES = {"style": 0.3, "content": 0.6, "layout": 0.4, "noise": 0.8}


def result(seconds: float) -> dict[str, Any]:
    return {"reached": {"100": {"step": 9, "seconds": seconds, "scores": SCORES}}, "peak_mb": 900.0, "curve": []}


def loss_row(pair: str, **loops: float) -> dict[str, Any]:
    found = {name.replace("_", "-"): result(seconds) for name, seconds in loops.items()}
    return {"asked": {"pair": pair, "size": 512, "checkpoints": [100]}, "loops": found, **STAMP}


@pytest.fixture(autouse=True)
def no_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamp, "RESULTS", tmp_path)


def test_only_what_was_measured_has_a_section() -> None:
    text = performance.measured(
        {"step_time": [], "time_to_loss": [loss_row("a-b", tf_tutorial=100, nst_lbfgs=10)], "look": []}, "float32"
    )
    assert text.startswith("Some CPU, 2 cores; tensorflow 9.9; 2030-01-02.")
    assert "### Same loss" in text and "1/10" in text
    assert "### Same algorithm" not in text and "### Large pictures" not in text


def test_large_pictures_come_from_their_own_results(tmp_path: Path) -> None:
    found = {"megapixels": 8.29, "seconds": 83.0, "seconds_a_megapixel": 10.0, "peak_gb": 3.2, "swapped_mb": 0.0}
    path = stamp.speed_results("large", "float32")
    path.parent.mkdir()
    path.write_text(json.dumps({"lite-3840x2160": {**found, "levels": []}}))
    losses = {"step_time": [], "time_to_loss": [loss_row("a-b", tf_tutorial=100)], "look": []}
    text = performance.measured(losses, "float32")
    assert "### Large pictures" in text and "| lite-3840x2160 | 8.29 | 83 | 10 | 3.2 | 0 |" in text
    assert "### Large pictures" not in performance.measured(losses, "bfloat16")


def test_each_number_format_has_its_part_of_the_page() -> None:
    page = "a\n<!-- measured in bfloat16 -->\nx\n<!-- end -->\nb\n<!-- measured in float32 -->\ny\n<!-- end -->\nc\n"
    assert performance.renewed(page, "float32", "new") == page.replace("y", "new")
    assert performance.renewed(page, "bfloat16", "new") == page.replace("x", "new")
    with pytest.raises(AssertionError, match="needs the marks <!-- measured in float16"):
        performance.renewed(page, "float16", "new")


def test_a_loop_that_one_row_lacks_is_left_out() -> None:
    both = loss_row("a", tf_tutorial=100, nst_adam=50, nst_lbfgs=10), loss_row("b", nst_lbfgs=10, tf_tutorial=100)
    assert common(both) == ["tf-tutorial", "nst-lbfgs"]


def test_at_each_size_the_loops_are_compared_that_raced_there() -> None:
    small, large = loss_row("a", tf_tutorial=100, torch_lbfgs=50, nst_lbfgs=10), loss_row("a", tf_tutorial=900)
    small["asked"] |= {"size": 256, "checkpoints": [100, 300]}
    lines = tables.same_loss([large, small])
    assert "s to step 300's" in lines[0]  # which the other did not race to
    assert [line.split(" | ")[:2] for line in lines[2:]] == [
        ["| 256", "tf-tutorial"],
        ["| 256", "torch-lbfgs"],
        ["| 256", "nst-lbfgs"],
        ["| 512", "tf-tutorial"],
    ]


def test_of_each_name_the_newest_row_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "ROWS", tmp_path)
    monkeypatch.setattr(rows, "PACKAGES", ("numpy",))
    assert rows.all_newest("loss") == []
    for name in ("b-512", "a-512", "a-64"):
        rows.kept("loss", name, {"of": name}, lambda: {})
    assert [row["asked"]["of"] for row in rows.all_newest("loss")] == ["a-64", "a-512", "b-512"]


def test_what_was_published_stands_until_it_is_measured_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "ROWS", tmp_path)
    monkeypatch.setattr(rows, "PACKAGES", ("numpy",))
    published = [{"name": name, "date": "2020-01-01T00:00:00+00:00"} for name in ("a-512", "b-512")]
    rows.kept("loss", "b-512", {}, lambda: {"anew": True})
    assert [row.get("anew", False) for row in rows.all_newest("loss", published)] == [False, True]


def test_a_curve_is_thinned_once() -> None:
    row = loss_row("a", tf_tutorial=100)
    row["loops"]["tf-tutorial"]["curve"] = [[float(x), 1.0] for x in range(1000)]
    once = performance.thinned({"time_to_loss": [row]})
    assert len(once["time_to_loss"][0]["loops"]["tf-tutorial"]["curve"]) <= performance.CURVE_POINTS
    assert performance.thinned(once) == once


def test_steps_are_drawn_over_several_sizes_alone() -> None:
    rows = [{"asked": {"size": size}} for size in (256, 512)]
    assert performance.several_sizes(rows)
    assert not performance.several_sizes(rows[:1] * 3) and not performance.several_sizes([])
