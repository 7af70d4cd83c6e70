"""Pictures as the page shows them: data URIs, which leave nothing behind on the server.

`st.image` given pixels keeps every picture in memory for its session; given a data URI it keeps none.
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

THUMBNAIL_SIDE = 168  # about twice what is shown, for sharp screens
PREVIEW_SIDE = 512
RESULT_SIDE = 1024


@dataclass(frozen=True)
class Choice:
    """A picture that a person can choose; `token` tells it from all others."""

    token: str
    name: str
    alt: str
    source: Source = field(repr=False, compare=False)


@dataclass(frozen=True)
class Shown:
    """A picture ready for the page, with its size (width, height) in pixels."""

    uri: str
    size: tuple[int, int]


def shown(pixels: NDArray[np.uint8], long_side: int, quality: int = 80) -> Shown:
    """uint8 RGB (H, W, 3) or RGBA (H, W, 4), scaled down to a long side where it is larger."""
    small = images.fit(pixels, min(long_side, max(pixels.shape[:2])))
    height, width, channels = small.shape
    # WebP would be two thirds as long, but takes twenty times as long to make, from the time of the run it shows.
    return Shown(_uri(small, "jpeg" if channels == 3 else "webp", quality), (width, height))


def _uri(pixels: NDArray[np.uint8], format: str, quality: int) -> str:
    return f"data:image/{format};base64,{b64encode(images.encode(pixels, format, quality)).decode()}"


@st.cache_data(max_entries=200, show_spinner=False)
def _thumbnail(token: str, _source: Source) -> str:  # noqa: ARG001 (the cache goes by the token)
    rgb = trained_style.pixels(_source, THUMBNAIL_SIDE)
    square = ImageOps.fit(Image.fromarray(rgb), (THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    # A first visitor waits for two dozen of them: JPEG is soon made, and a browser reads a long text for each.
    return _uri(np.array(square), "jpeg", 75)


@st.cache_data(max_entries=40, show_spinner=False)
def _preview(token: str, _source: Source) -> Shown:  # noqa: ARG001 (the cache goes by the token)
    return shown(trained_style.pixels(_source, RESULT_SIDE), RESULT_SIDE, 85)


@st.cache_data(max_entries=40, show_spinner=False)
def _is_transparent(token: str, _source: Source) -> bool:  # noqa: ARG001 (the cache goes by the token)
    return images.read(_source, "photo").alpha is not None


def is_transparent(photo: Choice) -> bool:
    """Whether a photo is transparent somewhere."""
    return _is_transparent(photo.token, photo.source)


def thumbnail(choice: Choice) -> str:
    """A square cut of a picture, as a data URI."""
    return _thumbnail(choice.token, choice.source)


def preview(choice: Choice) -> Shown:
    """A picture at the size that the page shows results at."""
    return _preview(choice.token, choice.source)
