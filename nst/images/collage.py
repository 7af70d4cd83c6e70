"""Downloads of several images: a row of images side by side, and a ZIP archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import numpy as np

from nst.errors import InputError
from nst.images import io as images
from nst.images.io import Pixels

GAP = 0.02  # fraction of the height, between the images and around them
LONGEST = 4096  # maximum width of a row in pixels: more than any screen shows


def side_by_side(pictures: Sequence[Pixels]) -> Pixels:
    """Return one uint8 RGB image of `pictures`, uint8 RGB (H, W, 3), in a row with gaps on white.

    All are scaled to the height of the last one, or to a smaller height if the row would be wider than 4096 pixels.
    Raises InputError if `pictures` is empty.
    """
    if not pictures:
        raise InputError("A row needs at least one picture; received none.")
    height = min(pictures[-1].shape[0], _highest(pictures))
    gap = max(1, round(height * GAP))
    fitted = [images.resize(each, (max(1, round(each.shape[1] * height / each.shape[0])), height)) for each in pictures]
    width = sum(each.shape[1] for each in fitted) + gap * (len(fitted) + 1)
    row, left = np.full((height + 2 * gap, width, 3), 255, np.uint8), gap
    for each in fitted:
        row[gap : gap + height, left : left + each.shape[1]] = each
        left += each.shape[1] + gap
    return row


def _highest(pictures: Sequence[Pixels]) -> int:
    """Return the height in pixels of the images at which their row, with gaps, is 4096 pixels wide."""
    aspect = sum(each.shape[1] / each.shape[0] for each in pictures) + GAP * (len(pictures) + 1)
    return max(1, int(LONGEST / aspect))


def bundle(files: Mapping[str, bytes]) -> bytes:
    """Return the bytes of a ZIP archive of `files`, the contents by file name, without further compression."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()
