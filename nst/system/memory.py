"""How much memory there is for a run, and giving back what is not needed.

Linux gives out more than it has and later kills whoever uses it, so that asking first is the only warning there is.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

import psutil

CGROUPS = Path("/sys/fs/cgroup")
# Limit, use, and the line of memory.stat with what the system can drop at once; of a container, in both versions.
_FILES = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "total_inactive_file"),
)


def available(cgroups: Path = CGROUPS) -> int:
    """Bytes that this process can take before the system swaps, kills it, or refuses."""
    rooms = [psutil.virtual_memory().available, *_of_container(cgroups), *_of_address_space()]
    return max(0, min(rooms))


def give_back() -> None:
    """Return to the system what this process has freed.

    The C library of Linux keeps hundreds of megabytes after a run, in case they are wanted again: malloc_trim(3).
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if psutil.LINUX else None
    if trim is not None:
        trim(0)


def _of_container(cgroups: Path) -> Iterator[int]:
    for limit, use, droppable in _FILES:
        path = cgroups / limit
        text = path.read_text(encoding="ascii").strip() if path.is_file() else "max"
        if text == "max":
            continue
        lines = (cgroups / use).with_name("memory.stat").read_text(encoding="ascii").splitlines()
        stat = dict(line.split(maxsplit=1) for line in lines)
        yield int(text) - int((cgroups / use).read_text(encoding="ascii")) + int(stat.get(droppable, 0))


def _of_address_space() -> Iterator[int]:
    if not psutil.LINUX:
        return
    process = psutil.Process()
    limit, _ = process.rlimit(psutil.RLIMIT_AS)
    if limit != psutil.RLIM_INFINITY:
        yield limit - process.memory_info().vms
