"""Peak memory of a process."""

from __future__ import annotations

import re
from pathlib import Path


def peak_mb() -> float:
    """Return the peak resident memory of this process in MiB.

    getrusage() would include the memory of the parent process when this process began.
    """
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    assert found, "only Linux says how much memory a process held at most"
    return int(found[1]) / 1024
