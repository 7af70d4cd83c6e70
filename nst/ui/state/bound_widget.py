"""Two-way binding of session state and widget: both the user and the page can change an entry.

With every message (a press of Start, a poll of a run), a browser sends the values of all its widgets. A browser that
has not yet received a change made by the page sends the old value, and Streamlit would treat this as user input.
Therefore the entry and its widget have separate session keys, and a change by the page replaces the widget with one
under a new key. Values sent for the old key are ignored.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

_NUMBERS = 1_000_000
_SHOWN = "shown"  # session key: for each entry, the number of its current widget and the value given to this widget


def value(key: str, on_change: Callable[[], None] | None = None) -> dict[str, Any]:
    """Return widget arguments with an initial `value`, bound to the session's entry `key`, which must exist.

    The entry persists while the widget is not drawn and when the user visits another page.
    """
    # The initial value could also be set in the session, but a browser may never receive such a value if the page
    # reruns immediately.
    return {"value": st.session_state[key], **_widget(key, on_change)}


def default(key: str, on_change: Callable[[], None] | None = None) -> dict[str, Any]:
    """Return the arguments of value() for a widget whose initial value is named `default`."""
    return {"default": st.session_state[key], **_widget(key, on_change)}


def index(key: str, options: Sequence[Any], on_change: Callable[[], None] | None = None) -> dict[str, Any]:
    """Return the arguments of value() for a widget that selects one of `options`; an entry of None selects none."""
    chosen = st.session_state[key]
    return {"options": options, "index": None if chosen is None else options.index(chosen), **_widget(key, on_change)}


def _widget(key: str, on_change: Callable[[], None] | None) -> dict[str, Any]:
    state = st.session_state
    shown: dict[str, tuple[int, Any]] = state.setdefault(_SHOWN, {})
    # Numbers start at random: after a server restart, a returning browser still sends values of the old widgets.
    number, known = shown.get(key, (secrets.randbelow(_NUMBERS), state[key]))
    if known != state[key]:
        number += 1
    shown[key] = number, state[key]
    widget = f"{key}-{number}"
    return {"key": widget, "on_change": partial(_hear, key, widget, on_change)}


def _hear(key: str, widget: str, then: Callable[[], None] | None) -> None:
    """Store the value of a widget, unless the widget has been replaced or the page has changed the entry since."""
    state = st.session_state
    number, known = state[_SHOWN][key]
    if f"{key}-{number}" != widget or known != state[key]:
        return
    if state[widget] == known:  # no change: the widget was removed and drawn again, unnoticed by the browser
        return
    state[key] = state[widget]
    state[_SHOWN][key] = number, state[key]
    if then is not None:
        then()
