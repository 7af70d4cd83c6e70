"""Mask of the opaque pixels of a transparent image."""

from __future__ import annotations

import numpy as np

from nst.images.io import Picture
from nst.masks.working_size import Mask, nothing


def alpha(picture: Picture) -> Mask:
    """Return the opacity of `picture`, float32 (H, W) in [0, 1]; all 0 if it has no alpha channel (nothing to mask)."""
    if picture.alpha is None:
        return nothing(picture.rgb)
    return picture.alpha.astype(np.float32) / np.float32(255)
