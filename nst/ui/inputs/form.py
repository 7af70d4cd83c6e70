"""What the page stands for: a quality, and the settings of the engine that goes with it.

Labels, help, ranges and defaults come from nst.settings.engines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from nst.settings.engines import ADAM, BLENDED_COLORS, UNPAINTED_COLORS, FastSettings, OptimizeSettings, Settings
from nst.settings.presets import DEFAULT_PRESET, PRESETS
from nst.ui.inputs.setting_widgets import Inputs

INSTANT = "instant"  # the quality that the fast engine is behind; all others are presets of the optimize engine
QUALITIES = {INSTANT: "Instant", "draft": "Quick", "balanced": "Balanced", "best": "Best"}  # by what people call them
OURS = "NST Studio"  # the recipe of ours, beside published ones
LAYERS = ("content_layers", "style_layers")
RAW = ("content_weight", "style_weight")
NEUTRAL_WEIGHT = 1.0  # of the raw weights, until a person gives them

# On the page there are no files of the server to name, and nothing large to download while a picture is awaited.
optimize = Inputs(OptimizeSettings, "setting", left_out=("weights",))
fast = Inputs(FastSettings, "instant", left_out=("weights", "network"))


def begin() -> None:
    """Fill the form on a session's first visit."""
    state = st.session_state
    if "quality" in state:
        return
    state["quality"] = DEFAULT_PRESET
    adopt(DEFAULT_PRESET)
    for name in fast.fields:
        state[fast.key(name)] = getattr(FastSettings(), name)


def preset(name: str) -> OptimizeSettings:
    """A preset as the page has it. Ours begin with a draft: there is a picture at once, and it takes fewer iterations
    to be as close to the style.
    """
    return replace(PRESETS[name], init="fast") if name in QUALITIES else PRESETS[name]


def adopt(name: str) -> None:
    """Take over all settings of a preset; what does not apply to it keeps its place for later."""
    _fill(preset(name))


def take(settings: Settings) -> None:
    """Stand for these settings, which follow no published recipe. What does not apply keeps its place for later."""
    state = st.session_state
    state["recipe"] = OURS
    if isinstance(settings, FastSettings):
        state["quality"] = INSTANT
        state.update({fast.key(field): getattr(settings, field) for field in fast.fields})
    else:
        _fill(settings)
        state["quality"] = named_quality()


def named_quality() -> str | None:
    """The quality that iterations and size amount to, if any."""
    now = (optimize.value("steps"), optimize.value("size"))
    presets = {name: PRESETS[name] for name in QUALITIES if name != INSTANT}
    return next((name for name, preset in presets.items() if (preset.steps, preset.size) == now), None)


def _fill(settings: OptimizeSettings) -> None:
    state, key = st.session_state, optimize.key
    state[key("raw")] = settings.strength is None
    unset = {**ADAM, **dict.fromkeys(RAW, NEUTRAL_WEIGHT), "strength": PRESETS[DEFAULT_PRESET].strength}
    for field in optimize.fields.keys() - set(LAYERS):
        given = getattr(settings, field)
        state[key(field)] = unset.get(field) if given is None else given
    for field in LAYERS:
        layers = getattr(settings, field) or ()
        state[key(field)] = [layer for layer, _ in layers]
        for layer, weight in layers:
            state[key(f"{field}-{layer}")] = weight


def instant() -> bool:
    """Whether the picture is to be made in one go."""
    return bool(st.session_state["quality"] == INSTANT)


def settings() -> Settings:
    """The settings that the page stands for. Raises SettingsError."""
    if instant():
        return FastSettings(**_values(fast))
    values = _values(optimize)
    for name in LAYERS:
        weighted = ((layer, st.session_state.get(optimize.key(f"{name}-{layer}"), 1.0)) for layer in values[name])
        values[name] = tuple(weighted) or None
    unused = ("strength",) if raw() else RAW
    if values["optimizer"] != "adam":
        unused = (*unused, *ADAM)
    return OptimizeSettings(**values | dict.fromkeys(unused))


def _values(inputs: Inputs) -> dict[str, Any]:
    """All settings but those that do not apply."""
    names = set(inputs.fields) - (set() if blends() else {"color_amount"})
    if optimize.value("init") == "noise":
        names -= {"freedom"}
    if not normalized():
        names -= {"style_loss"}
    return {name: inputs.value(name) for name in names}


def recolors() -> bool:
    """Whether nothing is painted: the photo only takes on other colors."""
    return bool(optimize.value("colors") == UNPAINTED_COLORS)


def own_colors() -> bool:
    """Whether a style keeps its colors."""
    return bool(optimize.value("colors") == OptimizeSettings.colors)


def blends() -> bool:
    """Whether there may be more or less of the colors that were chosen."""
    return optimize.value("colors") in BLENDED_COLORS


def dialed() -> bool:
    """Whether there is a strength: it gives way to raw weights, which instant pictures do not have."""
    return instant() or not raw()


def raw() -> bool:
    """Whether raw weights apply instead of strength: by choice, or because a published loss knows no strength."""
    return bool(optimize.value("raw")) or not normalized()


def normalized() -> bool:
    """Whether the losses are ours: published ones are followed to the letter."""
    return bool(optimize.value("formulation") == OptimizeSettings.formulation)
