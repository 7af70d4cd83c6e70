"""A photo to draw on: a brush for what is to be painted, a box around what is meant.

Streamlit has no such thing. This one is ours, without any library, and can be worked with a mouse, a finger or the
keyboard. What was drawn is kept in the session for each photo.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import numpy as np
import streamlit as st

from nst.images import io as images
from nst.ui.server.mask_finder import Box
from nst.ui.state.pictures import PREVIEW_SIDE, Choice, Shown
from nst.ui.widgets.component_files import BUTTON, text


def _board(tool: str) -> Any:
    """The component of a tool; its script follows what all tools have in common."""
    css, js = BUTTON + text(__name__, "board.css"), text(__name__, "board.js", f"{tool}.js")
    return st.components.v2.component(f"nst-{tool}", html=text(__name__, f"{tool}.html"), css=css, js=js)


_brush, _box = _board("brush"), _board("box")


def brush(photo: Choice, picture: Shown) -> bytes | None:
    """Let a person brush over the photo: a PNG, opaque where they did; None where they have not yet."""
    key, drawn = f"brush-{photo.token}", _drawn("brush")
    data = {"picture": picture.uri, "size": picture.size, "drawn": drawn.get(photo.token, "")}
    _brush(key=key, data=data, on_drawn_change=lambda: _keep(drawn, photo, key))
    url: str = drawn.get(photo.token, "")
    return b64decode(url.partition(",")[2]) if url else None


def begin_with(photo: Choice, mask: bytes) -> None:
    """Put a mask, white where it is to be painted, on the brush's board, to be corrected there."""
    bright = images.fit(images.read(mask, "mask").rgb, PREVIEW_SIDE)[..., 0]
    white = np.full_like(bright, 255)
    data = b64encode(images.encode(np.dstack([white, white, white, bright]), "png")).decode()
    _drawn("brush")[photo.token] = f"data:image/png;base64,{data}"


def box(photo: Choice, picture: Shown, hint: str) -> None:
    """Let a person draw a box on a picture of the photo, with a hint what for; `box_of` is what they drew."""
    key, drawn = f"box-{photo.token}", _drawn("box")
    data = {"picture": picture.uri, "size": picture.size, "hint": hint}
    _box(key=key, data=data | {"drawn": drawn.get(photo.token)}, on_drawn_change=lambda: _keep(drawn, photo, key))


def box_of(photo: Choice) -> Box | None:
    """The box around what is meant; None where there is none."""
    drawn = _drawn("box").get(photo.token)
    return None if drawn is None else (drawn[0], drawn[1], drawn[2], drawn[3])


def _drawn(tool: str) -> dict[str, Any]:
    """What was drawn with a tool, by the photo's token."""
    drawn: dict[str, Any] = st.session_state.setdefault(f"drawn-with-{tool}", {})
    return drawn


def _keep(drawn: dict[str, Any], photo: Choice, key: str) -> None:
    drawn[photo.token] = st.session_state[key]["drawn"]
