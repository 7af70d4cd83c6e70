"""Rows of example results for the about page. Their files are created by tools/docs/about_pictures.py."""

from __future__ import annotations

from base64 import b64encode
from typing import NamedTuple

import streamlit as st

from nst.system.assets import ASSETS

_CSS = """
[class*="st-key-figures-"] { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem; }
[class*="st-key-figures-"] img { display: block; width: 100%; border-radius: .4rem; }
.st-key-figures-pair img { aspect-ratio: 3 / 2; object-fit: cover; }
[class*="st-key-figures-"] [data-testid="stImageCaption"] { text-align: start; color: inherit; }
/* On a phone, figures stand in pairs, and an odd last one fills its row. Tables keep one size for comparison. */
.st-key-figures-together { grid-template-columns: repeat(3, 1fr); }
@media (max-width: 640px) {
  [class*="st-key-figures-"]:not(.st-key-figures-together) > :last-child:nth-child(odd) { grid-column: 1 / -1; }
}
"""


class Figure(NamedTuple):
    """Image in `assets/about`: file name without suffix, caption, and alternative text."""

    name: str
    caption: str
    alt: str


def figures(key: str, row: tuple[Figure, ...]) -> None:
    """Draw images side by side, as many per row as fit. `key` identifies the row in style sheets."""
    st.html(f"<style>{_CSS}</style>")
    with st.container(key=f"figures-{key}"):
        for each in row:
            st.image(_uri(each.name), each.caption, width="stretch", alt=each.alt)


@st.cache_data(show_spinner=False)
def _uri(name: str) -> str:
    data = (ASSETS / "about" / f"{name}.jpg").read_bytes()
    return f"data:image/jpeg;base64,{b64encode(data).decode()}"
