"""What a transparent picture shows of itself."""

from __future__ import annotations

import numpy as np

from nst.images.io import Picture
from nst.masks.working_size import Mask, nothing


def alpha(picture: Picture) -> Mask:
    """Where `picture` is opaque, float32 (H, W) in [0, 1]; all 0 where all of it is, for then nothing is cut out."""
    if picture.alpha is None:
        return nothing(picture.rgb)
    return picture.alpha.astype(np.float32) / np.float32(255)
