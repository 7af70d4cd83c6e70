"""Masks computed from the content image: subject, background, sky, faces and alpha.

Each function takes the content image, uint8 RGB (H, W, 3), and returns a mask, float32 (H, W) in [0, 1]: 1 inside the
object, all 0 if none is found. `alpha` takes a decoded Picture instead, and find_faces() returns boxes and landmarks;
`find` calls one of the mask functions by name. Masks are computed on a reduced copy and are deterministic.
"""

from collections.abc import Callable

from nst.images.io import Picture
from nst.system.extras import extra

with extra("masks", "cv2", "Masks of subjects, skies and faces need OpenCV"):
    from nst.masks.alpha_mask import alpha
    from nst.masks.faces_mask import Face, faces, find_faces, likeness
    from nst.masks.sky_mask import sky
    from nst.masks.subject_mask import Box, background, subject
    from nst.masks.working_size import Mask

__all__ = [
    "Box", "Face", "Mask", "alpha", "background", "faces", "find", "find_faces", "likeness", "sky", "subject",
]  # fmt: skip


def find(part: str, picture: Picture, box: Box | None = None) -> Mask:
    """Return the mask, float32 (H, W) in [0, 1], of one part of a decoded image.

    `part` is "subject", "background", "sky", "faces", "likeness" or "alpha". `box` encloses the subject, see subject();
    other parts ignore it. Raises InputError if the box lies outside the image or covers all of it.
    """
    finders: dict[str, Callable[[], Mask]] = {
        "subject": lambda: subject(picture.rgb, box),
        "background": lambda: background(picture.rgb, box),
        "sky": lambda: sky(picture.rgb),
        "faces": lambda: faces(picture.rgb),
        "likeness": lambda: likeness(picture.rgb),
        "alpha": lambda: alpha(picture),
    }
    return finders[part]()
