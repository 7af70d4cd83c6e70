"""Location of the cache folder for calibrations, imported weights and unfinished style-transfer runs."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

from nst.system.files import home_expanded

FOLDER_VARIABLE = "NST_CACHE"  # overrides the system's cache folder


def folder() -> Path:
    """Return the path of the cache folder: the environment variable NST_CACHE if set, else the user's cache folder.

    The folder may not exist yet.
    """
    given = os.environ.get(FOLDER_VARIABLE)
    return home_expanded(given) if given else user_cache_path("nst-studio")
