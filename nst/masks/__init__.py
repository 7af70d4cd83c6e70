"""Masks computed from the content image: subject, background, sky, faces and alpha.

Each function takes the content image, uint8 RGB (H, W, 3), and returns a mask, float32 (H, W) in [0, 1]: 1 inside the
object, all 0 if none is found. `alpha` takes a decoded Picture instead; `find` calls one of these functions by name.
Masks are computed on a reduced copy, in well under a second, and are deterministic.
"""

from collections.abc import Callable

from nst.images.io import Picture
from nst.system.extras import extra

with extra("masks", "cv2", "Masks of subjects, skies and faces need OpenCV"):
    from nst.masks.alpha_mask import alpha
    from nst.masks.faces_mask import faces
    from nst.masks.sky_mask import sky
    from nst.masks.subject_mask import Box, background, subject
    from nst.masks.working_size import Mask

__all__ = ["Box", "Mask", "alpha", "background", "faces", "find", "sky", "subject"]


def find(part: str, picture: Picture, box: Box | None = None) -> Mask:
    """Return the mask, float32 (H, W) in [0, 1], of one part of a decoded image.

    `part` is "subject", "background", "sky", "faces" or "alpha". `box` encloses the subject, see subject(); it is
    ignored for "sky", "faces" and "alpha". Raises InputError if the box lies outside the image or covers all of it.
    """
    finders: dict[str, Callable[[], Mask]] = {
        "subject": lambda: subject(picture.rgb, box),
        "background": lambda: background(picture.rgb, box),
        "sky": lambda: sky(picture.rgb),
        "faces": lambda: faces(picture.rgb),
        "alpha": lambda: alpha(picture),
    }
    return finders[part]()
