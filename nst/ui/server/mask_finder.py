"""Masks found in content images, such as the sky: computed once, in a thread of their own, and cached."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nst.images import io as images
from nst.ui.state.pictures import RESULT_SIDE, ImageChoice

Box = tuple[float, float, float, float]  # left, top, right and bottom as fractions of width and height

REMEMBERED = 60  # masks in the cache; about ten kilobytes each


@dataclass(frozen=True)
class Found:
    """A mask found in a content image: a PNG, white inside, with `pieces` connected components or faces."""

    mask: bytes = field(repr=False)
    pieces: int

    @property
    def nothing(self) -> bool:
        """Return True if the mask is empty."""
        return self.pieces == 0


class MaskFinder:
    """Mask finder with one worker thread, to leave the shared machine to the running jobs."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "nst-lookout")
        self._lock = threading.Lock()
        self._asked: OrderedDict[tuple[str, str, Box | None], Future[Found]] = OrderedDict()

    def ask(self, part: str, photo: ImageChoice, box: Box | None = None) -> Future[Found]:
        """Start the search for "subject", "background", "sky", "faces" or "alpha", or return the cached future.

        `box` encloses the subject; the background is the complement of the subject. The future raises InputError for
        an unusable box.
        """
        key = part, photo.token, box
        with self._lock:
            if key not in self._asked:
                self._asked[key] = self._pool.submit(_look, part, photo, box)
                while len(self._asked) > REMEMBERED:
                    self._asked.popitem(last=False)
            self._asked.move_to_end(key)
            return self._asked[key]

    def known(self, part: str, photo: ImageChoice) -> Found | None:
        """Return the mask of a finished search without box, or None."""
        with self._lock:
            asked = self._asked.get((part, photo.token, None))
        return asked.result() if asked is not None and asked.done() else None

    def close(self) -> None:
        """Cancel pending searches and end the thread, without waiting."""
        self._pool.shutdown(wait=False, cancel_futures=True)


@st.cache_resource(show_spinner=False, on_release=MaskFinder.close)
def mask_finder() -> MaskFinder:
    """Return the mask finder of this server."""
    return MaskFinder()


def _look(part: str, photo: ImageChoice, box: Box | None) -> Found:
    from nst import masks  # imports OpenCV and scikit-image, too slow before the first paint

    picture = images.read(photo.source, "photo")
    if part == "alpha":
        return _found(masks.alpha(picture))
    pixels = picture.rgb
    if part == "sky":
        return _found(masks.sky(pixels))
    if part == "faces":
        faces = masks.find_faces(pixels)
        return replace(_found(masks.likeness(pixels, faces)), pieces=len(faces))
    placed = None
    if box is not None:
        height, width = pixels.shape[:2]
        left, top, right, bottom = box
        placed = left * width, top * height, (right - left) * width, (bottom - top) * height
    return _found((masks.subject if part == "subject" else masks.background)(pixels, placed))


def _found(mask: NDArray[np.float32]) -> Found:
    """Encode a mask, float32 (H, W) in [0, 1], as a PNG with a long side of at most RESULT_SIDE pixels."""
    from scipy import ndimage  # imported on use, as above

    white = images.to_pixels(mask)
    small = images.fit(white, min(RESULT_SIDE, max(mask.shape)))
    return Found(images.encode(small, "png"), ndimage.label(mask > 0.5)[1])
