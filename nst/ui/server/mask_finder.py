"""Masks found in content images, such as the sky: computed once, in a background thread, and cached."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nst.images import io as images
from nst.ui.state.page_mask import PageMask
from nst.ui.state.pictures import RESULT_SIDE, ImageChoice, decoded

Box = tuple[float, float, float, float]  # left, top, right and bottom as fractions of width and height

REMEMBERED = 40  # masks in the cache, of up to one megabyte


@dataclass(frozen=True)
class Found:
    """Mask found in a content image; `pieces` is its number of connected components or of faces."""

    mask: PageMask
    pieces: int

    @property
    def nothing(self) -> bool:
        """True if the mask is empty."""
        return self.pieces == 0


class MaskFinder:
    """Searches for masks, made one at a time in a worker thread, because running jobs need the other processors."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "nst-lookout")
        self._lock = threading.Lock()
        self._asked: OrderedDict[tuple[str, str, Box | None], Future[Found]] = OrderedDict()

    def ask(self, part: str, photo: ImageChoice, box: Box | None = None) -> Future[Found]:
        """Start the search for a region of a content image, and return the future of its mask.

        An equal search started before is not repeated: its future is returned, if still cached. `part` is "subject",
        "background", "sky", "faces" or "alpha" (opaque pixels). `box` encloses the subject; the background is the
        complement of the subject. The future raises InputError if the box is unusable or the image cannot be decoded.
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
        """Return the mask of a finished search for `part` without a box; None if no such search is finished."""
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

    picture, placed = decoded(photo), None
    if part == "faces":
        faces = masks.find_faces(picture.rgb)
        return replace(_found(masks.likeness(picture.rgb, faces)), pieces=len(faces))
    if box is not None:
        height, width = picture.rgb.shape[:2]
        left, top, right, bottom = box
        placed = left * width, top * height, (right - left) * width, (bottom - top) * height
    return _found(masks.find(part, picture, placed))


def _found(mask: NDArray[np.float32]) -> Found:
    """Return a mask, float32 (H, W) in [0, 1], as a Found, scaled down to at most RESULT_SIDE pixels a side."""
    from scipy import ndimage  # imported on use, as above

    white = images.to_pixels(mask)
    small = images.fit(white, min(RESULT_SIDE, max(mask.shape)))
    return Found(PageMask.of(small), ndimage.label(mask > 0.5)[1])
