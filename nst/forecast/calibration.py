"""Calibration: time of one evaluation of a network on this machine, measured once per network and cached on disk."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from nst.errors import FileError
from nst.system import cache_folder
from nst.system.files import replacing

SIDES = (128, 384)  # sides of the square test images, in pixels
TIMES = 3  # measurements per size, of which the median counts


@dataclass(frozen=True)
class Calibration:
    """Linear model of the time of one evaluation: `fixed` seconds plus `each` seconds per pixel."""

    fixed: float
    each: float

    def of(self, pixels: int) -> float:
        """Return the predicted seconds of one evaluation for an image of `pixels` pixels (width times height)."""
        return self.fixed + self.each * pixels


def measure(look: Callable[[int], Callable[[], object]]) -> Calibration:
    """Measure evaluations of two image sizes and return the calibration; takes one or two seconds.

    `look(side)` prepares a square image of `side` pixels and returns the function to time, which performs one
    evaluation.
    """
    seconds = []
    for side in SIDES:
        again = look(side)
        again()  # the first call is slower
        took = []
        for _ in range(TIMES):
            began = time.perf_counter()
            again()
            took.append(time.perf_counter() - began)
        seconds.append(median(took))
    small, large = (side * side for side in SIDES)
    each = max(0.0, (seconds[1] - seconds[0]) / (large - small))
    return Calibration(max(0.0, seconds[0] - each * small), each)


def remembered(key: str) -> Calibration | None:
    """Return the calibration cached for `key`, from forecast._key(), or None.

    None also if the cache is from another machine or other versions of TensorFlow or NumPy.
    """
    found = _read().get(key)
    return None if found is None else Calibration(**found)


def remember(key: str, pace: Calibration) -> None:
    """Save the calibration `pace` under `key` in the cache file on disk, for remembered().

    Write errors are ignored; the next process measures again.
    """
    path = _path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            paces = {**_read(), key: asdict(pace)}
            temporary.write_text(json.dumps({"machine": _machine(), "paces": paces}), encoding="utf-8")
    except (OSError, FileError):
        return


def _path() -> Path:
    return cache_folder.folder() / "pace.json"


def _read() -> dict[str, Any]:
    try:
        known = json.loads(_path().read_text(encoding="utf-8"))
        paces: dict[str, Any] = known["paces"] if known["machine"] == _machine() else {}
    except (OSError, ValueError, LookupError, TypeError):
        return {}  # missing or corrupted: measure again
    return paces


def _machine() -> list[str]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return [platform.node(), platform.machine(), str(cores), version("tensorflow"), version("numpy")]
