"""An entry of the session that people change by a widget, and the page changes as well.

A browser says what all its widgets show with whatever it sends: a press of Start, a look at a run. Until it has heard
of a change that the page has made, it says what was there before, and Streamlit would take that for a wish. So the
widget has an entry of its own here; and where the page has changed what it stands for, a new one takes its place.
What is still said of the former counts for nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

_NUMBERS = 1_000_000
_SHOWN = "shown"  # where the session keeps what widgets stand for: for each entry their number so far, and the value


def value(key: str, on_change: Callable[[], None] | None = None) -> dict[str, Any]:
    """Options for a widget that begins with a `value`, and stands for the session's entry `key`, which must be there.

    The entry is still there when the widget is not, and when a person comes back from another page.
    """
    # Streamlit would also begin with what is in the session; but a browser may never hear of that, where the page is
    # run once more at once.
    return {"value": st.session_state[key], **_widget(key, on_change)}


def default(key: str, on_change: Callable[[], None] | None = None) -> dict[str, Any]:
    """The same for one that calls it `default`."""
    return {"default": st.session_state[key], **_widget(key, on_change)}


def index(key: str, options: Sequence[Any], on_change: Callable[[], None] | None = None) -> dict[str, Any]:
    """The same for one of a list of options; an entry that is None is none of them."""
    chosen = st.session_state[key]
    return {"options": options, "index": None if chosen is None else options.index(chosen), **_widget(key, on_change)}


def _widget(key: str, on_change: Callable[[], None] | None) -> dict[str, Any]:
    state = st.session_state
    shown: dict[str, tuple[int, Any]] = state.setdefault(_SHOWN, {})
    # They begin anywhere: a browser that comes back to a server that was started anew still speaks of the old widgets.
    number, known = shown.get(key, (secrets.randbelow(_NUMBERS), state[key]))
    if known != state[key]:
        number += 1
    shown[key] = number, state[key]
    widget = f"{key}-{number}"
    return {"key": widget, "on_change": partial(_hear, key, widget, on_change)}


def _hear(key: str, widget: str, then: Callable[[], None] | None) -> None:
    """Take what a widget says, unless another stands for the entry by now, or the page has changed that meanwhile."""
    state = st.session_state
    number, known = state[_SHOWN][key]
    if f"{key}-{number}" != widget or known != state[key]:
        return
    if state[widget] == known:  # it was gone for a moment, and the browser had not heard of that
        return
    state[key] = state[widget]
    state[_SHOWN][key] = number, state[key]
    if then is not None:
        then()
