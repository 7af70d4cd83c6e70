"""Rows of the tables, kept as JSON as soon as they are measured, so that a run that was cut off goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from benchmarks.material import BUILD
from benchmarks.stamp import stamp

ROWS = BUILD / "rows"  # delete a row's file to have it measured again
PACKAGES = ("tensorflow", "keras", "torch", "scipy", "numpy")


def kept(table: str, name: str, asked: dict[str, Any], measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The row of that name where it was measured for the same question, else measure it and keep it."""
    path = ROWS / table / f"{name}.json"
    if path.is_file():
        row: dict[str, Any] = json.loads(path.read_text())
        if row["asked"] == json.loads(json.dumps(asked)):
            print(f"{table} {name}: kept", flush=True)
            return row
    print(f"{table} {name}: measuring", flush=True)
    text = json.dumps({"asked": asked, **measure(), **stamp(*PACKAGES)}, indent=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")
    found: dict[str, Any] = json.loads(text)  # so that a fresh row and a kept one look alike
    return found
