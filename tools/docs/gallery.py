"""Generate two images of the docs: results of the optimize engine in six styles, and of the fast engine in all styles.

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
    """Return the pairs of sample photo and style in one image of the docs, row by row.

    `name` is "repainted" for the image of the optimize engine, "instant" for that of the fast engine.
    """
    known = {sample.slug: sample for sample in (*samples.photos(), *samples.styles())}
    if name == "repainted":
        return [(known[photo], known[style]) for photo, style in PAIRS]
    return [(known[SCENES[number % 2]], style) for number, style in enumerate(samples.styles())]


def tile(
    photo: samples.Sample, style: samples.Sample, settings: nst.OptimizeSettings | nst.FastSettings
) -> Image.Image:
    """Stylize `photo` in `style` and return the result with the style image inset in its lower left corner."""
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
