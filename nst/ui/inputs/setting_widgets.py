"""Widgets for the settings of an engine: one session entry and one widget per field, built from field metadata."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from typing import Any

import streamlit as st

from nst.settings.engines import Settings, SharedSettings
from nst.ui.state import bound_widget, session_state
from nst.ui.state.session_state import Entry
from nst.ui.widgets.tooltips import tooltip

PAGE_LIMITS = {"size": (256, 1024), "steps": (10, 1000)}  # tighter ranges, for a shared server
SLIDER_STOPS = 200  # maximum number of slider positions; settings with more get a number input
SHARED = "look"  # key prefix of settings common to all engines
LADDERS = {"style_scale": tuple(2 ** (k / 2) for k in range(-4, 5))}  # slider stops of settings perceived as ratios
_SHARED_FIELDS = {field.name for field in fields(SharedSettings)}


class SettingWidgets:
    """Widgets for the fields of one settings class; fields in `left_out` get none.

    `prefix` distinguishes the session entries of this engine from those of others. All engines share the entries of
    SharedSettings, so that these settings survive a change of the engine.
    """

    def __init__(self, kind: type[Settings], prefix: str, left_out: Collection[str]) -> None:
        self.fields = {field.name: field for field in fields(kind) if field.name not in left_out}
        self._prefix = prefix

    def entry(self, name: str, default: Any = None) -> Entry[Any]:
        """Return the session entry of the setting `name`, with `default` as its value until one is set."""
        return session_state.setting(SHARED if name in _SHARED_FIELDS else self._prefix, name, default)

    def value(self, name: str) -> Any:
        """Return the current value of the setting `name` on the page."""
        return self.entry(name).value

    def draw(
        self, name: str, on_change: Callable[[], None] | None = None, names: Mapping[Any, str] | None = None
    ) -> None:
        """Draw the widget of the setting `name`.

        `on_change` is called after a change by the user. `names` maps choices or slider stops to display names.
        """
        known = self.fields[name].metadata
        common: dict[str, Any] = {"help": tooltip(name, known["help"])}
        label = f"{known['label']} ({known['unit']})" if known["unit"] else known["label"]
        if known["choices"]:
            common |= bound_widget.index(self.entry(name), known["choices"], on_change)
            st.selectbox(label, format_func=names.__getitem__ if names else str, **common)
            return
        common |= bound_widget.value(self.entry(name), on_change)
        if name in LADDERS:
            st.select_slider(label, LADDERS[name], format_func=names.__getitem__ if names else str, **common)
            return
        low, high = PAGE_LIMITS.get(name, (known["minimum"], known["maximum"]))
        number = int if known["kind"] == "whole" else float
        step = known["step"] and number(known["step"])
        common |= {"min_value": number(low), "max_value": high and number(high), "step": step}
        if step and high and (high - low) / step <= SLIDER_STOPS:
            st.slider(label, format="%d", **common)
        else:
            st.number_input(label, format="%d" if number is int else "%.6g", **common)
