"""Generate the small images in the tooltips of the page: each shows the effect of one setting, in three values.

    python -m tools.docs.dial_pictures [--out assets/dials]

The results are the same tiles as in the strips of docs/controls.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from nst.images.io import Pixels
from nst.system.assets import ASSETS
from tools.docs.control_strips import DOTS, GARDEN, LAKE, NIGHT, TOWN
from tools.docs.strips import save
from tools.docs.tiles import PAINTED, painted

SIZE = 150, 100  # (width, height) of each image in pixels; shown at half that size on a standard screen
GAP = 6
LIMIT = 14_000  # maximum bytes of a file: the page sends all files on a first visit

# Content image, style image and values, by setting.
DIALS: Mapping[str, tuple[str, str, Sequence[Any]]] = {
    "strength": (TOWN, NIGHT, (20.0, 60.0, 100.0)),
    "steps": (LAKE, GARDEN, (5, 30, 100)),
    "style_scale": (LAKE, DOTS, (0.25, 1.0, 4.0)),
    "colors": (TOWN, NIGHT, ("style", "photo", "matched")),
    "color_amount": (TOWN, NIGHT, (0.0, 50.0, 100.0)),
    "init_noise": (LAKE, NIGHT, (0.0, 40.0, 100.0)),
}
WITH: Mapping[str, Mapping[str, Any]] = {"color_amount": {"colors": "photo"}}  # other settings that a setting requires


def row(pictures: Sequence[Pixels]) -> Image.Image:
    """Join images, uint8 RGB, in a row, each cropped to 150x100 pixels.

    Gaps are gray, because JPEG has no transparency.
    """
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
