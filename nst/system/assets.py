"""Where the files that ship are: beside the package in a checkout, under share/ where it is installed."""

from __future__ import annotations

import sysconfig
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[2] / "assets"
_INSTALLED = Path(sysconfig.get_path("data")) / "share" / "nst-studio"  # as pyproject.toml says

ASSETS = _CHECKOUT if (_CHECKOUT / "styles" / "styles.json").is_file() else _INSTALLED
