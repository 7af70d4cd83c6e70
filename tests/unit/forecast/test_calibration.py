"""Measuring this machine, and remembering what was found."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nst.forecast import calibration
from nst.forecast.calibration import Calibration
from nst.system import cache_folder


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache_folder.FOLDER_VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_the_line_through_two_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 0.0
    monkeypatch.setattr(time, "perf_counter", lambda: clock)

    def look(side: int) -> Callable[[], object]:
        calls = 0

        def again() -> None:
            nonlocal clock, calls
            calls += 1
            clock += 0.02 + 1e-6 * side * side + (9.0 if calls in {1, 3} else 0.0)  # slow at first, and a hiccup

        return again

    found = calibration.measure(look)
    assert (found.fixed, found.each) == (pytest.approx(0.02), pytest.approx(1e-6))
    assert found.of(1_000_000) == pytest.approx(1.02)


def test_calibration_is_stored_by_name(folder: Path) -> None:
    assert calibration.remembered("lite") is None
    calibration.remember("lite", Calibration(0.1, 2e-6))
    calibration.remember("fast", Calibration(0.2, 1e-6))
    assert calibration.remembered("lite") == Calibration(0.1, 2e-6)
    assert calibration.remembered("fast") == Calibration(0.2, 1e-6)
    assert [path.name for path in folder.iterdir()] == ["pace.json"]


def test_another_machine_or_version_is_measured_anew(folder: Path) -> None:
    calibration.remember("lite", Calibration(0.1, 2e-6))
    known = json.loads((folder / "pace.json").read_text())
    known["machine"][-1] = "another version"
    (folder / "pace.json").write_text(json.dumps(known))
    assert calibration.remembered("lite") is None
    calibration.remember("fast", Calibration(0.2, 1e-6))
    assert calibration.remembered("lite") is None and calibration.remembered("fast") is not None


@pytest.mark.parametrize("text", ["", "[]", '{"machine": 1}', "{"])
def test_a_damaged_file_is_none(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "pace.json").write_text(text)
    assert calibration.remembered("lite") is None
    calibration.remember("lite", Calibration(0.1, 2e-6))
    assert calibration.remembered("lite") == Calibration(0.1, 2e-6)


def test_unwritable_cache_does_not_lose_the_calibration(folder: Path) -> None:
    folder.write_text("a file in the place of the folder")
    calibration.remember("lite", Calibration(0.1, 2e-6))
    assert calibration.remembered("lite") is None
