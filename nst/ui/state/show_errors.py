"""Error messages on the page, as literal text, because they quote file names and other text from outside."""

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
    """Message of the error that show_errors() has caught; empty if there was none."""

    message: str = ""


@contextmanager
def show_errors(kept_in: Entry[str | None] | None = None, icon: str | None = None) -> Iterator[Shown]:
    """Run the body of the `with` statement, and show the message of an NstError at this place of the page.

    The error is not raised again. With `kept_in`, the message is stored there instead, for a later show_error() at
    another place. `icon` is the icon of the message.
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
    """Draw an error message with an icon. Draw nothing if the message is None or empty."""
    if message:
        st.error(literal(message), icon=icon)
