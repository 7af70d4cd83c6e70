"""Generator of the gallery's sample style images, each from a fixed seed."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tools.paint_styles import (
    batik,
    bauhaus,
    charcoal,
    comic,
    cross_stitch,
    cubism,
    embroidery,
    fresco,
    glass,
    gold,
    gouache,
    ink,
    marbling,
    miniature,
    mosaic,
    neon,
    night,
    nouveau,
    origami,
    pen,
    pencil,
    pixels,
    pointillism,
    poppies,
    poster,
    sumi,
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
    "crane-marsh": sumi.crane_marsh,
    "storm-light": charcoal.storm_light,
    "shiraz-garden": miniature.shiraz_garden,
    "swan-lilies": nouveau.swan_lilies,
    "surf-pop": comic.surf_pop,
    "circle-concert": bauhaus.circle_concert,
    "golden-tree": gold.golden_tree,
    "orchard-fresco": fresco.orchard_fresco,
    "pixel-dusk": pixels.pixel_dusk,
    "neon-rain": neon.neon_rain,
    "paper-cranes": origami.paper_cranes,
    "stitched-garden": cross_stitch.stitched_garden,
}


def paint(slug: str, size: int = 1024) -> NDArray[np.uint8]:
    """Generate the style image `slug` as uint8 RGB (size, size, 3), deterministic for each size."""
    return STYLES[slug](size, np.random.default_rng(zlib.crc32(slug.encode())))
