"""Tiles of the strips: sample photos painted in sample styles, each picture once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import nst
from benchmarks.strips import Tile
from nst import images, samples
from nst.images import Pixels
from nst.settings import Settings

SIDE = 384  # pixels of the long side that pictures are painted at
PAINTED = nst.OptimizeSettings(network="lite", size=SIDE)
INSTANT = nst.FastSettings(size=SIDE)


def picture(slug: str) -> Path:
    """The file of a sample photo or style."""
    return next(sample.path for sample in (*samples.photos(), *samples.styles()) if sample.slug == slug)


@lru_cache
def photo(slug: str) -> Pixels:
    """A photo at the size that is painted."""
    return images.fit(images.read(picture(slug)).rgb, SIDE)


@lru_cache
def style(slug: str) -> Pixels:
    """A style, small."""
    return images.fit(images.read(picture(slug)).rgb, SIDE)


@lru_cache
def painted(content: str, styles: str, settings: Settings, weights: tuple[float, ...] | None = None) -> Pixels:
    """A photo in the manner of styles, "a+b" for several."""
    print(f"  {content} in {styles}", flush=True)
    sources = [picture(slug) for slug in styles.split("+")]
    return nst.stylize(picture(content), sources, settings, style_weights=weights).image


def varied(content: str, styles: str, base: Settings, name: str, values: Mapping[str, Any]) -> list[Tile]:
    """A tile for each value of a setting, with its caption."""
    return [
        Tile(caption, painted(content, styles, replace(base, **{name: value}))) for caption, value in values.items()
    ]


def numbered(values: Iterable[float], unit: str = "") -> dict[str, float]:
    """Numbers by what is written below their pictures."""
    return {f"{value:g}{unit}": value for value in values}
