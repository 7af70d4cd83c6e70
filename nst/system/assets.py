"""Folder of the shipped files: next to the package in a checkout, under share/ if installed."""

from __future__ import annotations

import sysconfig
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[2] / "assets"
_INSTALLED = Path(sysconfig.get_path("data")) / "share" / "nst-studio"  # same path as in pyproject.toml

ASSETS = _CHECKOUT if (_CHECKOUT / "styles" / "styles.json").is_file() else _INSTALLED
