"""How long one look at a picture takes on this machine: measured once for each network, and remembered."""

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

from nst.errors import ImageError
from nst.system import cache_folder
from nst.system.files import replacing

SIDES = (128, 384)  # pixels of the squares that are measured
TIMES = 3


@dataclass(frozen=True)
class Pace:
    """Seconds as a line: `fixed` of any picture, and `each` of a pixel."""

    fixed: float
    each: float

    def of(self, pixels: int) -> float:
        """Seconds of a picture of so many pixels."""
        return self.fixed + self.each * pixels


def measure(look: Callable[[int], Callable[[], object]]) -> Pace:
    """The pace of `look(side)()`, where `look` makes ready for squares of `side` pixels. Takes a second or two."""
    seconds = []
    for side in SIDES:
        again = look(side)
        again()  # the first time is slower
        took = []
        for _ in range(TIMES):
            began = time.perf_counter()
            again()
            took.append(time.perf_counter() - began)
        seconds.append(median(took))
    small, large = (side * side for side in SIDES)
    each = max(0.0, (seconds[1] - seconds[0]) / (large - small))
    return Pace(max(0.0, seconds[0] - each * small), each)


def remembered(key: str) -> Pace | None:
    """What was measured for `key` on this machine, with these versions; None where that has yet to be done."""
    found = _read().get(key)
    return None if found is None else Pace(**found)


def remember(key: str, pace: Pace) -> None:
    """Keep a pace for the next time. Where that cannot be written, it will be measured again."""
    path = _path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            paces = {**_read(), key: asdict(pace)}
            temporary.write_text(json.dumps({"machine": _machine(), "paces": paces}), encoding="utf-8")
    except (OSError, ImageError):
        return


def _path() -> Path:
    return cache_folder.folder() / "pace.json"


def _read() -> dict[str, Any]:
    try:
        known = json.loads(_path().read_text(encoding="utf-8"))
        paces: dict[str, Any] = known["paces"] if known["machine"] == _machine() else {}
    except (OSError, ValueError, LookupError, TypeError):
        return {}  # none yet, or damaged: it is measured again
    return paces


def _machine() -> list[str]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return [platform.node(), platform.machine(), str(cores), version("tensorflow"), version("numpy")]
