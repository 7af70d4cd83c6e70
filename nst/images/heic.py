"""HEIC files, and the color coding of AVIF files, which Pillow does not tell. Both are containers of one standard."""

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
    """The file is incomplete, or of a kind that libheif cannot decode."""


def decode(data: bytes, check: Callable[[Any], None]) -> Image.Image:
    """Decode a HEIC file. `check` is called before any pixel is decoded. Raises UnreadableError."""
    import pillow_heif

    with _plain_errors():
        file = pillow_heif.open_heif(BytesIO(data))
    check(file)
    with _plain_errors():
        return file.to_pillow()


def info(data: bytes) -> dict[str, Any]:
    """Return the metadata of a HEIC or AVIF file; {} if it is damaged, which decoding reports."""
    import pillow_heif

    try:
        return dict(pillow_heif.open_heif(BytesIO(data)).info)
    except (OSError, *DAMAGE):
        return {}


def coding(info: Mapping[Any, Any]) -> Coding | None:
    """Return the color coding in the metadata of a file, or None."""
    profile = info.get("nclx_profile")
    return profile and Coding.of_codes(int(profile["color_primaries"]), int(profile["transfer_characteristics"]))


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (OSError, *DAMAGE) as error:
        raise UnreadableError(" ".join(str(error).split())) from error  # messages of libheif have line breaks
