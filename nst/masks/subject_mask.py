"""Masks of the subject (inside a given box, or else the salient object) and of the background."""

from __future__ import annotations

from math import ceil, floor

import cv2
import numpy as np

from nst.errors import InputError
from nst.images.io import Pixels
from nst.masks import faces_mask
from nst.masks.grabcut import IN, MAYBE_IN, MAYBE_OUT, OUT, Seeds, cut, large_parts
from nst.masks.saliency import saliency
from nst.masks.sky_mask import sky
from nst.masks.working_size import Mask, enlarged, nothing, small, without_grain

Box = tuple[float, float, float, float]  # x and y of the upper left corner, width, height; in pixels of the full image

SIDE = 400  # long side of the reduced image, in pixels
SURE = 0.5  # relative position from threshold to extreme saliency beyond which a seed is certain
PARTS = 0.2  # minimum area of a component of the subject, relative to the largest
LEAST = 0.002  # minimum share of the image that is subject


def subject(photo: Pixels, box: Box | None = None) -> Mask:
    """Return a mask of the subject in uint8 RGB (H, W, 3), float32 (H, W) in [0, 1]; all 0 if there is none.

    `box` is (x, y, width, height) in pixels and must contain the whole subject with a margin. Raises InputError if
    the box lies outside the image or covers all of it.
    """
    reduced = without_grain(small(photo, SIDE))
    seeds = _guess(reduced) if box is None else _boxed(reduced, _placed(box, photo, reduced))
    found = large_parts(cut(reduced, seeds), PARTS)
    return enlarged(found, photo) if found.mean() >= LEAST else nothing(photo)


def background(photo: Pixels, box: Box | None = None) -> Mask:
    """Return 1 minus the mask of subject() with the same arguments, or all 0 if no subject was found."""
    found = subject(photo, box)
    return 1 - found if found.any() else found


def _guess(photo: Pixels) -> Seeds:
    """Return GrabCut seeds (H, W) for an image, without a box.

    Pixels with a saliency above Otsu's threshold and people are foreground; the sky is background.
    """
    levels = np.rint(saliency(photo) * 255).astype(np.uint8)
    limit, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)
    low, high = float(levels.min()), float(levels.max())
    seeds = np.where(levels > limit, MAYBE_IN, MAYBE_OUT).astype(np.uint8)
    seeds[levels > limit + (high - limit) * SURE] = IN
    seeds[levels < limit - (limit - low) * SURE] = OUT
    seeds[sky(photo) > 0.5] = OUT
    for face in faces_mask.find_faces(photo):
        _add_person(seeds, face.box)
    return seeds


def _add_person(seeds: Seeds, face: faces_mask.Box) -> None:
    """Mark a face box as foreground and the body below it as probable foreground, in place in `seeds`.

    A wider area around the body becomes uncertain where it was certain background, because a person may reach the
    lower border, which the saliency takes for background.
    """
    x, y, width, height = face
    chin, middle = y + height, x + width // 2
    half = 3 * max(width, height) // 4  # half the width of a body
    around = seeds[chin : chin + 4 * height, max(0, middle - 2 * half) : middle + 2 * half]
    around[around == OUT] = MAYBE_OUT
    body = seeds[chin : chin + 3 * height, max(0, middle - half) : middle + half]
    body[body == MAYBE_OUT] = MAYBE_IN
    seeds[y : chin + height, x + width // 4 : x + 3 * width // 4] = IN


def _boxed(photo: Pixels, box: tuple[int, int, int, int]) -> Seeds:
    left, top, right, bottom = box
    seeds = np.full(photo.shape[:2], OUT, np.uint8)
    seeds[top:bottom, left:right] = MAYBE_IN
    return seeds


def _placed(box: Box, photo: Pixels, reduced: Pixels) -> tuple[int, int, int, int]:
    """Convert a box in pixels of `photo` to (left, top, right, bottom) in pixels of `reduced`, rounded inward.

    Raises InputError if the box lies outside the image or covers all of it.
    """
    height, width = photo.shape[:2]
    x, y, w, h = box
    left, top, right, bottom = max(0.0, x), max(0.0, y), min(width, x + w), min(height, y + h)
    if not (left < right and top < bottom and np.isfinite(box).all()):
        raise _unusable(box, photo, "it lies outside the photo")
    if right - left >= width and bottom - top >= height:
        raise _unusable(box, photo, "it covers the whole photo")
    across, down = reduced.shape[1] / width, reduced.shape[0] / height
    first, upper = ceil(left * across), ceil(top * down)
    return first, upper, max(first + 1, floor(right * across)), max(upper + 1, floor(bottom * down))


def _unusable(box: Box, photo: Pixels, problem: str) -> InputError:
    x, y, w, h = box
    return InputError(
        f"A box of {w:g} x {h:g} pixels at {x:g}, {y:g} cannot be used with a photo of {photo.shape[1]} x "
        f"{photo.shape[0]}: {problem}. Draw it around the subject, with some space on all sides."
    )
