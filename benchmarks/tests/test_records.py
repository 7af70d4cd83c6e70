"""Tests of stored rows: each is measured once, and the newest of each name is returned."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from benchmarks import records


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "ROWS", tmp_path)


def test_a_row_is_measured_once_for_the_same_parameters() -> None:
    calls = []

    def measure() -> dict[str, Any]:
        calls.append(1)
        return {"reached": {100: len(calls)}}

    first = records.kept("loss", "a", {"size": 128}, measure, ["numpy"])
    assert first["reached"] == {"100": 1} and first["versions"].keys() == {"numpy"} and "date" in first
    assert records.kept("loss", "a", {"size": 128}, measure, ["numpy"]) == first
    assert records.kept("loss", "a", {"size": 256}, measure, ["numpy"])["reached"] == {"100": 2}
    assert records.kept("loss", "a", {"size": 128}, measure, ["numpy"]) == first  # not replaced by the other


def test_nothing_is_measured_if_a_package_is_missing() -> None:
    with pytest.raises(PackageNotFoundError):
        records.kept("loss", "a", {}, lambda: pytest.fail("measured"), ["no-such-package"])


def test_the_newest_row_of_each_name_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert records.all_newest("loss") == [] and records.newest("loss", "a-512") is None
    rows = [
        ("2030-01-02", "a-512", 2),
        ("2030-01-01", "a-512", 1),
        ("2030-01-03", "a-512-b", 3),
        ("2030-01-01", "a-64", 4),
    ]
    for date, name, value in rows:
        monkeypatch.setattr(records, "stamp", lambda *packages, date=date: {"date": date})
        records.kept("loss", name, {"value": value}, lambda value=value: {"value": value}, [])
    assert [row["value"] for row in records.all_newest("loss")] == [4, 2, 3]  # 64 before 512
    found = records.newest("loss", "a-512")
    assert found is not None and found["value"] == 2


def test_a_published_row_is_used_until_measured_again() -> None:
    published = [{"name": name, "date": "2020-01-01T00:00:00+00:00"} for name in ("a-512", "b-512")]
    records.kept("loss", "b-512", {}, lambda: {"anew": True}, ["numpy"])
    assert [row.get("anew", False) for row in records.all_newest("loss", published)] == [False, True]
