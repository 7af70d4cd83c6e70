"""`python -m tools.paint_scenes`: render the sample content images into `assets/examples`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tools.paint_scenes import SCENES, render
from tools.paint_styles.__main__ import write


def main(argv: list[str] | None = None) -> int:
    """Render both scenes, or only the ones named with `--only`."""
    parser = argparse.ArgumentParser(prog="python -m tools.paint_scenes", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", choices=list(SCENES), help="one scene; repeatable")
    parser.add_argument("--width", type=int, default=1280, help="width in pixels (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("assets/examples"), help="folder (default: %(default)s)")
    options = parser.parse_args(argv)
    for slug in options.only or SCENES:
        start = time.perf_counter()
        path = options.out / f"{slug}.jpg"
        write(render(slug, options.width), path)
        print(f"{path}  {path.stat().st_size // 1024} KB  {time.perf_counter() - start:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
