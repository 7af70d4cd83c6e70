"""Files shipped with the code: at the top level of a checkout, or inside the installed package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(str(files("nst")))


def shipped(installed: str, checkout: str) -> Path:
    """Return the absolute path of a shipped file or folder.

    `installed` is its path relative to the package after `pip install .`; `checkout` its path relative to the top level
    of a checkout, used if the first does not exist, as in an editable install. pyproject.toml lists both.
    """
    path = _PACKAGE / installed
    return path if path.exists() else _PACKAGE.parent / checkout


ASSETS = shipped("assets", "assets")
