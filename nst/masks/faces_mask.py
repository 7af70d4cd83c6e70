"""Face detection with the local binary pattern (LBP) cascade of scikit-image.

The cascade alone has false positives in leaves and walls. A detection is accepted only if it also appears at the same
position in the mirrored image, if the eyes are not clearly brighter than the cheeks, and, in a color image, if its
colors are skin tones.
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

SIDE = 640  # long side of the reduced image, in pixels
SMALLEST = 24  # smallest face in the reduced image, in pixels: the window size the cascade was trained with
NEIGHBORS = 4  # minimum number of overlapping detections per face
SAME = 0.4  # minimum intersection over union of two boxes of the same face
SKIN = 0.35  # minimum share of skin-toned pixels in a face
COLORLESS = 2.0  # mean |Cr - 128| and |Cb - 128| below which an image counts as black and white
CONTRAST = 0.2  # minimum standard deviation of a face's brightness, relative to its mean; walls have less
EYES, CHEEKS, MIDST = (slice(5, 11), slice(12, 17), slice(3, 21))  # eye rows, cheek rows, columns; face at 24 x 24
GLARE = 1.2  # maximum brightness of the eyes, relative to the cheeks
# Half width and half height of the head ellipse (hair included), and its center below the top of the face box, relative
# to the size of the box.
HALF_WIDTH, HALF_HEIGHT, MIDDLE = 0.75, 0.95, 0.42
SOFT = 0.15  # width of the soft edge on either side of the ellipse, relative to its radius


def faces(photo: Pixels) -> Mask:
    """Return a mask of all heads in uint8 RGB (H, W, 3): soft ellipses, float32 (H, W) in [0, 1]; all 0 if none."""
    reduced = small(photo, SIDE)
    boxes = found(reduced)
    if not boxes:
        return nothing(photo)
    heads = np.max([_head(box, reduced.shape[:2]) for box in boxes], axis=0)
    return resized(heads, photo)


def found(photo: Pixels) -> list[Box]:
    """Return the boxes (left, top, width, height), from brow to chin, of the faces in uint8 RGB (H, W, 3)."""
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
    """Return the intersection over union of two boxes, in [0, 1]."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(0, width) * max(0, height)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def _has_eyes(gray: NDArray[np.uint8], box: Box) -> bool:
    """Return True if a face box has enough contrast and the eyes are less than GLARE times as bright as the cheeks."""
    x, y, width, height = box
    face = cv2.resize(gray[y : y + height, x : x + width], (24, 24), interpolation=cv2.INTER_AREA).astype(np.float32)
    eyes, cheeks = float(face[EYES, MIDST].mean()), float(face[CHEEKS, MIDST].mean())
    return bool(face.std() > CONTRAST * face.mean()) and eyes < GLARE * cheeks


def _has_skin(photo: Pixels, box: Box) -> bool:
    """Return True if more than SKIN of a face box has skin tones, light or dark, or if the image is black and white."""
    tints = cv2.cvtColor(photo, cv2.COLOR_RGB2YCrCb)[..., 1:].astype(np.float32) - 128
    if np.abs(tints).mean() < COLORLESS:
        return True
    x, y, width, height = box
    red, blue = np.moveaxis(tints[y + height // 5 : y + height, x + width // 5 : x + width - width // 5], -1, 0)
    return bool(((red > 4) & (red < 55) & (blue < 2) & (blue > -55) & (red > blue + 5)).mean() > SKIN)


def _head(box: Box, shape: tuple[int, ...]) -> Mask:
    """Return a mask of `shape` (H, W) with a soft ellipse around the head that belongs to a face box."""
    x, y, width, height = box
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    across = (columns - x - width / 2) / (width * HALF_WIDTH)
    down = (rows - y - height * MIDDLE) / (height * HALF_HEIGHT)
    inside: Mask = np.clip((1 + SOFT - np.hypot(across, down)) / (2 * SOFT), 0, 1).astype(np.float32)
    return inside
