"""Face protection: a lower strength on faces keeps people recognizable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nst.run.regions import Region, read


def face_regions(
    faces: NDArray[np.uint8], regions: Sequence[Region], strength: float, share: float
) -> tuple[Region, ...]:
    """Return regions of faces, to append to `regions`, with the surrounding style and `share` of the strength there.

    `faces` is a mask with soft edges, uint8 (H, W), 255 on faces. `regions` are none, or two: the outside region with
    its strength, and one with a mask and the strength of the run, `strength`. Regions without strength have no faces.
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
