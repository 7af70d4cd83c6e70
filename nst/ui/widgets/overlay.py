"""A photo with a part of it marked: that part keeps its color, the rest is gray and pale."""

from __future__ import annotations

import numpy as np
import streamlit as st

from nst.images import io as images
from nst.images.io import Source
from nst.run import regions
from nst.run.regions import Region
from nst.ui.state.pictures import PREVIEW_SIDE, Choice, Shown, shown

PALE = 0.4  # of the contrast is left to the rest; board.css says the same to the browser


def plain(photo: Choice) -> Shown:
    """The photo as large as overlays are."""
    return _plain(photo.token, photo.source)


def overlay(photo: Choice, mask: bytes, feather: float) -> Shown:
    """The photo with what a mask is white for, as soft at the edge as it will be. Raises InputError."""
    return _overlay(photo.token, mask, feather, photo.source)


@st.cache_data(max_entries=40, show_spinner=False)
def _plain(token: str, _source: Source) -> Shown:  # noqa: ARG001 (the cache goes by the token)
    return shown(images.read(_source, "photo").rgb, PREVIEW_SIDE)


@st.cache_data(max_entries=40, show_spinner=False)
def _overlay(token: str, mask: bytes, feather: float, _source: Source) -> Shown:  # noqa: ARG001 (as above)
    rgb = images.read(_source, "photo").rgb
    photo = images.fit(rgb, min(PREVIEW_SIDE, max(rgb.shape)))
    share = regions.soft(Region(mask, feather=feather), (photo.shape[1], photo.shape[0]))[..., None]
    gray = 128 + PALE * (photo.mean(-1, keepdims=True) - 128)
    return shown(np.rint(gray + (photo - gray) * share).astype(np.uint8), PREVIEW_SIDE)
