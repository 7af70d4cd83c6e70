"""Three steps for who is here for the first time.

It is in the browser alone, which remembers that it was put away: a page that is loaded again is a new session to the
server.
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
    """Show the steps until a person puts them away."""
    _hint(key="hint", width="stretch")
