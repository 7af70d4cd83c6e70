"""Generate the images of the page "About the method" with `lite`, all from one sample photo and one sample style.

python -m tools.docs.about_pictures [--only loop] [--out assets/about]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import nst
from nst.images import io as images
from nst.images import samples
from nst.images.io import Pixels
from nst.models.extractors import networks

SIDE = 288  # long side in pixels; the page shows the images no larger
QUALITY = 72
TURNS = 120  # iterations until a result from noise has converged
GRAIN = 0.1  # TV weight for results from noise, enough to suppress specks that are not in the input images
DEPTHS = {"fine": "block1_conv2", "small": "block2_conv2", "middle": "block3_conv2", "large": "block4_conv2"}
STRENGTHS = (20, 50, 80, 100)
MOMENTS = (1, 5, 20, 100)  # iterations shown
SEEN_AT = {"fine": 2, "small": 2, "middle": 3, "large": 3}  # features per row of a mosaic, and number of rows
COMPARED = 24  # features in a Gram matrix
COMPARED_AT = "block3_conv1"
CELL = 8  # side of a matrix entry in pixels
FAINT = 0.6  # exponent that brightens weak activations
NIGHT, GLOW = np.array([27, 30, 60]), np.array([255, 214, 130])  # colors of no activation and of full activation

Made = Iterator[tuple[str, Pixels]]


def source(slug: str) -> Any:
    return {sample.slug: sample for sample in (*samples.photos(), *samples.styles())}[slug].source()


@cache
def picture(slug: str, side: int = SIDE) -> Pixels:
    return images.fit(images.read(source(slug)).rgb, side)


def painted(**changes: Any) -> Pixels:
    """Stylize the default photo in the default style with lite; `changes` replace default settings.

    Returns uint8 RGB.
    """
    settings = nst.OptimizeSettings(network="lite", size=SIDE, **changes)
    return nst.stylize(source(samples.DEFAULT_PHOTO), source(samples.DEFAULT_STYLE), settings).image


def pair() -> Made:
    yield "photo", picture(samples.DEFAULT_PHOTO)
    yield "style", picture(samples.DEFAULT_STYLE)


def features(rgb: Pixels, layer: str) -> NDArray[np.float32]:
    """Return the activations of a layer of lite, float32 (H, W, channels), for uint8 RGB."""
    choice = networks.choose("lite", ((layer, 1.0),), ((layer, 1.0),))
    network = networks.load(choice, "average", "float32")
    return np.asarray(network.features(images.to_float(rgb)[None], [layer])[layer][0])


def glowing(values: NDArray[np.floating[Any]]) -> Pixels:
    """Map values in [0, 1], (H, W), to uint8 RGB (H, W, 3): a gradient from dark blue (0) to light orange (1)."""
    colors: Pixels = np.rint(NIGHT + (GLOW - NIGHT) * values[..., None]).astype(np.uint8)
    return colors


def seen() -> Made:
    """Yield (name, image) for four layers of lite, from shallow to deep: a mosaic of activations for the sample photo.

    Each tile is one feature; those with the largest deviation are shown.
    """
    rgb = picture(samples.DEFAULT_PHOTO, 2 * SIDE)
    for name, layer in DEPTHS.items():
        found, count = features(rgb, layer), SEEN_AT[name]
        liveliest = np.argsort(-found.std((0, 1)))[: count * count]
        size = SIDE // count - 2, round(SIDE / rgb.shape[1] * rgb.shape[0]) // count - 2
        shares = [np.clip(found[..., k] / np.quantile(found[..., k], 0.99), 0, 1) for k in liveliest]
        tiles = [glowing(share**FAINT) for share in shares]
        framed = [np.pad(images.resize(tile, size), ((1, 1), (1, 1), (0, 0)), constant_values=255) for tile in tiles]
        rows = [np.hstack(framed[k : k + count]) for k in range(0, len(framed), count)]
        yield f"seen-{name}", np.vstack(rows)


def content() -> Made:
    """Yield (name, image) for four layers of lite, from shallow to deep: a content reconstruction from noise."""
    for name, layer in DEPTHS.items():
        weights = {"content_weight": 1.0, "style_weight": 0.0, "tv_weight": GRAIN}
        yield f"content-{name}", painted(content_layers=layer, init="noise", steps=TURNS, **weights)


def style() -> Made:
    """Yield (name, image) for four layers of lite, from shallow to deep: a style reconstruction from noise."""
    for name, layer in DEPTHS.items():
        weights = {"content_weight": 0.0, "style_weight": 1.0, "tv_weight": GRAIN}
        yield f"style-{name}", painted(style_layers=layer, init="noise", steps=TURNS, **weights)


def together() -> Made:
    """Yield (name, image) for the sample photo, the sample style and their result: a Gram matrix of features of lite.

    The image has a cell for each pair of features, whose color is the squared cosine similarity of their activations.
    It includes the 24 features of one layer that vary most in the style image.
    """
    found = {
        "photo": features(picture(samples.DEFAULT_PHOTO), COMPARED_AT),
        "style": features(picture(samples.DEFAULT_STYLE), COMPARED_AT),
        "result": features(painted(), COMPARED_AT),
    }
    liveliest = np.argsort(-found["style"].std((0, 1)))[:COMPARED]
    for name, maps in found.items():
        rows = maps[..., liveliest].reshape(-1, COMPARED)
        gram = rows.T @ rows
        energy = np.sqrt(np.diag(gram))
        cells = glowing((gram / np.outer(energy, energy)) ** 2)
        yield f"together-{name}", cells.repeat(CELL, 0).repeat(CELL, 1)


def loop() -> Made:
    """Yield (name, image) for iterations 1, 5, 20 and 100 of a style-transfer run: its snapshot."""
    settings = nst.OptimizeSettings(network="lite", size=SIDE, steps=max(MOMENTS), preview_every=1, levels=1)
    given = source(samples.DEFAULT_PHOTO), source(samples.DEFAULT_STYLE)
    for snapshot in nst.stream(*given, settings):
        if snapshot.step in MOMENTS:
            yield f"loop-{snapshot.step}", snapshot.image


def strength() -> Made:
    for each in STRENGTHS:
        yield f"strength-{each}", painted(strength=each)


KINDS: dict[str, Callable[[], Made]] = {
    each.__name__: each for each in (pair, seen, loop, content, style, together, strength)
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=list(KINDS), action="append", help="one kind of them; repeatable")
    parser.add_argument("--out", type=Path, default=Path("assets/about"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for kind in options.only or KINDS:
        for name, pixels in KINDS[kind]():
            path = options.out / f"{name}.jpg"
            Image.fromarray(pixels).save(path, quality=QUALITY, optimize=True)
            print(path, path.stat().st_size, flush=True)


if __name__ == "__main__":
    main()
