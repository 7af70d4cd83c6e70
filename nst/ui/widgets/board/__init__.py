"""Widgets to draw on the content image: a brush for the region to stylize, and a box around the subject.

Streamlit has no such widgets. These components use no JavaScript library and work with mouse, touch and keyboard.
Drawings are kept in the session, one per tool and image.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import numpy as np
import streamlit as st

from nst.images import io as images
from nst.ui.server.mask_finder import Box
from nst.ui.state import session_state as session
from nst.ui.state.page_mask import PageMask
from nst.ui.state.pictures import PREVIEW_SIDE, ImageChoice, PageImage
from nst.ui.widgets.component_files import BUTTON, text


def _board(tool: str) -> Any:
    """Return the component of a tool, "brush" or "box"; the script of the tool is appended to the shared board.js."""
    css, js = BUTTON + text(__name__, "board.css"), text(__name__, "board.js", f"{tool}.js")
    return st.components.v2.component(f"nst-{tool}", html=text(__name__, f"{tool}.html"), css=css, js=js)


_brush, _box = _board("brush"), _board("box")


def brush(photo: ImageChoice, picture: PageImage) -> PageMask | None:
    """Draw the brush widget on `picture`, an encoded version of the content image, and return the brushed mask.

    Return None if nothing is brushed. Raises InputError if the drawing sent by the browser is not a usable mask.
    """
    key, drawn = f"brush-{photo.token}", session.brushed.value
    data = {"picture": picture.uri, "size": picture.size, "drawn": drawn.get(photo.token, "")}
    _brush(key=key, data=data, on_drawn_change=lambda: _keep(drawn, photo, key))
    url: str = drawn.get(photo.token, "")
    return PageMask.read(b64decode(url.partition(",")[2])) if url else None


def begin_with(photo: ImageChoice, mask: PageMask) -> None:
    """Replace the user's brush drawing on this content image by a mask, to be corrected with the brush."""
    bright = images.fit(mask.pixels, PREVIEW_SIDE)
    white = np.full_like(bright, 255)
    data = b64encode(images.encode(np.dstack([white, white, white, bright]), "png")).decode()
    session.brushed.value[photo.token] = f"data:image/png;base64,{data}"


def box(photo: ImageChoice, picture: PageImage, hint: str) -> None:
    """Draw the box widget on `picture`, an encoded version of the content image, with `hint` as its help text.

    Read the box with box_of().
    """
    key, drawn = f"box-{photo.token}", session.boxes.value
    data = {"picture": picture.uri, "size": picture.size, "hint": hint}
    _box(key=key, data=data | {"drawn": drawn.get(photo.token)}, on_drawn_change=lambda: _keep(drawn, photo, key))


def box_of(photo: ImageChoice) -> Box | None:
    """Return the box that the user drew on this content image, as fractions of width and height, or None."""
    drawn = session.boxes.value.get(photo.token)
    return None if drawn is None else (drawn[0], drawn[1], drawn[2], drawn[3])


def _keep(drawn: dict[str, Any], photo: ImageChoice, key: str) -> None:
    drawn[photo.token] = session.widget_value(key)["drawn"]
