"""Images encoded for the page as data URIs, which occupy no server memory.

`st.image` keeps pixel arrays in memory for the whole session, but not data URIs.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image, ImageOps

from nst.images import io as images
from nst.images.io import Source
from nst.models.stylizers import trained_style

THUMBNAIL_SIDE = 168  # pixels; about twice the displayed size, for high-density screens
PREVIEW_SIDE = 512
RESULT_SIDE = 1024


@dataclass(frozen=True)
class ImageChoice:
    """An image that the user can choose, identified by its unique `token`."""

    token: str
    name: str
    alt: str
    source: Source = field(repr=False, compare=False)


@dataclass(frozen=True)
class PageImage:
    """An image encoded for the page, with its size (width, height) in pixels."""

    uri: str
    size: tuple[int, int]


def shown(pixels: NDArray[np.uint8], long_side: int, quality: int = 80) -> PageImage:
    """Encode uint8 RGB (H, W, 3) as JPEG or RGBA (H, W, 4) as WebP, with a long side of at most `long_side` pixels."""
    small = images.fit(pixels, min(long_side, max(pixels.shape[:2])))
    height, width, channels = small.shape
    # WebP for RGB would be a third smaller, but encoding takes twenty times as long and slows the displayed run down.
    return PageImage(_uri(small, "jpeg" if channels == 3 else "webp", quality), (width, height))


def _uri(pixels: NDArray[np.uint8], format: str, quality: int) -> str:
    return f"data:image/{format};base64,{b64encode(images.encode(pixels, format, quality)).decode()}"


@st.cache_data(max_entries=200, show_spinner=False)
def _thumbnail(token: str, _source: Source) -> str:  # noqa: ARG001 (the token is the cache key)
    # Results are arrays of any shape: a panorama's may be too narrow to be accepted as an input.
    rgb = _source if isinstance(_source, np.ndarray) else trained_style.pixels(_source, THUMBNAIL_SIDE)
    square = ImageOps.fit(Image.fromarray(rgb), (THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    # The first page view needs about two dozen thumbnails: JPEG is fast to encode, and quality 75 keeps the URIs short.
    return _uri(np.array(square), "jpeg", 75)


@st.cache_data(max_entries=40, show_spinner=False)
def _preview(token: str, _source: Source) -> PageImage:  # noqa: ARG001 (the token is the cache key)
    return shown(trained_style.pixels(_source, RESULT_SIDE), RESULT_SIDE, 85)


@st.cache_data(max_entries=40, show_spinner=False)
def _is_transparent(token: str, _source: Source) -> bool:  # noqa: ARG001 (the token is the cache key)
    return images.read(_source, "photo").alpha is not None


def is_transparent(photo: ImageChoice) -> bool:
    """Return True if a content image has transparency."""
    return _is_transparent(photo.token, photo.source)


def thumbnail(choice: ImageChoice) -> str:
    """Return a square thumbnail of an image as a data URI."""
    return _thumbnail(choice.token, choice.source)


def preview(choice: ImageChoice) -> PageImage:
    """Return an image at the size at which the page shows results."""
    return _preview(choice.token, choice.source)
