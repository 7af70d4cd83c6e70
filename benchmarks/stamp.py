"""Machine, package versions and date of a measurement."""

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
    """Return the results file of a speed table for a number format, by default that of this machine.

    Machines without bfloat16 take two to four times as long, so their figures must not be mixed with others.
    """
    return RESULTS / (number_format or precision.resolve("auto")) / f"{name}.json"


def stamp(*packages: str) -> dict[str, Any]:
    """Return machine, versions and date, for a results file."""
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
