"""nst forecast with a fixed calibration."""

from __future__ import annotations

import json

import pytest

from nst.forecast import calibration
from nst.forecast.calibration import Calibration
from nst.forecast.forecast import JOINING, OPENING, PASS, READING
from nst.system import cache_folder, memory
from tests.support.cli_runs import names, run

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch):
    monkeypatch.setenv(cache_folder.FOLDER_VARIABLE, str(tmp_path / "kept"))
    monkeypatch.setattr(calibration, "measure", lambda _: Calibration(0.0, 1e-6))
    monkeypatch.setattr(memory, "available", lambda: 10**12)


def test_one_line_says_size_time_and_memory(capsys, tmp_path):
    assert run("forecast photo.png red.png --network lite --size 1000 --steps 1 --levels 1 --precision float32") == 0
    assert capsys.readouterr() == ("1000x500 pixels: about 2 s, 1.4 GB of memory.\n", "")
    assert names(tmp_path) == {"photo.png", "red.png", "blue.png", "kept"}  # nothing was painted


def test_tiles_and_minutes_are_said(capsys):
    assert run("forecast photo.png red.png --network lite --size 4000 --steps 10 --levels 1 --precision float32") == 0
    out = capsys.readouterr().out
    assert out.startswith("4000x2000 pixels, in tiles: about 3 min ")


def test_for_programs(capsys):
    assert run("forecast photo.png red.png blue.png --engine fast --json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["size"] == [512, 256] and found["tiles"] is False
    assert found["seconds"] == pytest.approx(OPENING + 512 * 256 * (1e-6 + READING))


def test_regions_are_told_as_to_stylize(capsys):
    line = "forecast photo.png red.png blue.png --engine fast --json"
    assert run(line) == 0
    plain = json.loads(capsys.readouterr().out)["seconds"]
    for flags, passes in (
        ("--mask photo.png", 1),
        ("--region photo.png:strength=40", 2),
        ("--mask photo.png --region photo.png:strength=40,style=2", 2 * (2 + JOINING)),
    ):
        assert run(f"{line} {flags}") == 0
        more = json.loads(capsys.readouterr().out)["seconds"] - plain
        assert more == pytest.approx(512 * 256 * 1e-6 * PASS * (passes - 1), abs=1e-6)
    assert run(f"{line} --region faces") == 1
    assert "No face was found in 'photo.png'" in capsys.readouterr().err
    assert run(f"{line} --mask missing.png") == 1
    assert "missing.png" in capsys.readouterr().err


def test_forecast_refuses_invalid_runs(capsys, monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 100_000_000)
    assert run("forecast photo.png red.png --network lite --size 4000") == 1
    assert "Choose a size of" in capsys.readouterr().err
    assert run("forecast missing.png red.png") == 1
    assert "missing.png" in capsys.readouterr().err
