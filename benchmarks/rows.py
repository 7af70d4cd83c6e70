"""Rows of the tables, kept as JSON as soon as they are measured, so that a run that was cut off goes on."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks.material import BUILD
from benchmarks.stamp import stamp

ROWS = BUILD / "rows"  # delete a row's file to have it measured again
PACKAGES = ("tensorflow", "keras", "torch", "scipy", "numpy")

Row = dict[str, Any]


def kept(
    table: str, name: str, asked: dict[str, Any], measure: Callable[[], Row], packages: tuple[str, ...] | None = None
) -> Row:
    """The row of that name where it was measured for the same question, else measure it and keep it.

    `packages` are those whose versions it tells; all that the speed tables rest on where none are named.
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
    """Of each name, the row that was measured last, in the order of the names, in which 40 comes before 100.

    Those `published` count as well: a machine that has measured some of them anew needs not measure the others.
    """
    rows = [*published, *map(_read, (ROWS / table).glob("*.json"))]
    latest = {row["name"]: row for row in sorted(rows, key=lambda row: str(row["date"]))}
    return [latest[name] for name in sorted(latest, key=_natural)]


def _read(path: Path) -> Row:
    row: Row = json.loads(path.read_text())
    return row


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """To sort names by, with the numbers in them as numbers."""
    return [(each.isdigit(), int(each) if each.isdigit() else 0, each) for each in re.split(r"(\d+)", name)]


def newest(table: str, name: str) -> Row | None:
    """The row of that name that was measured last, whatever was asked."""
    return next((row for row in all_newest(table) if row["name"] == name), None)
