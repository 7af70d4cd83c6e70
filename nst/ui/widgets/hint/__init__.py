"""Three-step introduction for first-time visitors.

The browser stores the dismissal, because a reloaded page is a new session for the server.
"""

from __future__ import annotations

import streamlit as st

from nst.ui.widgets.component_files import BUTTON, text

_hint = st.components.v2.component(
    "nst-hint",
    html=text(__name__, "hint.html"),
    css=BUTTON + text(__name__, "hint.css"),
    js=text(__name__, "hint.js"),
)


def hint() -> None:
    """Draw the introduction, which the browser hides once the user has dismissed it."""
    _hint(key="hint", width="stretch")
