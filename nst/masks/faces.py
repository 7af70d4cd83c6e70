"""Faces, by the cascade of local binary patterns that scikit-image ships.

The cascade alone sees faces in leaves and walls. So a face must be seen in the photo and in its mirror image at the
same place, have eyes that are no brighter than its cheeks, and in a photo with colors the color of skin.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data
from skimage.feature import Cascade

from nst.images.io import Pixels
from nst.masks.working_size import Mask, nothing, resized, small

Box = tuple[int, int, int, int]  # left, top, width and height

SIDE = 640  # pixels of the long side that they are looked for at
SMALLEST = 24  # pixels of a face there, of which the cascade was made
NEIGHBORS = 4  # places that must look like a face together
SAME = 0.4  # overlap of two boxes, of their union, that are the same face
SKIN = 0.35  # of a face, that must have a skin's color
COLORLESS = 2.0  # mean difference of Cr and Cb from gray in a photo without colors
CONTRAST = 0.2  # of a face: deviation of its brightness, in parts of its mean; walls have less
EYES, CHEEKS, MIDST = (slice(5, 11), slice(12, 17), slice(3, 21))  # rows and columns of a face of 24 x 24 pixels
GLARE = 1.2  # times as bright as the cheeks, the eyes are at most
# Half the width and height of a head with its hair, and how far its middle lies below the box's top, in parts of it.
HALF_WIDTH, HALF_HEIGHT, MIDDLE = 0.75, 0.95, 0.42
SOFT = 0.15  # of these, that its edge is soft to either side


def faces(photo: Pixels) -> Mask:
    """Heads of uint8 RGB (H, W, 3) as soft ellipses, float32 (H, W) in [0, 1]; all 0 where there is no face."""
    reduced = small(photo, SIDE)
    boxes = found(reduced)
    if not boxes:
        return nothing(photo)
    heads = np.max([_head(box, reduced.shape[:2]) for box in boxes], axis=0)
    return resized(heads, photo)


def found(photo: Pixels) -> list[Box]:
    """Boxes from brow to chin of the faces in uint8 RGB (H, W, 3)."""
    gray = np.asarray(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), np.uint8)
    width = gray.shape[1]
    mirrored = [(width - x - w, y, w, h) for x, y, w, h in _seen(np.ascontiguousarray(gray[:, ::-1]))]
    return [
        box
        for box in _seen(gray)
        if any(_overlap(box, other) > SAME for other in mirrored) and _has_eyes(gray, box) and _has_skin(photo, box)
    ]


def _seen(gray: NDArray[np.uint8]) -> list[Box]:
    largest = min(gray.shape)
    if largest < SMALLEST:
        return []
    boxes = _cascade().detect_multi_scale(
        gray, scale_factor=1.15, step_ratio=1, min_size=(SMALLEST,) * 2, max_size=(largest,) * 2,
        min_neighbor_number=NEIGHBORS,
    )  # fmt: skip
    return [(box["c"], box["r"], box["width"], box["height"]) for box in boxes]


@cache
def _cascade() -> Cascade:
    return Cascade(data.lbp_frontal_face_cascade_filename())


def _overlap(a: Box, b: Box) -> float:
    """Of what the two cover, the part that both do."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(0, width) * max(0, height)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def _has_eyes(gray: NDArray[np.uint8], box: Box) -> bool:
    """Whether it has some contrast, and is no brighter where the eyes would be than on the cheeks."""
    x, y, width, height = box
    face = cv2.resize(gray[y : y + height, x : x + width], (24, 24), interpolation=cv2.INTER_AREA).astype(np.float32)
    eyes, cheeks = float(face[EYES, MIDST].mean()), float(face[CHEEKS, MIDST].mean())
    return bool(face.std() > CONTRAST * face.mean()) and eyes < GLARE * cheeks


def _has_skin(photo: Pixels, box: Box) -> bool:
    """Whether enough of the face has a color that skin has, be it light or dark; in a photo without colors, all has."""
    tints = cv2.cvtColor(photo, cv2.COLOR_RGB2YCrCb)[..., 1:].astype(np.float32) - 128
    if np.abs(tints).mean() < COLORLESS:
        return True
    x, y, width, height = box
    red, blue = np.moveaxis(tints[y + height // 5 : y + height, x + width // 5 : x + width - width // 5], -1, 0)
    return bool(((red > 4) & (red < 55) & (blue < 2) & (blue > -55) & (red > blue + 5)).mean() > SKIN)


def _head(box: Box, shape: tuple[int, ...]) -> Mask:
    """A soft ellipse (H, W) around the head whose face is in the box."""
    x, y, width, height = box
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    across = (columns - x - width / 2) / (width * HALF_WIDTH)
    down = (rows - y - height * MIDDLE) / (height * HALF_HEIGHT)
    inside: Mask = np.clip((1 + SOFT - np.hypot(across, down)) / (2 * SOFT), 0, 1).astype(np.float32)
    return inside
