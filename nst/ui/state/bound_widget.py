"""Two-way binding of session state and widget: both the user and the program can change an entry.

With every message (a press of Start, a poll of a job), a browser sends the values of all its widgets. A browser that
has not yet received a change made by the program sends the old value, and Streamlit would treat this as user input.
Therefore the entry and its widget have separate session keys, and a change by the program replaces the widget with one
under a new key. Values sent for the old key are ignored.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from nst.ui.state.session_state import Entry, bound_widgets, widget_value

_NUMBERS = 1_000_000


def value(entry: Entry[Any], on_change: Callable[[], None] | None = None) -> dict[str, Any]:
    """Return arguments for a widget that shows and sets `entry`: its initial `value`, `key` and `on_change`.

    `on_change` is called after the user has changed the entry. The entry keeps its value while the widget is not drawn
    and while the user visits another page.
    """
    # The initial value could also be set in the session, but a browser may never receive such a value if the page
    # reruns immediately.
    return {"value": entry.value, **_widget(entry, on_change)}


def default(entry: Entry[Any], on_change: Callable[[], None] | None = None) -> dict[str, Any]:
    """Return the widget arguments that value() returns, with the initial value named `default` in place of `value`."""
    return {"default": entry.value, **_widget(entry, on_change)}


def index(entry: Entry[Any], options: Sequence[Any], on_change: Callable[[], None] | None = None) -> dict[str, Any]:
    """Return the arguments of value() for a widget that selects one of `options`, with `options` and `index`.

    The entry holds the selected option, or None if none is selected. Raises ValueError if its value is not in
    `options`.
    """
    chosen = entry.value
    return {"options": options, "index": None if chosen is None else options.index(chosen), **_widget(entry, on_change)}


def _widget(entry: Entry[Any], on_change: Callable[[], None] | None) -> dict[str, Any]:
    shown, value = bound_widgets.value, entry.value
    # Numbers start at random: after a server restart, a returning browser still sends values of the old widgets.
    number, known = shown.get(entry.key, (secrets.randbelow(_NUMBERS), value))
    if known != value:
        number += 1
    shown[entry.key] = number, value
    widget = f"{entry.key}-{number}"
    return {"key": widget, "on_change": partial(_hear, entry, widget, on_change)}


def _hear(entry: Entry[Any], widget: str, then: Callable[[], None] | None) -> None:
    """Store the value of the widget with the key `widget` in `entry`, then call `then`.

    No effect if the widget has been replaced or the program has changed the entry since.
    """
    shown = bound_widgets.value
    number, known = shown[entry.key]
    if f"{entry.key}-{number}" != widget or known != entry.value:
        return
    value = widget_value(widget)
    if value == known:  # no change: the widget was removed and drawn again, unnoticed by the browser
        return
    entry.value = value
    shown[entry.key] = number, value
    if then is not None:
        then()
