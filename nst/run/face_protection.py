"""Face protection: regions with a lower strength on faces, to keep people recognizable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nst.run.regions import Region, read


def face_regions(
    faces: NDArray[np.uint8], regions: Sequence[Region], strength: float, share: float
) -> tuple[Region, ...]:
    """Return regions for the faces, with the surrounding style and `share` (0..1) of the surrounding strength.

    Append them to `regions`. `faces` is a mask with soft edges, uint8 (H, W), 255 on faces; `strength` is the run's,
    0..100. `regions` is empty, or holds two: the outside region with a strength of its own, then a region with a mask
    and the run's strength. Faces in a region of strength 0 get no region.
    """
    if not regions:
        return (Region(faces, strength=strength * share, feather=0),)
    outside, inside = regions
    assert inside.mask is not None and outside.strength is not None
    covered = read(inside.mask, faces.shape[::-1])
    found = [(faces * covered, inside.style, strength), (faces * (1 - covered), outside.style, outside.strength)]
    return tuple(
        Region(mask.astype(np.uint8), style, around * share, inside.feather)
        for mask, style, around in found
        if around and mask.max() > 127
    )
