"""The most memory that a process has held."""

from __future__ import annotations

import re
from pathlib import Path


def peak_mb() -> float:
    """The most memory that this process has held. getrusage() would count what its parent held when it began."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    assert found, "only Linux says how much memory a process held at most"
    return int(found[1]) / 1024
