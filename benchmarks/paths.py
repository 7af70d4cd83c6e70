"""Folders of the benchmarks, and paths of input files that are not part of the project."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
RESULTS = ROOT / "benchmarks" / "results"
BUILD = ROOT / "build" / "bench"  # images, and rows that an interrupted run reuses
SHARED = Path(os.environ.get("NST_SHARED", ROOT.parent / "shared"))
REAL_WEIGHTS = SHARED / "weights" / "vgg19_blocks1-3.npz"


def required(path: Path) -> Path:
    """Return `path` if it exists, otherwise exit the program with a message."""
    if not path.exists():
        sys.exit(f"'{path}' is missing. It is not part of the project: set NST_SHARED to the folder that has it.")
    return path
