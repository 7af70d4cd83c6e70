"""Faces in a photo, found by the networks of the library mtcnn (Zhang et al. 2016, arXiv:1604.02878), and their maps.

A face has a box and five landmarks: both eyes, the nose and the corners of the mouth.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from nst.images.io import Pixels
from nst.masks.working_size import Mask, resized, small
from nst.system.extras import extra

Box = tuple[int, int, int, int]  # left, top, width and height, in pixels
Point = tuple[float, float]  # x, y in pixels

SIDE = 640  # long side of the reduced image, in pixels
SURE = 0.95  # minimum confidence of a face; windows and knees of people reach 0.92
# Half width and half height of the head ellipse (hair included), and its center below the top of the face box, relative
# to the size of the box.
HALF_WIDTH, HALF_HEIGHT, MIDDLE = 0.75, 0.95, 0.42
SOFT = 0.15  # width of the soft edge on either side of the ellipse, relative to its radius
# The same for the ellipse of the face itself, from the hairline to the chin, whose edge must not show as a halo.
FACE_WIDTH, FACE_HEIGHT, FACE_MIDDLE, FACE_SOFT = 0.68, 0.72, 0.45, 0.25
SKIN = 0.5  # weight of a face outside of the eyes, the nose and the mouth, whose weight is 1
# Half width and half height of the soft spots around landmarks, relative to the distance between the eyes.
EYE, NOSE, MOUTH = (0.32, 0.2), (0.26, 0.3), (0.5, 0.24)
PROFILE = 0.3  # minimum distance between the eyes, relative to the width of the box: in profile, they coincide


@dataclass(frozen=True)
class Face:
    """A face: its box from brow to chin, and its landmarks, in pixels."""

    box: Box
    eyes: tuple[Point, Point]
    nose: Point
    mouth: tuple[Point, Point]  # corners

    def scaled(self, scale: float) -> Face:
        """Return the face in an image enlarged `scale` times."""

        def at(point: Point) -> Point:
            return point[0] * scale, point[1] * scale

        x, y, width, height = (round(value * scale) for value in self.box)
        eyes, mouth = ((at(pair[0]), at(pair[1])) for pair in (self.eyes, self.mouth))
        return Face((x, y, width, height), eyes, at(self.nose), mouth)


def find_faces(photo: Pixels) -> list[Face]:
    """Return the faces in uint8 RGB (H, W, 3). Imports TensorFlow; raises NstError without mtcnn."""
    reduced = small(photo, SIDE)
    with _detecting:
        found = _detector().detect_faces(np.ascontiguousarray(reduced))
    scale = max(photo.shape) / max(reduced.shape)
    return [_face(each).scaled(scale) for each in found if each["confidence"] >= SURE]


def faces(photo: Pixels) -> Mask:
    """Return a mask of all heads in uint8 RGB (H, W, 3): soft ellipses, float32 (H, W) in [0, 1]; all 0 if none."""
    return _drawn(_head, find_faces(photo), photo)


def likeness(photo: Pixels, found: Sequence[Face] | None = None) -> Mask:
    """Return how much each pixel of uint8 RGB (H, W, 3) matters for recognizing a face, float32 (H, W) in [0, 1].

    The weight is 1 at the eyes, the nose and the mouth, SKIN in the rest of a face and 0 elsewhere. `found` are the
    faces, by default those of find_faces(). For nst.Protection.
    """
    return _drawn(_likeness, find_faces(photo) if found is None else found, photo)


_detecting = threading.Lock()  # the detector is shared


@cache
def _detector() -> Any:
    with extra("masks", "mtcnn", "Finding faces needs mtcnn"):
        from mtcnn import MTCNN  # imports TensorFlow
    return MTCNN(device="CPU:0")


def _face(found: dict[str, Any]) -> Face:
    """Convert an entry of the detector's result."""
    x, y, width, height = (int(value) for value in found["box"])
    points: dict[str, Point] = {name: (float(px), float(py)) for name, (px, py) in found["keypoints"].items()}
    return Face(
        (x, y, width, height),
        (points["left_eye"], points["right_eye"]),
        points["nose"],
        (points["mouth_left"], points["mouth_right"]),
    )


def _drawn(draw: Any, found: Sequence[Face], photo: Pixels) -> Mask:
    """Return the maximum of draw(face, shape) over the faces, drawn at the working size, at the size of `photo`."""
    reduced = small(photo, SIDE)
    drawn = np.zeros(reduced.shape[:2], np.float32)
    for face in found:
        drawn = np.maximum(drawn, draw(face.scaled(max(reduced.shape) / max(photo.shape)), drawn.shape))
    return resized(drawn, photo)


def _head(face: Face, shape: tuple[int, int]) -> Mask:
    """Return a mask (H, W) with a soft ellipse around the head."""
    return _ellipse(face.box, shape, (HALF_WIDTH, HALF_HEIGHT), MIDDLE, SOFT)


def _likeness(face: Face, shape: tuple[int, int]) -> Mask:
    """Return likeness() of one face."""
    (left, right), corners = face.eyes, np.array(face.mouth)
    apart = max(float(np.hypot(right[0] - left[0], right[1] - left[1])), PROFILE * face.box[2])
    mouth = float(corners[:, 0].mean()), float(corners[:, 1].mean())
    places = ((left, EYE), (right, EYE), (face.nose, NOSE), (mouth, MOUTH))
    spots = np.max([_spot(point, apart * width, apart * height, shape) for point, (width, height) in places], axis=0)
    skin = _ellipse(face.box, shape, (FACE_WIDTH, FACE_HEIGHT), FACE_MIDDLE, FACE_SOFT)
    weights: Mask = skin * (SKIN + (1 - SKIN) * spots)
    return weights


def _ellipse(box: Box, shape: tuple[int, int], half: tuple[float, float], middle: float, soft: float) -> Mask:
    """Return a mask (H, W) with a soft ellipse; half axes and center are relative to the size of `box`."""
    x, y, width, height = box
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    across = (columns - x - width / 2) / (width * half[0])
    down = (rows - y - height * middle) / (height * half[1])
    inside: Mask = np.clip((1 + soft - np.hypot(across, down)) / (2 * soft), 0, 1).astype(np.float32)
    return inside


def _spot(center: Point, half_width: float, half_height: float, shape: tuple[int, int]) -> Mask:
    """Return a mask (H, W) of a spot with a flat top and a soft edge."""
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    distance = ((columns - center[0]) / half_width) ** 2 + ((rows - center[1]) / half_height) ** 2
    spot: Mask = np.exp(-(distance**2) / 2).astype(np.float32)
    return spot
