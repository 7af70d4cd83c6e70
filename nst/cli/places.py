"""Search for regions in a photo by their command-line names: subject, background, sky, faces and alpha."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nst.errors import InputError, SettingsError

if TYPE_CHECKING:
    from nst.masks import Box, Mask

BOXED = ("subject", "background")  # accept a box around the subject
PLACES = (*BOXED, "sky", "faces", "alpha")

_BY_HAND = "Draw a mask, white inside the region, and give its file."
_WITH_A_BOX = "nothing stands out. Give a box around the subject: nst mask PHOTO --box X,Y,W,H -o MASK"
_NOTHING = {
    "subject": f"No subject was found in '{{}}': {_WITH_A_BOX}",
    "background": f"No background was found in '{{}}': {_WITH_A_BOX}",
    "sky": f"No sky was found in '{{}}'. If there is one: {_BY_HAND}",
    "faces": f"No face was found in '{{}}'; very small faces and profiles are missed. {_BY_HAND}",
    "likeness": "No face was found in '{}', so there is none to keep. Leave out --keep-faces.",
    "alpha": f"'{{}}' has no transparency, so alpha cannot be used. {_BY_HAND}",
}


def found(place: str, photo: str | bytes, box: Box | None = None) -> Mask:
    """Return the mask of the region named `place` in a photo, float32 (H, W) in [0, 1].

    `place` is one of PLACES, or "likeness", the protection map of faces. `photo` is a path or the bytes of a file.
    `box` is (x, y, width, height) around the subject, in pixels.

    Raises InputError if nothing is found, and SettingsError for a box with a region other than "subject" or
    "background".
    """
    from nst import masks  # imports OpenCV and scikit-image, which would slow down --help
    from nst.images import io as images

    if box is not None and place not in BOXED:
        raise SettingsError(f"A box works only for {' and '.join(BOXED)}, received one for {place}. Leave it out.")
    mask = masks.find(place, images.read(photo, "photo"), box)
    if not mask.any():
        raise InputError(_NOTHING[place].format("standard input" if isinstance(photo, bytes) else photo))
    return mask
