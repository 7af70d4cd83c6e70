"""Rows of the tables, stored as JSON as soon as measured, so that an interrupted run can continue."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks.speed.material import BUILD
from benchmarks.records import stamp

ROWS = BUILD / "rows"  # delete a row's file to measure the row again
PACKAGES = ("tensorflow", "keras", "torch", "scipy", "numpy")

Row = dict[str, Any]


def kept(
    table: str, name: str, asked: dict[str, Any], measure: Callable[[], Row], packages: tuple[str, ...] | None = None
) -> Row:
    """Return the stored row of that name and parameters, or else measure and store it.

    Versions of `packages` are stored in the row; by default, all packages of the speed tables.
    """
    question = json.dumps(asked, sort_keys=True)
    path = ROWS / table / f"{name}-{zlib.crc32(question.encode()):08x}.json"
    print(f"{table} {name}: {'kept' if path.is_file() else 'measuring'}", flush=True)
    if not path.is_file():
        row = {"name": name, "asked": asked, **measure(), **stamp(*(packages or PACKAGES))}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(row, indent=1) + "\n")
    return _read(path)


def all_newest(table: str, published: Iterable[Row] = ()) -> list[Row]:
    """Return the latest row of each name, sorted naturally by name (40 before 100).

    Includes the `published` rows: a machine that measured some rows again need not measure the others.
    """
    rows = [*published, *map(_read, (ROWS / table).glob("*.json"))]
    latest = {row["name"]: row for row in sorted(rows, key=lambda row: str(row["date"]))}
    return [latest[name] for name in sorted(latest, key=_natural)]


def _read(path: Path) -> Row:
    row: Row = json.loads(path.read_text())
    return row


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """Sort key for names that compares the numbers in them by value."""
    return [(each.isdigit(), int(each) if each.isdigit() else 0, each) for each in re.split(r"(\d+)", name)]


def newest(table: str, name: str) -> Row | None:
    """Return the latest row of that name with any parameters, or None."""
    return next((row for row in all_newest(table) if row["name"] == name), None)
