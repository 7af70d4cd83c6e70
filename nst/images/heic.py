"""Decoding of HEIC files, and the color coding of HEIC and AVIF files.

Both are containers of one standard. Pillow does not report the color coding of AVIF, so pillow_heif reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from nst.images.color_space import Coding
from nst.images.formats import DAMAGE

if TYPE_CHECKING:  # pillow_heif is imported on use: most pictures do not need it
    from PIL import Image


class UnreadableError(OSError):
    """Error of decode(): the HEIC file is incomplete, or of a kind that libheif cannot decode."""


def decode(data: bytes, check: Callable[[Any], None]) -> Image.Image:
    """Decode the bytes of a HEIC file to a Pillow image.

    `check` is called with the opened file before any pixel is decoded; its errors are passed on. Raises UnreadableError
    if the file is incomplete or not supported.
    """
    import pillow_heif

    with _plain_errors():
        file = pillow_heif.open_heif(BytesIO(data))
    check(file)
    with _plain_errors():
        return file.to_pillow()


def info(data: bytes) -> dict[str, Any]:
    """Return the metadata of a HEIC or AVIF file, by pillow_heif's keys; an empty dictionary if damaged."""
    import pillow_heif

    try:
        return dict(pillow_heif.open_heif(BytesIO(data)).info)
    except (OSError, *DAMAGE):
        return {}


def coding(info: Mapping[Any, Any]) -> Coding | None:
    """Return the color coding in the metadata from info(), or None if missing or unknown."""
    profile = info.get("nclx_profile")
    return profile and Coding.of_codes(int(profile["color_primaries"]), int(profile["transfer_characteristics"]))


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (OSError, *DAMAGE) as error:
        raise UnreadableError(" ".join(str(error).split())) from error  # messages of libheif have line breaks
