"""Three steps for who is here for the first time.

It is in the browser alone, which remembers that it was put away: a page that is loaded again is a new session to the
server.
"""

from __future__ import annotations

from importlib import resources

import streamlit as st


def _asset(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


_hint = st.components.v2.component("nst-hint", html=_asset("hint.html"), css=_asset("hint.css"), js=_asset("hint.js"))


def hint() -> None:
    """Show the steps until a person puts them away."""
    _hint(key="hint", width="stretch")
