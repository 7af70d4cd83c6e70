"""Errors on the page: messages as literal text, because they quote file names and other text from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from nst.errors import NstError
from nst.ui.state.format import literal
from nst.ui.state.session_state import Entry


@dataclass
class Shown:
    """Message of the error that was shown, empty if there was none."""

    message: str = ""


@contextmanager
def show_errors(kept_in: Entry[str | None] | None = None, icon: str | None = None) -> Iterator[Shown]:
    """Show an NstError of the body as st.error at this place, and continue after the body.

    With `kept_in`, store the message there instead, for another place on the page that calls show_error().
    """
    shown = Shown()
    try:
        yield shown
    except NstError as error:
        shown.message = str(error)
        if kept_in is None:
            show_error(shown.message, icon)
        else:
            kept_in.value = shown.message


def show_error(message: str | None, icon: str | None = None) -> None:
    """Draw a message, if any."""
    if message:
        st.error(literal(message), icon=icon)
