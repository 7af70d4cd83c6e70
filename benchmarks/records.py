"""Storage of measurements: one JSON file per row, written as soon as measured.

A row is the result of one measurement, with its parameters, machine, package versions and date.
"""

from __future__ import annotations

import json
import os
import platform
import re
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.paths import BUILD, RESULTS
from nst.models import precision

ROWS = BUILD / "rows"  # delete a row's file to measure the row again
CPUINFO = Path("/proc/cpuinfo")

Row = dict[str, Any]


def kept(table: str, name: str, asked: dict[str, Any], measure: Callable[[], Row], packages: Iterable[str]) -> Row:
    """Return the stored row with this table, name and parameters `asked`; measure and store it if missing.

    `measure` returns the figures. Versions of `packages` are stored in the row; they are read first, so that a missing
    package costs no measurement.
    """
    question = json.dumps(asked, sort_keys=True)
    path = ROWS / table / f"{name}-{zlib.crc32(question.encode()):08x}.json"
    print(f"{table} {name}: {'kept' if path.is_file() else 'measuring'}", flush=True)
    if not path.is_file():
        stamped = stamp(*packages)
        row = {"name": name, "asked": asked, **measure(), **stamped}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(row, indent=1) + "\n")
    return _read(path)


def all_newest(table: str, published: Iterable[Row] = ()) -> list[Row]:
    """Return the latest row of each name in table `table`, sorted naturally by name (40 before 100).

    The rows stored on this machine and the `published` ones are considered.
    """
    rows = [*published, *map(_read, (ROWS / table).glob("*.json"))]
    latest = {row["name"]: row for row in sorted(rows, key=lambda row: str(row["date"]))}
    return [latest[name] for name in sorted(latest, key=_natural)]


def newest(table: str, name: str) -> Row | None:
    """Return the latest stored row of that name in table `table`, with any parameters, or None."""
    return next((row for row in all_newest(table) if row["name"] == name), None)


def speed_results(name: str, number_format: str | None = None) -> Path:
    """Return the path of the results file `name` for a number format, by default the format of this machine.

    Machines without bfloat16 take two to four times as long, so their figures must not be mixed with others.
    """
    return RESULTS / (number_format or precision.resolve("auto")) / f"{name}.json"


def stamp(*packages: str) -> dict[str, Any]:
    """Return machine, versions of `packages` and present date, for a results file."""
    named = re.search(r"model name\s*:\s*(.+)", CPUINFO.read_text()) if CPUINFO.is_file() else None
    return {
        "machine": {
            "processor": named[1] if named else platform.processor() or platform.machine(),
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "python": platform.python_version(),
        },
        "versions": {name: version(name) for name in packages},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _read(path: Path) -> Row:
    row: Row = json.loads(path.read_text())
    return row


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """Return a sort key that compares the numbers in a name by value."""
    return [(each.isdigit(), int(each) if each.isdigit() else 0, each) for each in re.split(r"(\d+)", name)]
