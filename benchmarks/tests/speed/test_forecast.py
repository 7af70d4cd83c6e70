"""Tests of the table of predicted and measured values."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import nst
from benchmarks.speed import runs
from benchmarks.speed.forecast import CASES, LARGE, compared, foretell, landscape, report, summary
from benchmarks.speed.runs import LITE
from nst.optimization.footprint import WHOLE
from nst.settings.engines import OptimizeSettings
from nst.system.cache_folder import FOLDER_VARIABLE


def row(case: str, predicted: tuple[float, float], measured: tuple[float, float]) -> dict[str, Any]:
    """Return a row with a predicted and a measured (seconds, GB)."""
    forecast = nst.Forecast(predicted[0], round(predicted[1] * 1e9), (512, 341), False)
    return compared(landscape(case, LITE, 512), forecast, {"seconds": measured[0], "peak_gb": measured[1]})


ROWS = [row("a", (5.0, 1.0), (10.0, 1.0)), row("b", (11.0, 1.5), (10.0, 1.25)), row("c", (12.0, 2.0), (10.0, 2.5))]


def test_the_table_has_predicted_and_measured_figures() -> None:
    assert report(ROWS) == [
        "| case | predicted s | measured s | ratio | predicted GB | measured GB | ratio |",
        "|---|---|---|---|---|---|---|",
        "| a | 5 | 10 | 0.50 | 1 | 1 | 1.00 |",
        "| b | 11 | 10 | 1.10 | 1.5 | 1.25 | 1.20 |",
        "| c | 12 | 10 | 1.20 | 2 | 2.5 | 0.80 |",
        "",
        "time, predicted over measured: median 1.10, worst 0.50 (a)",
        "memory, predicted over measured: median 1.00, worst 1.20 (b)",
    ]


def test_the_worst_ratio_is_the_farthest_from_one_on_either_side() -> None:
    found = summary([row("a", (0.8, 1.9), (1.0, 1.0)), row("b", (1.1, 0.4), (1.0, 1.0))])
    assert found["seconds"]["worst"] == pytest.approx(0.8) and found["seconds"]["worst_case"] == "a"
    assert found["peak_gb"]["worst"] == pytest.approx(1.9) and found["peak_gb"]["worst_case"] == "a"


def test_cases_have_unique_names_that_give_their_size() -> None:
    names = [run.name for run in (*CASES, *LARGE)]
    assert len(set(names)) == len(names)
    for run in (*CASES, *LARGE):
        assert str(max(run.size)) in run.name.replace(",", "").split()
        assert (run.size[1] > run.size[0]) == ("portrait" in run.name)
        assert run.settings.size is None


def test_cases_in_tiles_are_too_large_for_a_whole_evaluation() -> None:
    loops = [run for run in (*CASES, *LARGE) if isinstance(run.settings, OptimizeSettings)]
    assert {run.name for run in loops if run.size[0] * run.size[1] > WHOLE} == {
        run.name for run in loops if "tiles" in run.name
    }


def test_all_cases_share_a_new_calibration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "BUILD", tmp_path / "build")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "known"))
    folders = []

    def forecast(*_: object) -> nst.Forecast:
        folders.append(Path(os.environ[FOLDER_VARIABLE]))
        assert not list(folders[-1].iterdir())
        return nst.Forecast(1.0, 1, (1, 1), False)

    monkeypatch.setattr(nst, "forecast", forecast)
    assert len(foretell([landscape("a", LITE, 30), landscape("b", LITE, 60)])) == 2
    assert folders[0] == folders[1] != tmp_path / "known"
    assert not folders[0].exists()
