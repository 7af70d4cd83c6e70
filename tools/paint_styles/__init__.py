"""Generator of the gallery's sample style images, each from a fixed seed."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import (
    batik,
    cubism,
    embroidery,
    glass,
    gouache,
    ink,
    marbling,
    mosaic,
    night,
    pen,
    pencil,
    pointillism,
    poppies,
    poster,
    watercolor,
    waves,
    woodcut,
)

Painter: TypeAlias = Callable[[int, np.random.Generator], NDArray[np.uint8]]

STYLES: dict[str, Painter] = {
    "night-over-the-bay": night.night_over_the_bay,
    "great-swell": waves.great_swell,
    "poppy-meadow": poppies.poppy_meadow,
    "cathedral-garden": glass.cathedral_garden,
    "iris-pond": watercolor.iris_pond,
    "sun-and-fish": mosaic.sun_and_fish,
    "river-afternoon": pointillism.river_afternoon,
    "pine-lake": woodcut.pine_lake_woodcut,
    "regatta-facets": cubism.regatta_facets,
    "autumn-birches": pencil.autumn_birches,
    "ebru-comb": marbling.ebru_comb,
    "batik-garden": batik.batik_garden,
    "jungle-evening": gouache.jungle_evening,
    "hill-town": pen.hill_town,
    "desert-poster": poster.desert_poster,
    "silk-peonies": embroidery.silk_peonies,
    "ink-geode": ink.ink_geode,
}


def paint(slug: str, size: int = 1024) -> NDArray[np.uint8]:
    """Generate the style image `slug` as uint8 RGB (size, size, 3), deterministic for each size."""
    return STYLES[slug](size, np.random.default_rng(zlib.crc32(slug.encode())))
