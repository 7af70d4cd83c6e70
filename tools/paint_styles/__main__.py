"""`python -m tools.paint_styles`: generate the gallery's style images in `assets/styles`."""

from __future__ import annotations

import argparse
import io
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.paint_styles import STYLES, paint

QUALITIES = (88, 85, 82, 79, 76)
TARGET_BYTES = 420_000


def encode(picture: NDArray[np.uint8]) -> bytes:
    """Encode uint8 RGB (H, W, 3) as JPEG of at most 420,000 bytes, at the best quality from 88 down to 76.

    At quality 76 the file may be larger.
    """
    data = b""
    for quality in QUALITIES:
        buffer = io.BytesIO()
        # Not progressive: decoding would take three times as long, for a file 4 % smaller.
        Image.fromarray(picture).save(buffer, "JPEG", quality=quality, optimize=True)
        data = buffer.getvalue()
        if len(data) <= TARGET_BYTES:
            break
    return data


def write(picture: NDArray[np.uint8], path: Path) -> None:
    """Write an image, uint8 RGB (H, W, 3), as JPEG: to a temporary file, which is then renamed to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    draft.write_bytes(encode(picture))
    draft.replace(path)


def main(argv: list[str] | None = None) -> int:
    """Generate all style images, or only the ones named with `--only`."""
    parser = argparse.ArgumentParser(prog="python -m tools.paint_styles", description=__doc__)
    parser.add_argument(
        "--only", metavar="NAME", action="append", choices=list(STYLES), help="one style; may be repeated"
    )
    parser.add_argument("--size", type=int, default=1024, help="side in pixels (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("assets/styles"), help="folder (default: %(default)s)")
    options = parser.parse_args(argv)
    for slug in options.only or STYLES:
        start = time.perf_counter()
        path = options.out / f"{slug}.jpg"
        write(paint(slug, options.size), path)
        seconds = time.perf_counter() - start
        print(f"{path}  {path.stat().st_size // 1024} KB  {seconds:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
