"""JPEG files that lack their end marker, or pixels. See ITU-T T.81, B.1.1 for markers."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

END = b"\xff\xd9"
# Two continuations of the compressed data. A decoder ignores them if it has all pixels, and otherwise decodes each to
# different ones.
_CONTINUATIONS = (bytes(4096), b"\x7f" * 4096)
_FILLER = bytes(512)  # downloads that were broken off may be filled up with zeros; so many are no compressed data
_GRAY = {127, 128}  # samples of pixels for which libjpeg found no data; 127 in CMYK


class IncompleteError(OSError):
    """The file lacks pixels."""


def decode(data: bytes, at_least: int | None) -> Image.Image:
    """Decode a JPEG file, also without its end marker. See images.io.read() for `at_least`.

    Raises IncompleteError if pixels are missing, and OSError or SyntaxError for other damage.
    """
    body = data[: _end(data)]
    if not data.startswith(END, len(body)) or data.endswith(_FILLER):
        return _completed(body, at_least)
    image = _decoded(data, at_least)
    corner = image.getpixel((image.width - 1, image.height - 1))
    # A file may also end too early with an end marker. To decode twice would be too slow for every file.
    is_suspect = "progressive" in image.info or _GRAY.issuperset(corner if isinstance(corner, tuple) else (corner,))
    return _completed(body, at_least) if is_suspect else image


def _decoded(data: bytes, at_least: int | None) -> Image.Image:
    image = JpegImageFile(BytesIO(data))
    if at_least is not None:
        image.draft(None, (at_least, at_least))
    image.load()
    return image


def _completed(body: bytes, at_least: int | None) -> Image.Image:
    """Decode a file without its end marker. Raises IncompleteError if the result depends on what follows."""
    try:
        image, other = (_decoded(body + more + END, at_least) for more in _CONTINUATIONS)
    except OSError as error:
        raise IncompleteError("image file is truncated") from error
    if not np.array_equal(np.asarray(image), np.asarray(other)):
        raise IncompleteError("image file is truncated")
    return image


def _end(data: bytes) -> int:
    """Return where the end marker of the first image is or belongs."""
    place = 2
    while (
        data[place : place + 1] == b"\xff" and data[place + 1 : place + 2] != b"\xda"
    ):  # segments up to the first scan
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    end = data.find(END, place)
    if end >= 0:
        return end
    body = data.rstrip(b"\0") if data.endswith(_FILLER) else data
    return len(body) - body.endswith(b"\xff")  # half of the marker, or of a byte
