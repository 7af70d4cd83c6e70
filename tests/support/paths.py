"""Folders that tests read from."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / os.environ.get("NST_SHARED", "../shared")  # pictures and weights that do not belong to the project
