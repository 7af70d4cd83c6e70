"""Layout of tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import rows, tables
from benchmarks.look import as_good

SCORES = {"style": 0.3, "content": 0.6, "layout": 0.4, "noise": 0.8}


def test_a_ratio_below_one_is_a_fraction_and_pairs_that_never_got_there_are_left_out() -> None:
    assert tables.ratio_cell([5.0, 10.0, None], [100.0, 100.0, 100.0]) == "1/13.3"
    assert tables.ratio_cell([300.0], [100.0]) == "3"
    assert tables.ratio_cell([None], [100.0]) == "-"


def test_a_time_says_on_how_many_pairs() -> None:
    assert tables.time_cell([1.0, 2.0, 9.0]) == "2"
    assert tables.time_cell([1.0, None, 9.0]) == "5 (2 of 3)"
    assert tables.time_cell([None]) == "- (0 of 1)"


def test_numbers_have_three_digits() -> None:
    assert [tables.number(value) for value in (0.13712, 12.345, 1234.5, None)] == ["0.137", "12.3", "1234", "-"]


@pytest.mark.parametrize("score", ["style", "content", "layout", "noise"])
def test_a_picture_must_hold_its_own_on_every_score(score: str) -> None:
    assert as_good(SCORES, SCORES)
    assert not as_good(SCORES | {score: SCORES[score] + 0.5}, SCORES)


def test_a_row_is_measured_once_for_the_same_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "ROWS", tmp_path)
    monkeypatch.setattr(rows, "PACKAGES", ("numpy",))
    calls = []

    def measure() -> dict[str, Any]:
        calls.append(1)
        return {"reached": {100: len(calls)}}

    first = rows.kept("loss", "a", {"size": 128}, measure)
    assert first["reached"] == {"100": 1} and first["versions"].keys() == {"numpy"} and "date" in first
    assert rows.kept("loss", "a", {"size": 128}, measure) == first
    assert rows.kept("loss", "a", {"size": 256}, measure)["reached"] == {"100": 2}
    assert rows.kept("loss", "a", {"size": 128}, measure) == first  # the other answer did not replace it


def test_the_newest_row_is_of_that_name_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "ROWS", tmp_path)
    assert rows.newest("loss", "a-512") is None
    for date, name, value in [("2030-01-02", "a-512", 2), ("2030-01-01", "a-512", 1), ("2030-01-03", "a-512-b", 3)]:
        monkeypatch.setattr(rows, "stamp", lambda *packages, date=date: {"date": date})
        rows.kept("loss", name, {"value": value}, lambda value=value: {"value": value})
    found = rows.newest("loss", "a-512")
    assert found is not None and found["value"] == 2
