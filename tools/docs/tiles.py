"""Tiles for the strips of docs/controls.md: sample photos in sample styles, each result computed once.

Results are cached in build/tiles, so that a stopped generation can continue. Empty that folder when the output of the
engines has changed.
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
    """Return the file of the sample photo or style `slug`."""
    return next(sample.path for sample in (*samples.photos(), *samples.styles()) if sample.slug == slug)


@lru_cache
def photo(slug: str) -> Pixels:
    """Return the sample photo `slug` as uint8 RGB, scaled to the size of the results."""
    return images.fit(images.read(picture(slug)).rgb, SIDE)


@lru_cache
def style(slug: str) -> Pixels:
    """Return the sample style `slug` as uint8 RGB, scaled to the size of the results."""
    return images.fit(images.read(picture(slug)).rgb, SIDE)


def painted(content: str, styles: str, settings: Settings, **inputs: Any) -> Pixels:
    """Return a result as uint8 RGB, from the cache if possible, for sample slugs.

    `styles` is one slug, or several joined by "+". `inputs` are further arguments of nst.stylize(), such as regions.
    """
    what = f"{content} {styles} {settings} {inputs}"
    path = BUILD / f"{content}-{styles}-{zlib.crc32(what.encode()):08x}.png"
    print(f"  {path.name}: {'kept' if path.is_file() else 'painting'}", flush=True)
    if not path.is_file():
        sources = [picture(slug) for slug in styles.split("+")]
        path.parent.mkdir(parents=True, exist_ok=True)
        images.write(nst.stylize(picture(content), sources, settings, **inputs).image, path)
    return images.read(path).rgb


def shown(mask: NDArray[np.float32]) -> Pixels:
    """Convert a mask (H, W) in [0, 1] to a gray image, uint8 RGB (H, W, 3): white inside the region."""
    return np.repeat(np.rint(mask * 255).astype(np.uint8)[..., None], 3, -1)


def varied(content: str, styles: str, base: Settings, name: str, values: Mapping[str, Any]) -> list[Tile]:
    """Return a captioned result for each value of the setting `name`; `values` are by caption.

    `base` are the other settings; `content` and `styles` are as in painted().
    """
    return [
        Tile(caption, painted(content, styles, replace(base, **{name: value}))) for caption, value in values.items()
    ]


def numbered(values: Iterable[float], unit: str = "") -> dict[str, float]:
    """Return `values` by caption, which is the number followed by `unit`."""
    return {f"{value:g}{unit}": value for value in values}
