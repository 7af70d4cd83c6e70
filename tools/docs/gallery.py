"""Generate two images of the docs: sample photos in six styles by the loop, and in all styles by the fast engine.

python -m tools.docs.gallery [repainted] [instant]
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
SCENES = ("harbor-town", "landscape")
COLUMNS, TILE, GAP, INSET = 3, (512, 341), 8, 96  # pixels
DOCS = Path("docs")

Pair = tuple[samples.Sample, samples.Sample]


def pairs(name: str) -> list[Pair]:
    """Return the photos and styles of an image, row by row."""
    known = {sample.slug: sample for sample in (*samples.photos(), *samples.styles())}
    if name == "repainted":
        return [(known[photo], known[style]) for photo, style in PAIRS]
    return [(known[SCENES[number % 2]], style) for number, style in enumerate(samples.styles())]


def tile(
    photo: samples.Sample, style: samples.Sample, settings: nst.OptimizeSettings | nst.FastSettings
) -> Image.Image:
    """Return a result with its style image in the corner."""
    print(photo.name, "in the style of", style.name, flush=True)
    painted = Image.fromarray(nst.stylize(photo.source(), style.source(), settings).image)
    corner = ImageOps.expand(ImageOps.fit(Image.open(style.path), (INSET, INSET)), 3, "white")
    painted.paste(corner, (10, painted.height - corner.height - 10))
    return painted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", nargs="*", choices=["repainted", "instant"], default=["repainted", "instant"])
    for name in parser.parse_args().images:
        settings = nst.FastSettings() if name == "instant" else nst.OptimizeSettings(network="lite")
        given = pairs(name)
        rows = -(-len(given) // COLUMNS)
        sheet = Image.new("RGB", (COLUMNS * (TILE[0] + GAP) - GAP, rows * (TILE[1] + GAP) - GAP), "white")
        for number, pair in enumerate(given):
            row, column = divmod(number, COLUMNS)
            sheet.paste(tile(*pair, settings), (column * (TILE[0] + GAP), row * (TILE[1] + GAP)))
        sheet.save(DOCS / f"{name}.jpg", quality=86)


if __name__ == "__main__":
    main()
