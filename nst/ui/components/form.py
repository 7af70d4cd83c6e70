"""The settings as the page holds them: a session-state entry a field, and from there to OptimizeSettings.

Labels, help, ranges and defaults come from nst.settings; only the limits of this page are its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import streamlit as st

from nst.settings import ADAM, DEFAULT_PRESET, PRESETS, OptimizeSettings

FIELDS = {entry.name: entry for entry in fields(OptimizeSettings)}
PAGE_LIMITS = {"size": (256, 1024), "steps": (10, 1000)}  # what a shared server can bear
QUALITIES = ("draft", "balanced", "best")
SLIDER_STOPS = 200  # more than these a hand cannot tell apart: a number is typed then
LAYERS = ("content_layers", "style_layers")
RAW = ("content_weight", "style_weight")
NEUTRAL_WEIGHT = 1.0  # of the raw weights, until a person gives them
NOT_ON_THE_PAGE = ("weights",)  # names a file on the server


def key(name: str) -> str:
    """Where the session keeps a setting."""
    return f"setting-{name}"


def value(name: str) -> Any:
    """A setting as it stands on the page."""
    return st.session_state[key(name)]


def begin() -> None:
    """Fill the form on a session's first visit."""
    if key("raw") not in st.session_state:
        st.session_state["quality"] = DEFAULT_PRESET
        adopt(DEFAULT_PRESET)


def adopt(preset: str) -> None:
    """Take over all settings of a preset; what does not apply to it keeps its place for later."""
    settings, state = PRESETS[preset], st.session_state
    state[key("raw")] = settings.strength is None
    unset = {**ADAM, **dict.fromkeys(RAW, NEUTRAL_WEIGHT), "strength": PRESETS[DEFAULT_PRESET].strength}
    for name in FIELDS.keys() - {*LAYERS, *NOT_ON_THE_PAGE}:
        given = getattr(settings, name)
        state[key(name)] = unset.get(name) if given is None else given
    for name in LAYERS:
        layers = getattr(settings, name) or ()
        state[key(name)] = [layer for layer, _ in layers]
        for layer, weight in layers:
            state[key(f"{name}-{layer}")] = weight


def settings() -> OptimizeSettings:
    """The settings that the page stands for. Raises SettingsError."""
    values = {name: value(name) for name in FIELDS.keys() - {*LAYERS, *NOT_ON_THE_PAGE}}
    for name in LAYERS:
        weighted = ((layer, st.session_state.get(key(f"{name}-{layer}"), 1.0)) for layer in value(name))
        values[name] = tuple(weighted) or None
    unused = ("strength",) if raw() else RAW
    if values["optimizer"] != "adam":
        unused = (*unused, *ADAM)
    return OptimizeSettings(**values | dict.fromkeys(unused))


def raw() -> bool:
    """Whether raw weights apply instead of strength: by choice, or because a published loss knows no strength."""
    return bool(value("raw")) or value("formulation") != "normalized"


def field_input(name: str, on_change: Callable[[], None] | None = None) -> None:
    """The widget for a setting, made from its metadata."""
    known = FIELDS[name].metadata
    common: dict[str, Any] = {"key": key(name), "help": known["help"], "on_change": on_change}
    label = f"{known['label']} ({known['unit']})" if known["unit"] else known["label"]
    low, high = PAGE_LIMITS.get(name, (known["minimum"], known["maximum"]))
    if known["choices"]:
        st.selectbox(label, known["choices"], persist_state="session", **common)
        return
    number = int if str(FIELDS[name].type).startswith("int") else float
    step = known["step"] and number(known["step"])
    common |= {"min_value": number(low), "max_value": high and number(high), "step": step, "persist_state": "session"}
    if step and high and (high - low) / step <= SLIDER_STOPS:
        st.slider(label, format="%d", **common)
    else:
        st.number_input(label, format="%d" if number is int else "%.6g", **common)
