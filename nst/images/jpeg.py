"""Decoding of JPEG files without an end marker, and detection of missing pixels. See ITU-T T.81, B.1.1 for markers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

END = b"\xff\xd9"
# Continuation of the compressed data: a decoder ignores it if it has all pixels, and otherwise decodes it to pixels,
# where it would fill up with gray at the end marker. One part may follow each of the markers RST0 to RST7.
_MORE = b"\x7f" * 4096 + b"".join(bytes([0xFF, marker]) + b"\x7f" * 256 for marker in range(0xD0, 0xD8))
_FILLER = bytes(512)  # downloads that were broken off may be filled up with zeros; so many are no compressed data
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # except for those within a scan
_ARITHMETIC = {b"\xff\xc9", b"\xff\xca"}  # frames of which an encoder may drop the last bytes (T.81, D.1.8)


class IncompleteError(OSError):
    """Error of decode(): the JPEG file lacks pixels."""

    def __init__(self) -> None:
        super().__init__("image file is truncated")


def decode(data: bytes, at_least: int | None) -> Image.Image:
    """Decode the bytes of a JPEG file, also if its end marker is missing.

    With `at_least`, the image is decoded at 1/2, 1/4 or 1/8 of its size as long as each side keeps that many pixels.
    Raises IncompleteError if pixels are missing, OSError or SyntaxError if the file has other damage. Files are decoded
    twice, because Pillow discards libjpeg's warning about missing pixels.
    """
    markers = dict(_markers(data))
    end = markers.get(END, len(data.rstrip(b"\0") if data.endswith(_FILLER) else data))
    body = data[:end].rstrip(b"\xff")  # half of a marker, or fill bytes
    try:
        image = _decoded(body + END, at_least)
    except OSError as error:
        if END in markers and not data.endswith(_FILLER):
            raise
        raise IncompleteError from error
    if not _ARITHMETIC.isdisjoint(markers):
        return image
    try:
        is_complete = np.array_equal(np.asarray(image), np.asarray(_decoded(body + _MORE + END, at_least)))
    except OSError as error:
        raise IncompleteError from error
    if not is_complete:
        raise IncompleteError
    return image


def _decoded(data: bytes, at_least: int | None) -> Image.Image:
    image = JpegImageFile(BytesIO(data))
    if at_least is not None:
        image.draft(None, (at_least, at_least))
    image.load()
    return image


def _markers(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield each marker of the first image with its byte offset, up to the end marker if present."""
    place = 2
    while (found := _MARKER.search(data, place)) is not None:
        yield found.group(), found.start()
        if found.group() == END:
            return
        place = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")  # after the segment
