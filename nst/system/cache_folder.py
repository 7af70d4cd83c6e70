"""The program's cache folder on this machine."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER_VARIABLE = "NST_CACHE"  # overrides the system's cache folder


def folder() -> Path:
    """Return the path of the cache folder, which may not exist yet."""
    import pooch  # imports download libraries, which would slow down `import nst`

    return Path(os.environ.get(FOLDER_VARIABLE) or pooch.os_cache("nst"))
