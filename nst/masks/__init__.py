"""Masks found in a photo: its subject, its background, the sky, faces, and what is not transparent.

Each takes uint8 RGB (H, W, 3) and gives float32 (H, W) in [0, 1], 1 where the thing is and all 0 where there is none.
They are found on a small copy, in well under a second, and the same photo always gives the same mask.
"""

from nst.masks.alpha import alpha
from nst.masks.faces import faces
from nst.masks.sky import sky
from nst.masks.subject import Box, background, subject
from nst.masks.working_size import Mask

__all__ = ["Box", "Mask", "alpha", "background", "faces", "sky", "subject"]
