"""Content image with a marked region: in color inside the region, gray and pale outside."""

from __future__ import annotations

import numpy as np
import streamlit as st

from nst.images import io as images
from nst.run import regions
from nst.run.regions import Region
from nst.ui.state.page_mask import PageMask
from nst.ui.state.pictures import PREVIEW_SIDE, ImageChoice, PageImage, decoded, shown

PALE = 0.4  # contrast factor outside the region; equal to the value in board.css


def plain(photo: ImageChoice) -> PageImage:
    """Return the content image without marking, at the size of overlay()."""
    return _plain(photo.token, photo)


def overlay(photo: ImageChoice, mask: PageMask, feather: float) -> PageImage:
    """Return the content image with the inside of `mask` in color and the outside gray and pale.

    `feather` is the width of the soft edge of the mask, in percent of the long side. Raises InputError if the aspect
    ratios of mask and image differ, or if the image cannot be decoded.
    """
    return _overlay(photo.token, mask.token, feather, photo, mask)


@st.cache_data(max_entries=40, show_spinner=False)
def _plain(token: str, _photo: ImageChoice) -> PageImage:  # noqa: ARG001 (the token is the cache key)
    return shown(decoded(_photo).rgb, PREVIEW_SIDE)


@st.cache_data(max_entries=40, show_spinner=False)
def _overlay(
    token: str,  # noqa: ARG001 (as above)
    mask: bytes,  # noqa: ARG001
    feather: float,
    _photo: ImageChoice,
    _mask: PageMask,
) -> PageImage:
    rgb = decoded(_photo).rgb
    photo = images.fit(rgb, min(PREVIEW_SIDE, max(rgb.shape)))
    share = regions.soft(Region(_mask.pixels, feather=feather), (photo.shape[1], photo.shape[0]))[..., None]
    gray = 128 + PALE * (photo.mean(-1, keepdims=True) - 128)
    return shown(np.rint(gray + (photo - gray) * share).astype(np.uint8), PREVIEW_SIDE)
