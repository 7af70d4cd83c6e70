"""Generate the image in the README: two sample photos in six sample styles, at the default settings.

python -m benchmarks.gallery [--out docs/repainted.jpg]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image, ImageOps

import nst
from nst.images import samples

PAIRS = (
    ("harbor-town", "night-over-the-bay"),
    ("landscape", "cathedral-garden"),
    ("harbor-town", "great-swell"),
    ("landscape", "pine-lake"),
    ("harbor-town", "river-afternoon"),
    ("landscape", "sun-and-fish"),
)
COLUMNS, TILE, GAP, INSET = 3, (512, 341), 8, 96  # pixels


def tile(photo: samples.Sample, style: samples.Sample) -> Image.Image:
    """Return a result with its style image in the corner."""
    print(photo.name, "in the manner of", style.name, flush=True)
    painted = Image.fromarray(nst.stylize(photo.source(), style.source(), nst.OptimizeSettings(network="lite")).image)
    corner = ImageOps.expand(ImageOps.fit(Image.open(style.path), (INSET, INSET)), 3, "white")
    painted.paste(corner, (10, painted.height - corner.height - 10))
    return painted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/repainted.jpg"))
    out = parser.parse_args().out
    known = {sample.slug: sample for sample in (*samples.photos(), *samples.styles())}
    rows = -(-len(PAIRS) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (TILE[0] + GAP) - GAP, rows * (TILE[1] + GAP) - GAP), "white")
    for number, (photo, style) in enumerate(PAIRS):
        row, column = divmod(number, COLUMNS)
        sheet.paste(tile(known[photo], known[style]), (column * (TILE[0] + GAP), row * (TILE[1] + GAP)))
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(out, quality=86)


if __name__ == "__main__":
    main()
