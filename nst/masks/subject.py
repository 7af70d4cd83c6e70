"""The subject of a photo, which is what a box is drawn around, or else what stands out; and the rest of it."""

from __future__ import annotations

from math import ceil, floor

import cv2
import numpy as np

from nst.errors import InputError
from nst.images.io import Pixels
from nst.masks import faces
from nst.masks.grabcut import IN, MAYBE_IN, MAYBE_OUT, OUT, Seeds, cut, large_parts
from nst.masks.saliency import saliency
from nst.masks.sky import sky
from nst.masks.working_size import Mask, enlarged, nothing, small, without_grain

Box = tuple[float, float, float, float]  # x and y of the upper left corner, width and height, in the photo's pixels

SIDE = 400  # pixels of the long side that it is looked for at
SURE = 0.5  # between the threshold and the highest saliency, or the lowest: beyond it there is no doubt
PARTS = 0.2  # of the largest: smaller ones are no part of the subject
LEAST = 0.002  # of the photo; less is nothing


def subject(photo: Pixels, box: Box | None = None) -> Mask:
    """The subject of uint8 RGB (H, W, 3), float32 (H, W) in [0, 1]; all 0 where nothing stands out.

    `box` is (x, y, width, height) in pixels and holds all of it, and some of what is around it. Raises InputError for
    a box that is not in the photo, or holds all of it.
    """
    reduced = without_grain(small(photo, SIDE))
    seeds = _guess(reduced) if box is None else _boxed(reduced, _placed(box, photo, reduced))
    found = large_parts(cut(reduced, seeds), PARTS)
    return enlarged(found, photo) if found.mean() >= LEAST else nothing(photo)


def background(photo: Pixels, box: Box | None = None) -> Mask:
    """All that subject() leaves of the photo; all 0 where it found no subject, for then nothing is behind it."""
    found = subject(photo, box)
    return 1 - found if found.any() else found


def _guess(photo: Pixels) -> Seeds:
    """Inside is what is more salient than Otsu's threshold, and people; not the sky."""
    levels = np.rint(saliency(photo) * 255).astype(np.uint8)
    limit, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)
    low, high = float(levels.min()), float(levels.max())
    seeds = np.where(levels > limit, MAYBE_IN, MAYBE_OUT).astype(np.uint8)
    seeds[levels > limit + (high - limit) * SURE] = IN
    seeds[levels < limit - (limit - low) * SURE] = OUT
    seeds[sky(photo) > 0.5] = OUT
    for face in faces.found(photo):
        _add_person(seeds, face)
    return seeds


def _add_person(seeds: Seeds, face: faces.Box) -> None:
    """A face and what is right below it are inside; so may be what is around that, though it reach the lower border."""
    x, y, width, height = face
    chin, middle = y + height, x + width // 2
    around = seeds[chin : chin + 4 * height, max(0, middle - 3 * width // 2) : middle + 3 * width // 2]
    around[around == OUT] = MAYBE_OUT
    body = seeds[chin : chin + 3 * height, max(0, middle - 3 * width // 4) : middle + 3 * width // 4]
    body[body == MAYBE_OUT] = MAYBE_IN
    seeds[y : chin + height, x + width // 4 : x + 3 * width // 4] = IN


def _boxed(photo: Pixels, box: tuple[int, int, int, int]) -> Seeds:
    left, top, right, bottom = box
    seeds = np.full(photo.shape[:2], OUT, np.uint8)
    seeds[top:bottom, left:right] = MAYBE_IN
    return seeds


def _placed(box: Box, photo: Pixels, reduced: Pixels) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the box in the small photo; what it left outside stays outside.

    Raises InputError.
    """
    height, width = photo.shape[:2]
    x, y, w, h = box
    left, top, right, bottom = max(0.0, x), max(0.0, y), min(width, x + w), min(height, y + h)
    if not (left < right and top < bottom and np.isfinite(box).all()):
        raise _unusable(box, photo, "it lies outside of it")
    if right - left >= width and bottom - top >= height:
        raise _unusable(box, photo, "it leaves nothing outside")
    across, down = reduced.shape[1] / width, reduced.shape[0] / height
    first, upper = ceil(left * across), ceil(top * down)
    return first, upper, max(first + 1, floor(right * across)), max(upper + 1, floor(bottom * down))


def _unusable(box: Box, photo: Pixels, problem: str) -> InputError:
    x, y, w, h = box
    return InputError(
        f"A box of {w:g} x {h:g} pixels at {x:g}, {y:g} cannot be used with a photo of {photo.shape[1]} x "
        f"{photo.shape[0]}: {problem}. Draw it around the subject, with a little room on all sides."
    )
