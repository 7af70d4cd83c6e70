"""The folder of what the program remembers on this machine."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER_VARIABLE = "NST_CACHE"  # names it, where the system's own will not do


def folder() -> Path:
    """It need not exist yet."""
    import pooch  # brings what downloads, which `import nst` must not wait for

    return Path(os.environ.get(FOLDER_VARIABLE) or pooch.os_cache("nst"))
