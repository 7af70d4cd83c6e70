"""Small pictures for the tooltips of the page: what a dial does, from left to right.

    python -m benchmarks.dial_pictures [--out assets/dials]

They are painted like the strips of docs/controls.md, and are made of the same tiles.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from benchmarks.control_strips import DOTS, GARDEN, LAKE, NIGHT, TOWN
from benchmarks.strips import save
from benchmarks.tiles import PAINTED, painted
from nst.images.io import Pixels
from nst.system.assets import ASSETS

SIZE = 150, 100  # pixels of each picture, half of which are seen on a usual screen
GAP = 6
LIMIT = 14_000  # bytes of a file, at most: the page is sent all of them on a first visit

# By setting: photo, style, and the values that are shown.
DIALS: Mapping[str, tuple[str, str, Sequence[Any]]] = {
    "strength": (TOWN, NIGHT, (20.0, 60.0, 100.0)),
    "steps": (LAKE, GARDEN, (5, 30, 100)),
    "style_scale": (LAKE, DOTS, (0.25, 1.0, 4.0)),
    "colors": (TOWN, NIGHT, ("style", "photo", "matched")),
    "color_amount": (TOWN, NIGHT, (0.0, 50.0, 100.0)),
    "freedom": (LAKE, NIGHT, (0.0, 40.0, 100.0)),
}
WITH = {"color_amount": {"colors": "photo"}}  # what a dial needs beside it


def row(pictures: Sequence[Pixels]) -> Image.Image:
    """Pictures beside each other; what is between them can be seen through in no JPEG, so it is a middle gray."""
    width, height = SIZE
    found = Image.new("RGB", (len(pictures) * (width + GAP) - GAP, height), "gray")
    for number, pixels in enumerate(pictures):
        tile = ImageOps.fit(Image.fromarray(pixels), SIZE, Image.Resampling.LANCZOS)
        found.paste(tile, (number * (width + GAP), 0))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ASSETS / "dials")
    folder = parser.parse_args().out
    for name, (photo, style, values) in DIALS.items():
        base = replace(PAINTED, **WITH.get(name, {}))
        pictures = [painted(photo, style, replace(base, **{name: value})) for value in values]
        quality = save(row(pictures), path := folder / f"{name}.jpg", LIMIT)
        print(f"{path}: {path.stat().st_size} bytes, quality {quality}")


if __name__ == "__main__":
    main()
