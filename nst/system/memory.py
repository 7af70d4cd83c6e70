"""Memory available to this process, errors for a lack of it, and release of freed memory to the system.

Linux overcommits memory and later kills the process that uses it, so checking beforehand is the only warning.
"""

from __future__ import annotations

import ctypes
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from nst.errors import OutOfMemory

ADDRESSES = 2e9  # bytes of address space that TensorFlow maps; with fewer, its import can end the process by a signal
TOO_LITTLE = (
    "There is too little free memory to load TensorFlow, which takes about 1 GB, and 2 GB of address space. "
    "Close other programs, or raise the limit (ulimit -v)."
)
CGROUPS = Path("/sys/fs/cgroup")
# A container's limit, its usage, and the key in memory.stat of the memory that the kernel can reclaim at once.
# First cgroup v2, then v1.
_FILES = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "total_inactive_file"),
)


def available(cgroups: Path = CGROUPS) -> int:
    """Return the bytes that this process can allocate before the system swaps, kills it or refuses.

    `cgroups` is the folder of the control groups, whose limits apply in a container.
    """
    rooms = [psutil.virtual_memory().available, *_of_container(cgroups), address_space()]
    return int(max(0, min(rooms)))


def address_space() -> float:
    """Return the bytes that this process can still map under its limit (`ulimit -v`); infinity without a limit."""
    if not psutil.LINUX:
        return math.inf
    process = psutil.Process()
    limit, _ = process.rlimit(psutil.RLIMIT_AS)
    return math.inf if limit == psutil.RLIM_INFINITY else limit - process.memory_info().vms


@contextmanager
def loading() -> Iterator[None]:
    """Raise OutOfMemory if the import of TensorFlow within this context manager lacks memory.

    On entry, OutOfMemory is raised if the process is limited to less than 2 GB of address space.
    """
    if "tensorflow" not in sys.modules and address_space() < ADDRESSES:
        raise OutOfMemory(TOO_LITTLE)
    try:
        yield
    except Exception as error:
        if lacks_memory(error):
            raise OutOfMemory(TOO_LITTLE) from error
        raise


def lacks_memory(error: Exception) -> bool:
    """Return True if `error` was caused by a lack of memory, judged by its type or message."""
    signs = "cannot allocate memory", "failed to map segment", "can't start new thread"
    return isinstance(error, MemoryError) or any(sign in str(error).lower() for sign in signs)


def give_back() -> None:
    """Return freed memory of this process to the operating system. Does nothing outside Linux.

    glibc otherwise keeps hundreds of megabytes for later allocations after a style-transfer run, see malloc_trim(3).
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if psutil.LINUX else None
    if trim is not None:
        trim(0)


def _of_container(cgroups: Path) -> Iterator[int]:
    for limit, use, droppable in _FILES:
        with suppress(OSError):  # no such control group, or a container that hides it
            text = (cgroups / limit).read_text(encoding="ascii").strip()
            if text == "max":
                continue
            lines = (cgroups / use).with_name("memory.stat").read_text(encoding="ascii").splitlines()
            stat = dict(line.split(maxsplit=1) for line in lines)
            yield int(text) - int((cgroups / use).read_text(encoding="ascii")) + int(stat.get(droppable, 0))
