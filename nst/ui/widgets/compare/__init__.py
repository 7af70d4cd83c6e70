"""Before/after slider: the content image over the result, uncovered by mouse, touch or keyboard.

Streamlit has no such widget, and existing packages rely on an interface that Streamlit is phasing out. Therefore this
component is our own, without a JavaScript library. The slider position stays in the browser; the server does not know
its value.
"""

from __future__ import annotations

import streamlit as st

from nst.ui.state.pictures import PageImage
from nst.ui.widgets.component_files import text

# Styles are not isolated, because page_css.py gives everything in the result view the same shape.
_compare = st.components.v2.component(
    "nst-compare",
    html=text(__name__, "compare.html"),
    css=text(__name__, "compare.css"),
    js=text(__name__, "compare.js"),
    isolate_styles=False,
)


def compare(picture: PageImage, alt: str, photo: PageImage | None = None, photo_alt: str = "") -> None:
    """Draw an image with the alternative text `alt`.

    If the content image `photo` is given, a slider uncovers it from the left. `photo` must have the aspect ratio of
    `picture`, at any size. A new image replaces the previous one without flicker, and the slider keeps its position.
    """
    data = {"picture": picture.uri, "alt": alt, "photo": photo.uri if photo else "", "photoAlt": photo_alt}
    _compare(key="compare", data=data, width="stretch")
