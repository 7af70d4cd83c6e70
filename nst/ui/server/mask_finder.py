"""Parts of photos, such as the sky: looked for once, off the page's own thread, and remembered for a while."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from nst.images import io as images
from nst.ui.state.pictures import RESULT_SIDE, Choice

Box = tuple[float, float, float, float]  # left, top, right and bottom in parts of width and height

REMEMBERED = 60  # masks; some ten kilobytes each


@dataclass(frozen=True)
class Found:
    """A part of a photo: `mask` is a PNG, white where it is; it is in so many pieces."""

    mask: bytes = field(repr=False)
    pieces: int

    @property
    def nothing(self) -> bool:
        """Whether the photo has no such part."""
        return self.pieces == 0


class Lookout:
    """Looks for parts of photos, one at a time, because all sessions share a machine that has pictures to paint."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "nst-lookout")
        self._lock = threading.Lock()
        self._asked: OrderedDict[tuple[str, str, Box | None], Future[Found]] = OrderedDict()

    def ask(self, part: str, photo: Choice, box: Box | None = None) -> Future[Found]:
        """Begin to look for "subject", "background", "sky", "faces" or "alpha", unless that was done before.

        `box` says where the subject is, and so where the background is not. The future raises InputError for a box
        that is of no use.
        """
        key = part, photo.token, box
        with self._lock:
            if key not in self._asked:
                self._asked[key] = self._pool.submit(_look, part, photo, box)
                while len(self._asked) > REMEMBERED:
                    self._asked.popitem(last=False)
            self._asked.move_to_end(key)
            return self._asked[key]

    def known(self, part: str, photo: Choice) -> Found | None:
        """What was found already."""
        with self._lock:
            asked = self._asked.get((part, photo.token, None))
        return asked.result() if asked is not None and asked.done() else None

    def close(self) -> None:
        """Let the thread end."""
        self._pool.shutdown(wait=False, cancel_futures=True)


@st.cache_resource(show_spinner=False, on_release=Lookout.close)
def lookout() -> Lookout:
    """The one of this server."""
    return Lookout()


def _look(part: str, photo: Choice, box: Box | None) -> Found:
    from nst import masks  # brings OpenCV and scikit-image, which the first paint must not wait for

    picture = images.read(photo.source, "photo")
    if part == "alpha":
        return _found(masks.alpha(picture))
    pixels = picture.rgb
    if part in {"sky", "faces"}:
        return _found((masks.sky if part == "sky" else masks.faces)(pixels))
    placed = None
    if box is not None:
        height, width = pixels.shape[:2]
        left, top, right, bottom = box
        placed = left * width, top * height, (right - left) * width, (bottom - top) * height
    return _found((masks.subject if part == "subject" else masks.background)(pixels, placed))


def _found(mask: NDArray[np.float32]) -> Found:
    """A mask, float32 (H, W) in [0, 1], as a file."""
    from scipy import ndimage  # the same

    white = images.to_pixels(mask)
    small = images.fit(white, min(RESULT_SIDE, max(mask.shape)))
    return Found(images.encode(small, "png"), ndimage.label(mask > 0.5)[1])
