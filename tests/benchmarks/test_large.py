"""List of large runs, and merging of single results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import large
from benchmarks.large import RUNS, cells, measured, write


def row(seconds: float) -> dict[str, Any]:
    return {"seconds": seconds}


def test_the_runs_are_those_whose_time_and_memory_are_asked_for() -> None:
    sizes = {name: (run.settings.network, run.size) for name, run in RUNS.items()}
    assert sizes == {
        "lite-1344x756": ("lite", (1344, 756)),
        "lite-2688x1512": ("lite", (2688, 1512)),
        "fast-3840x2160": ("fast", (3840, 2160)),
        "lite-3840x2160": ("lite", (3840, 2160)),
        "vgg19-3840x2160": ("vgg19", (3840, 2160)),
        "lite-7680x4320": ("lite", (7680, 4320)),
    }
    assert all(run.settings.size is None for run in RUNS.values())


def test_a_row_says_seconds_by_the_megapixel(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = [{"size": (1920, 1080), "steps": 30, "seconds": 20.0}, {"size": (3840, 2160), "steps": 4, "seconds": 63.0}]
    found = {"seconds": 83.0, "peak_gb": 3.25, "swapped_mb": 0.0, "levels": levels}
    monkeypatch.setattr(large, "apart", lambda *_: found)
    monkeypatch.setattr(large, "photo_of", lambda run: run.photo)
    line = cells("lite-3840x2160", measured(RUNS["lite-3840x2160"]))
    assert line == ["lite-3840x2160", "8.29", "83", "10", "3.25", "0", "1920: 20, 3840: 63"]


def test_a_run_is_put_beside_those_that_were_measured_before(tmp_path: Path) -> None:
    results = tmp_path / "results" / "large.json"
    write({"lite-7680x4320": row(1800.0)}, results)
    write({"fast-3840x2160": row(2.0), "lite-1344x756": row(20.0)}, results)
    write({"lite-7680x4320": row(1500.0)}, results)
    found = json.loads(results.read_text())
    assert found == {"lite-1344x756": row(20.0), "fast-3840x2160": row(2.0), "lite-7680x4320": row(1500.0)}
    assert list(found) == [name for name in RUNS if name in found]  # from small to large


def test_a_run_that_is_no_longer_in_the_list_goes(tmp_path: Path) -> None:
    results = tmp_path / "large.json"
    results.write_text(json.dumps({"lite-100x100": row(1.0), "lite-1344x756": row(20.0)}))
    write({"fast-3840x2160": row(2.0)}, results)
    assert list(json.loads(results.read_text())) == ["lite-1344x756", "fast-3840x2160"]
