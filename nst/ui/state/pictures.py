"""Images that users choose: decoded once for all sessions, and encoded for the page.

The page receives images as data URIs, which occupy no server memory: `st.image` keeps pixel arrays for the whole
session.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image, ImageOps

from nst.images import io as images
from nst.images.io import Picture, Pixels, Source
from nst.models.stylizers import trained_style
from nst.system.recent import Recent

THUMBNAIL_SIDE = 168  # pixels; about twice the displayed size, for high-density screens
PREVIEW_SIDE = 512
RESULT_SIDE = 1024

# Decoded images of all sessions by token, limited in bytes. Larger images, of more than 21 megapixels, are decoded on
# each use; the small values derived from them are cached below.
_decoded = Recent(64_000_000)


@dataclass(frozen=True)
class ImageChoice:
    """Image that the user can choose, identified by its unique `token`.

    `name` is the display name, `alt` the alternative text, and `source` the image file, or pixels of a result.
    """

    token: str
    name: str
    alt: str
    source: Source = field(repr=False, compare=False)


def decoded(choice: ImageChoice) -> Picture:
    """Return the decoded image, from a cache if possible. The caller must not change its arrays.

    For a trained style, return its style image. Raises InputError if the file cannot be decoded.
    """
    trained = trained_style.find(choice.source)
    return decoded_file(choice, choice.name) if trained is None else Picture(trained.picture)


def decoded_file(choice: ImageChoice, label: str) -> Picture:
    """Return decoded() of an image file that is not a trained style.

    Raises InputError if the file cannot be decoded; the message calls the file `label`.
    """
    picture: Picture = _decoded.get(choice.token, _bytes, lambda: images.read(choice.source, label))
    return picture


def _bytes(picture: Picture) -> int:
    """Return the memory of a decoded image in bytes.

    A transparent image has three RGB versions (on white, as stored, filled) and the alpha channel.
    """
    pixels: int = picture.rgb.shape[0] * picture.rgb.shape[1]
    return pixels * (3 if picture.alpha is None else 3 + 3 + 3 + 1)


@dataclass(frozen=True)
class PageImage:
    """Image encoded for the page as a data URI, with its `size` (width, height) in pixels."""

    uri: str
    size: tuple[int, int]


def shown(pixels: NDArray[np.uint8], long_side: int, quality: int = 80) -> PageImage:
    """Encode uint8 pixels for the page: RGB (H, W, 3) as JPEG, RGBA (H, W, 4) as WebP.

    A larger image is scaled down to `long_side` pixels on the long side. `quality` is the encoder's, from 0 to 100.
    """
    small = images.fit(pixels, min(long_side, max(pixels.shape[:2])))
    height, width, channels = small.shape
    # WebP for RGB would be a third smaller, but encoding takes twenty times as long and slows the displayed run down.
    return PageImage(_uri(small, "jpeg" if channels == 3 else "webp", quality), (width, height))


def _uri(pixels: NDArray[np.uint8], format: str, quality: int) -> str:
    return f"data:image/{format};base64,{b64encode(images.encode(pixels, format, quality)).decode()}"


@st.cache_data(max_entries=200, show_spinner=False)
def _thumbnail(token: str, _choice: ImageChoice) -> str:  # noqa: ARG001 (the token is the cache key)
    square = ImageOps.fit(
        Image.fromarray(_at_least(THUMBNAIL_SIDE, _choice)), (THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS
    )
    # The first page view needs about two dozen thumbnails: JPEG is fast to encode, and quality 75 keeps the URIs short.
    return _uri(np.array(square), "jpeg", 75)


@st.cache_data(max_entries=40, show_spinner=False)
def _preview(token: str, _choice: ImageChoice) -> PageImage:  # noqa: ARG001 (the token is the cache key)
    return shown(_at_least(RESULT_SIDE, _choice), RESULT_SIDE, 85)


@st.cache_data(max_entries=40, show_spinner=False)
def _is_transparent(token: str, _choice: ImageChoice) -> bool:  # noqa: ARG001 (the token is the cache key)
    return decoded(_choice).alpha is not None


def _at_least(side: int, choice: ImageChoice) -> Pixels:
    """Return the pixels of an image, uint8 RGB, with at least `side` pixels per side if the image has as many.

    A JPEG file may be decoded at reduced size: the many samples of a gallery would fill the cache of decoded images,
    and small versions are faster to read.
    """
    if isinstance(choice.source, np.ndarray):
        return choice.source  # a result, of any shape: a panorama's may be too narrow to be accepted as an input
    known: Picture | None = _decoded.known(choice.token)
    return trained_style.pixels(choice.source, side) if known is None else known.rgb


def is_transparent(photo: ImageChoice) -> bool:
    """Return True if the content image has an alpha channel with transparent pixels. Cached per image."""
    return _is_transparent(photo.token, photo)


def thumbnail(choice: ImageChoice) -> str:
    """Return a square thumbnail of an image, THUMBNAIL_SIDE pixels a side, as a data URI. Cached."""
    return _thumbnail(choice.token, choice)


def preview(choice: ImageChoice) -> PageImage:
    """Return an image for the result view, at most RESULT_SIDE pixels on the long side. Cached."""
    return _preview(choice.token, choice)
