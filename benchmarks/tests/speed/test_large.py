"""Tests of the benchmark of large results: rows and results file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.speed import large
from benchmarks.speed.large import RUNS, cells, measured, write


def row(seconds: float) -> dict[str, Any]:
    return {"seconds": seconds}


def test_a_row_has_seconds_per_megapixel(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = [{"size": (1920, 1080), "steps": 30, "seconds": 20.0}, {"size": (3840, 2160), "steps": 4, "seconds": 63.0}]
    found = {"seconds": 83.0, "peak_gb": 3.25, "swapped_mb": 0.0, "levels": levels}
    monkeypatch.setattr(large, "apart", lambda *_: found)
    monkeypatch.setattr(large, "photo_of", lambda run: run.photo)
    line = cells("lite-3840x2160", measured(RUNS["lite-3840x2160"]))
    assert line == ["lite-3840x2160", "8.29", "83", "10", "3.25", "0", "1920: 20, 3840: 63"]


def test_a_run_is_stored_beside_earlier_runs_of_the_list(tmp_path: Path) -> None:
    results = tmp_path / "results" / "large.json"
    write({"lite-7680x4320": row(1800.0)}, results)
    results.write_text(json.dumps({"lite-100x100": row(1.0), **json.loads(results.read_text())}))  # not in the list
    write({"fast-3840x2160": row(2.0), "lite-1344x756": row(20.0)}, results)
    write({"lite-7680x4320": row(1500.0)}, results)
    found = json.loads(results.read_text())
    assert found == {"lite-1344x756": row(20.0), "fast-3840x2160": row(2.0), "lite-7680x4320": row(1500.0)}
    assert list(found) == [name for name in RUNS if name in found]  # from small to large
