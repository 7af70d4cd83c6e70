"""Generate the strips of docs/controls.md: a strip of results for each setting, in sample styles of this project.

python -m tools.docs.control_strips [--only strength,colors] [--out docs/controls]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import nst
from nst import masks
from nst.images import io as images
from tools.docs.markdown import DOCS
from tools.docs.strips import Tile, save, sheet
from tools.docs.tiles import INSTANT, PAINTED, numbered, painted, photo, picture, shown, style, varied

FOLDER = DOCS / "controls"
COLUMNS = 3

TOWN, LAKE, CUP, CAT, PERSON = "harbor-town", "landscape", "coffee", "cat", "astronaut"
NIGHT, SWELL, GARDEN, DOTS, WOODCUT = (
    "night-over-the-bay", "great-swell", "cathedral-garden", "river-afternoon", "pine-lake"
)  # fmt: skip


def strength() -> list[Tile]:
    return varied(TOWN, NIGHT, PAINTED, "strength", numbered(range(0, 101, 20)))


def strength_instant() -> list[Tile]:
    return varied(TOWN, NIGHT, INSTANT, "strength", numbered(range(0, 101, 20)))


def blend() -> list[Tile]:
    """Return tiles of content image and result blended by nst.blend(), and, for comparison, a result at strength 50."""
    full = painted(TOWN, NIGHT, replace(PAINTED, strength=100.0))
    own = images.resize(photo(TOWN), (full.shape[1], full.shape[0]))
    tiles = [Tile(f"{amount}% painting", nst.blend(own, full, amount)) for amount in (0, 25, 50, 75, 100)]
    return [*tiles, Tile("no blend: strength 50", painted(TOWN, NIGHT, replace(PAINTED, strength=50.0)))]


def brush() -> list[Tile]:
    sizes = {"0.25 fine": 0.25, "0.5": 0.5, "1 as in the painting": 1.0, "2": 2.0, "4 bold": 4.0}
    return [Tile("the painting", style(DOTS)), *varied(LAKE, DOTS, PAINTED, "style_scale", sizes)]


def colors() -> list[Tile]:
    choices = {"style: the painting's": "style", "photo: its own": "photo", "matched: toned like it": "matched"}
    found = varied(TOWN, SWELL, PAINTED, "colors", {**choices, "palette: colors only": "palette"})
    return [Tile("the photo", photo(TOWN)), Tile("the painting", style(SWELL)), *found]


def color_amount() -> list[Tile]:
    return [
        tile
        for name in ("photo", "matched")
        for tile in varied(
            TOWN, SWELL, replace(PAINTED, colors=name), "color_amount",
            {f"{name}, {amount}%": float(amount) for amount in (30, 65, 100)},
        )
    ]  # fmt: skip


def several_styles() -> list[Tile]:
    both = f"{GARDEN}+{SWELL}"
    mixes = {"half and half": (1.0, 1.0), "3 glass : 1 waves": (3.0, 1.0)}
    borrowed = {"glass in the waves' colors": (GARDEN, SWELL), "waves in the glass's colors": (SWELL, GARDEN)}
    return [
        Tile("glass", style(GARDEN)),
        Tile("waves", style(SWELL)),
        *(Tile(caption, painted(LAKE, both, PAINTED, style_weights=weights)) for caption, weights in mixes.items()),
        *(
            Tile(caption, painted(LAKE, own, PAINTED, color_style=picture(other)))
            for caption, (own, other) in borrowed.items()
        ),
    ]


def regions() -> list[Tile]:
    sky, rest = nst.Region(masks.sky(photo(LAKE))), nst.Region(None)
    own = [replace(rest, style=0), replace(sky, style=1)]
    return [
        Tile("the photo", photo(LAKE)),
        Tile("the sky, found", shown(masks.sky(photo(LAKE)))),
        Tile("the sky stays a photo", painted(LAKE, GARDEN, PAINTED, regions=[replace(sky, strength=0.0)])),
        Tile("only the sky is painted", painted(LAKE, NIGHT, PAINTED, regions=[replace(rest, strength=0.0), sky])),
        Tile("the sky at strength 20", painted(LAKE, GARDEN, PAINTED, regions=[replace(sky, strength=20.0)])),
        Tile("a style for each", painted(LAKE, f"{GARDEN}+{NIGHT}", PAINTED, regions=own)),
    ]


def feather() -> list[Tile]:
    """Return tiles of results with several feather widths around a subject at strength 0."""
    cup = masks.subject(photo(CUP))
    widths = {f"feather {width:g}%": nst.Region(cup, strength=0.0, feather=width) for width in (0.0, 2.0, 15.0)}
    return [Tile(caption, painted(CUP, NIGHT, PAINTED, regions=[region])) for caption, region in widths.items()]


def face_guard() -> list[Tile]:
    face = nst.Protection(masks.likeness(photo(PERSON)))
    return [
        Tile("the face, found", shown(masks.likeness(photo(PERSON)))),
        Tile("without the guard", painted(PERSON, GARDEN, PAINTED)),
        Tile("with it", painted(PERSON, GARDEN, PAINTED, protection=face)),
    ]


def smoothness() -> list[Tile]:
    return varied(CUP, WOODCUT, PAINTED, "tv_weight", numbered((0.0, 5.0, 20.0, 50.0, 100.0)))


def iterations() -> list[Tile]:
    return varied(LAKE, GARDEN, PAINTED, "steps", numbered((5, 10, 30, 60, 100, 300)))


def start() -> list[Tile]:
    draft = painted(TOWN, GARDEN, INSTANT)
    own = painted(TOWN, GARDEN, replace(PAINTED, init="image"), init_image=picture(GARDEN))
    choices = {"content: the photo": "content", "noise": "noise", "fast: a draft of Instant": "fast"}
    found = varied(TOWN, GARDEN, PAINTED, "init", choices)
    more = [Tile("(that draft)", draft), Tile("image: here the painting itself", own)]
    return [Tile("the photo", photo(TOWN)), *found, *more]


def init_noise() -> list[Tile]:
    return varied(LAKE, NIGHT, PAINTED, "init_noise", numbered((0.0, 20.0, 40.0, 60.0, 80.0, 100.0), "%"))


def style_layers() -> list[Tile]:
    names = ("block1_conv1", "block2_conv1", "block3_conv1", "block3_conv3", "block4_conv1")
    alone = {name: ((name, 1.0),) for name in names}
    return varied(TOWN, NIGHT, PAINTED, "style_layers", {**alone, "all, as they ship": None})


def content_layers() -> list[Tile]:
    names = ("block1_conv2", "block2_conv2", "block3_conv1", "block3_conv3", "block4_conv1")
    alone = {name: ((name, 1.0),) for name in names}
    return varied(TOWN, NIGHT, PAINTED, "content_layers", {**alone, "all, as they ship": None})


def pooling() -> list[Tile]:
    found = varied(CUP, GARDEN, PAINTED, "pooling", {"average": "average", "max": "max"})
    return [Tile("the photo", photo(CUP)), *found]


def style_losses() -> list[Tile]:
    losses = {"gram": "gram", "moments": "moments", "wasserstein": "wasserstein"}
    return [Tile("the painting", style(NIGHT)), *varied(TOWN, NIGHT, PAINTED, "style_loss", losses)]


def quality() -> list[Tile]:
    """Return tiles of both inputs and of results by the fast engine and each preset, shown equally large."""
    presets = {name: nst.preset(name, network="lite") for name in ("draft", "balanced", "best")}
    instant = Tile("Instant", painted(LAKE, WOODCUT, nst.FastSettings()))
    found = [Tile(name, painted(LAKE, WOODCUT, settings)) for name, settings in presets.items()]
    return [Tile("the photo", photo(LAKE)), Tile("the painting", style(WOODCUT)), instant, *found]


def sizes() -> list[Tile]:
    return varied(CAT, GARDEN, PAINTED, "size", {f"{size} pixels": size for size in (256, 512, 1024)})


STRIPS: Mapping[str, Callable[[], list[Tile]]] = {
    "strength": strength,
    "strength-instant": strength_instant,
    "sizes": sizes,
    "blend": blend,
    "brush-size": brush,
    "colors": colors,
    "color-amount": color_amount,
    "several-styles": several_styles,
    "regions": regions,
    "feather": feather,
    "face-guard": face_guard,
    "smoothness": smoothness,
    "iterations": iterations,
    "start-from": start,
    "init_noise": init_noise,
    "quality": quality,
    "style-layers": style_layers,
    "content-layers": content_layers,
    "pooling": pooling,
    "style-losses": style_losses,
}


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
