"""Generate the images of docs/controls.md: one strip per setting, in our own sample styles.

python -m tools.docs.control_strips [--only strength,colors] [--out docs/controls]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.docs.control_strips import STRIPS
from benchmarks.quality.engines import ROOT
from tools.docs.strips import save, sheet

FOLDER = ROOT / "docs" / "controls"
COLUMNS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(STRIPS), help="names of strips, all where it is not given")
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args()
    names = given.only.split(",")
    if unknown := set(names) - STRIPS.keys():
        sys.exit(f"unknown strips: {', '.join(unknown)}; known are {', '.join(STRIPS)}")
    for name in names:
        print(name, flush=True)
        path = given.out / f"{name}.jpg"
        quality = save(sheet(STRIPS[name](), COLUMNS), path)
        print(f"  {path}: {path.stat().st_size / 1000:.0f} kB at quality {quality}")


if __name__ == "__main__":
    main()
