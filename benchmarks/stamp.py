"""Where and with what a figure was measured."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nst.models import precision

CPUINFO = Path("/proc/cpuinfo")
RESULTS = Path(__file__).resolve().parent / "results"


def speed_results(name: str, number_format: str | None = None) -> Path:
    """The results file of a speed table, for machines of a number format; of this machine's where none is named.

    A machine without bfloat16 takes two to four times as long: its figures would make no sense among those of one that
    has it.
    """
    return RESULTS / (number_format or precision.resolve("auto")) / f"{name}.json"


def stamp(*packages: str) -> dict[str, Any]:
    """Machine, versions and date, for a results file."""
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
