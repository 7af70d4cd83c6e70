"""Tiles of the strips: sample photos in sample styles, each result computed once.

Results are cached in build/tiles, so that an interrupted run can continue. Empty that folder when the output of
the engines has changed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import nst
from nst.images import io as images
from nst.images import samples
from nst.images.io import Pixels
from nst.settings.engines import Settings
from tools.docs.markdown import DOCS
from tools.docs.strips import Tile

BUILD = DOCS.parent / "build" / "tiles"
SIDE = 320  # long side of results in pixels
PAINTED = nst.OptimizeSettings(network="lite", size=SIDE)
INSTANT = nst.FastSettings(size=SIDE)


def picture(slug: str) -> Path:
    """Return the file of a sample photo or style."""
    return next(sample.path for sample in (*samples.photos(), *samples.styles()) if sample.slug == slug)


@lru_cache
def photo(slug: str) -> Pixels:
    """Return a content image at the size of the results."""
    return images.fit(images.read(picture(slug)).rgb, SIDE)


@lru_cache
def style(slug: str) -> Pixels:
    """Return a style image, scaled down to SIDE."""
    return images.fit(images.read(picture(slug)).rgb, SIDE)


def painted(content: str, styles: str, settings: Settings, **inputs: Any) -> Pixels:
    """Return a result, from the cache if possible. `styles` may be "a+b"; `inputs` are those of nst.stylize()."""
    what = f"{content} {styles} {settings} {inputs}"
    path = BUILD / f"{content}-{styles}-{zlib.crc32(what.encode()):08x}.png"
    print(f"  {path.name}: {'kept' if path.is_file() else 'painting'}", flush=True)
    if not path.is_file():
        sources = [picture(slug) for slug in styles.split("+")]
        path.parent.mkdir(parents=True, exist_ok=True)
        images.write(nst.stylize(picture(content), sources, settings, **inputs).image, path)
    return images.read(path).rgb


def shown(mask: NDArray[np.float32]) -> Pixels:
    """Convert a mask to an image, white inside the region."""
    return np.repeat(np.rint(mask * 255).astype(np.uint8)[..., None], 3, -1)


def varied(content: str, styles: str, base: Settings, name: str, values: Mapping[str, Any]) -> list[Tile]:
    """Return a tile for each value of a setting, with its caption."""
    return [
        Tile(caption, painted(content, styles, replace(base, **{name: value}))) for caption, value in values.items()
    ]


def numbered(values: Iterable[float], unit: str = "") -> dict[str, float]:
    """Return numbers by their captions."""
    return {f"{value:g}{unit}": value for value in values}
