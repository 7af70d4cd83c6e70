"""A picture with its photo over it, as far as a knob on it says: by mouse, finger or keyboard.

Streamlit has no such thing, and what there is for it relies on an interface that Streamlit gives up; so this is one of
our own, without any library. It is in the browser alone: the server does not learn where the knob is.
"""

from __future__ import annotations

import streamlit as st

from nst.ui.state.pictures import Shown
from nst.ui.widgets.component_files import text

# Its styles are not isolated, because look.py gives all that stands on the easel one shape.
_compare = st.components.v2.component(
    "nst-compare",
    html=text(__name__, "compare.html"),
    css=text(__name__, "compare.css"),
    js=text(__name__, "compare.js"),
    isolate_styles=False,
)


def compare(picture: Shown, alt: str, photo: Shown | None = None, photo_alt: str = "") -> None:
    """Show a picture; with a knob that uncovers the photo from the left, where one is given.

    The photo has the picture's proportions, whatever its size. A new picture takes the place of the last one without
    a flicker, and the knob stays where it is.
    """
    data = {"picture": picture.uri, "alt": alt, "photo": photo.uri if photo else "", "photoAlt": photo_alt}
    _compare(key="compare", data=data, width="stretch")
