"""What is taken home besides the picture: pictures side by side, and many files in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import numpy as np

from nst.errors import InputError
from nst.images import io as images
from nst.images.io import Pixels

GAP = 0.02  # of the height, between the pictures and around them
LONGEST = 4096  # pixels of a row's long side: more, no screen shows


def side_by_side(pictures: Sequence[Pixels]) -> Pixels:
    """Pictures, uint8 RGB (H, W, 3), in a row on white, all as high as the last one; lower where the row gets too long.

    Raises InputError for no pictures.
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
    """Height in pixels at which a row of the pictures is as long as it may be."""
    aspect = sum(each.shape[1] / each.shape[0] for each in pictures) + GAP * (len(pictures) + 1)
    return max(1, int(LONGEST / aspect))


def bundle(files: Mapping[str, bytes]) -> bytes:
    """A ZIP file of files by their name; they are as small already as they get."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()
