"""Files that ship beside the code: at the top level of a checkout, inside the package if installed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(str(files("nst")))


def shipped(installed: str, checkout: str) -> Path:
    """Return the path of a file or folder, given relative to the package and to the checkout's top level.

    Both places are listed in pyproject.toml. The first applies to `pip install .`, the second to a checkout and to an
    editable install.
    """
    path = _PACKAGE / installed
    return path if path.exists() else _PACKAGE.parent / checkout


ASSETS = shipped("assets", "assets")
