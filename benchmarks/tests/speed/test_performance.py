"""Tests of the speed tables and their page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import records
from benchmarks.speed import performance, tables
from benchmarks.speed.look import as_good
from benchmarks.speed.time_to_loss import first_below, rounded

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
    monkeypatch.setattr(records, "RESULTS", tmp_path)


def test_the_page_has_a_section_for_each_table_with_rows() -> None:
    losses = {"step_time": [], "time_to_loss": [loss_row("a-b", tf_tutorial=100, nst_lbfgs=10)], "look": []}
    text = performance.measured(losses, "float32")
    assert text.startswith("Some CPU, 2 cores; tensorflow 9.9; 2030-01-02.")
    assert "### Same loss" in text and "1/10" in text
    assert "### Same algorithm" not in text and "### Large pictures" not in text


def test_large_pictures_come_from_their_own_results() -> None:
    found = {"megapixels": 8.29, "seconds": 83.0, "seconds_a_megapixel": 10.0, "peak_gb": 3.2, "swapped_mb": 0.0}
    path = records.speed_results("large", "float32")
    path.parent.mkdir()
    path.write_text(json.dumps({"lite-3840x2160": {**found, "levels": []}}))
    losses = {"step_time": [], "time_to_loss": [loss_row("a-b", tf_tutorial=100)], "look": []}
    text = performance.measured(losses, "float32")
    assert "### Large pictures" in text and "| lite-3840x2160 | 8.29 | 83 | 10 | 3.2 | 0 |" in text
    assert "### Large pictures" not in performance.measured(losses, "bfloat16")


def test_writing_renews_the_section_of_the_number_format(tmp_path: Path) -> None:
    page = "<!-- measured in bfloat16 -->\nx\n<!-- end measured in bfloat16 -->\n"
    both = page + page.replace("bfloat16", "float32")
    rows: dict[str, Any] = {"step_time": [{"asked": {"size": 512}, "loops": {}, "peak_flops": {}, **STAMP}]}
    rows |= {"time_to_loss": [], "look": []}
    results = tmp_path / "results.json"
    performance.write(rows, "float32", results, tmp_path / "page.md", both)
    assert json.loads(results.read_text()) == rows
    found = (tmp_path / "page.md").read_text()
    assert found.startswith(page) and "Some CPU" in found[len(page) :] and "\nx\n" not in found[len(page) :]


def test_loops_are_compared_that_all_rows_of_a_size_have() -> None:
    both = loss_row("a", tf_tutorial=100, nst_adam=50, nst_lbfgs=10), loss_row("b", nst_lbfgs=10, tf_tutorial=100)
    assert tables.common(both) == ["tf-tutorial", "nst-lbfgs"]
    small, large = loss_row("a", tf_tutorial=100, torch_lbfgs=50, nst_lbfgs=10), loss_row("a", tf_tutorial=900)
    small["asked"] |= {"size": 256, "checkpoints": [100, 300]}
    lines = tables.same_loss([large, small])
    assert "s to step 300's" in lines[0]  # only the small row has this checkpoint
    assert [line.split(" | ")[:2] for line in lines[2:]] == [
        ["| 256", "tf-tutorial"],
        ["| 256", "torch-lbfgs"],
        ["| 256", "nst-lbfgs"],
        ["| 512", "tf-tutorial"],
    ]


def test_a_curve_is_thinned_once() -> None:
    row = loss_row("a", tf_tutorial=100)
    row["loops"]["tf-tutorial"]["curve"] = [[float(x), 1.0] for x in range(1000)]
    once = performance.thinned({"time_to_loss": [row]})
    assert len(once["time_to_loss"][0]["loops"]["tf-tutorial"]["curve"]) <= performance.CURVE_POINTS
    assert performance.thinned(once) == once


@pytest.mark.parametrize(
    ("times", "base", "time", "ratio"),
    [
        ([5.0, 10.0, None], [100.0, 100.0, 100.0], "7.5 (2 of 3)", "1/13.3"),
        ([300.0], [100.0], "300", "3"),
        ([None], [100.0], "- (0 of 1)", "-"),
    ],
)
def test_medians_are_taken_over_the_pairs_that_reached_the_loss(
    times: list[float | None], base: list[float | None], time: str, ratio: str
) -> None:
    assert (tables.time_cell(times), tables.ratio_cell(times, base)) == (time, ratio)


@pytest.mark.parametrize("score", SCORES)
def test_an_image_is_as_good_only_if_no_score_is_worse(score: str) -> None:
    assert as_good(SCORES, SCORES)
    assert not as_good(SCORES | {score: SCORES[score] + 0.5}, SCORES)


@pytest.mark.parametrize(("target", "index"), [(100.0, 0), (5.5, 1), (5.0, 1), (4.9, 3), (1.0, None)])
def test_the_first_point_at_or_below_the_target_counts(target: float, index: int | None) -> None:
    assert first_below([(1.0, 9.0), (2.0, 5.0), (3.0, 6.0), (4.0, 2.0)], target) == index


def test_images_are_rounded_as_for_a_file() -> None:
    import numpy as np

    assert rounded(np.array([[[0.0, 1.0, 0.5019]]], np.float32)).tolist() == [[[0, 255, 128]]]
    assert rounded(np.uint8([[[7, 8, 9]]])).tolist() == [[[7, 8, 9]]]
