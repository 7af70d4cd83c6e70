"""State of the settings form: a quality and the settings of its engine.

Labels, help, ranges and defaults come from nst.settings.engines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nst.settings.engines import ADAM, BLENDED_COLORS, UNPAINTED_COLORS, FastSettings, OptimizeSettings, Settings
from nst.settings.presets import DEFAULT_PRESET, PRESETS
from nst.ui.inputs.setting_widgets import SettingWidgets
from nst.ui.state import session_state as session
from nst.ui.state.session_state import Entry

INSTANT = "instant"  # quality of the fast engine; all others are presets of the optimize engine
QUALITIES = {INSTANT: "Instant", "draft": "Quick", "balanced": "Balanced", "best": "Best"}  # display names
LAYERS = ("content_layers", "style_layers")
RAW = ("content_weight", "style_weight")
NEUTRAL_WEIGHT = 1.0  # default of the raw weights

# The page must not name files on the server, nor start a large download while the user waits for a result.
optimize = SettingWidgets(OptimizeSettings, "setting", left_out=("weights",))
fast = SettingWidgets(FastSettings, "instant", left_out=("weights", "network"))


def begin() -> None:
    """Set all settings in the form to their defaults on the first script run of a session."""
    if session.form_filled.value:
        return
    adopt(DEFAULT_PRESET)
    for name in fast.fields:
        fast.entry(name).value = getattr(FastSettings(), name)
    session.form_filled.value = True  # last, or an interruption would leave the form incomplete


def preset(name: str) -> OptimizeSettings:
    """Return a preset of the optimize engine as used on the page.

    The qualities start from a draft (init="fast"): an image appears at once, and fewer iterations reach the same style
    loss.
    """
    return replace(PRESETS[name], init="fast") if name in QUALITIES else PRESETS[name]


def adopt(name: str) -> None:
    """Set the form to the preset `name`. Settings of the fast engine and weights of unselected layers are kept."""
    _fill(preset(name))


def apply(settings: Settings) -> None:
    """Set the form to these settings, with no published preset selected.

    Settings of the other engine are kept.
    """
    session.preset.value = session.OURS
    if isinstance(settings, FastSettings):
        session.quality.value = INSTANT
        for field in fast.fields:
            fast.entry(field).value = getattr(settings, field)
    else:
        _fill(settings)
        session.quality.value = named_quality()


def named_quality() -> str | None:
    """Return the quality that has the iterations and size now in the form, or None if no quality has them."""
    now = (optimize.value("steps"), optimize.value("size"))
    presets = {name: PRESETS[name] for name in QUALITIES if name != INSTANT}
    return next((name for name, preset in presets.items() if (preset.steps, preset.size) == now), None)


def _fill(settings: OptimizeSettings) -> None:
    raw_entry().value = settings.strength is None
    unset = {**ADAM, **dict.fromkeys(RAW, NEUTRAL_WEIGHT), "strength": PRESETS[DEFAULT_PRESET].strength}
    for field in optimize.fields.keys() - set(LAYERS):
        given = getattr(settings, field)
        optimize.entry(field).value = unset.get(field) if given is None else given
    for field in LAYERS:
        layers = getattr(settings, field) or ()
        optimize.entry(field).value = [layer for layer, _ in layers]
        for layer, weight in layers:
            layer_weight(field, layer).value = weight


def raw_entry() -> Entry[bool]:
    """Return the session entry that is True if the user chose raw weights instead of strength."""
    return optimize.entry("raw")


def layer_weight(field: str, layer: str) -> Entry[float]:
    """Return the session entry of the weight of a layer; `field` is "content_layers" or "style_layers"."""
    return optimize.entry(f"{field}-{layer}", default=1.0)


def instant() -> bool:
    """Return True if the fast engine is selected."""
    return bool(session.quality.value == INSTANT)


def settings() -> Settings:
    """Return the settings in the form. Raises SettingsError if they do not fit together."""
    if instant():
        return FastSettings(**_values(fast))
    values = _values(optimize)
    for name in LAYERS:
        weighted = ((layer, layer_weight(name, layer).value) for layer in values[name])
        values[name] = tuple(weighted) or None
    unused = ("strength",) if raw() else RAW
    if values["optimizer"] != "adam":
        unused = (*unused, *ADAM)
    return OptimizeSettings(**values | dict.fromkeys(unused))


def _values(inputs: SettingWidgets) -> dict[str, Any]:
    """Return the values of the settings that have an effect with the other settings in the form, by name."""
    names = set(inputs.fields) - (set() if blends() else {"color_amount"})
    if optimize.value("init") == "noise":
        names -= {"init_noise"}
    if not normalized():
        names -= {"style_loss"}
    return {name: inputs.value(name) for name in names}


def recolors() -> bool:
    """Return True if the chosen coloring changes only the colors of the content image, without strokes."""
    return bool(optimize.value("colors") == UNPAINTED_COLORS)


def own_colors() -> bool:
    """Return True if the chosen coloring gives the result the colors of the style image."""
    return bool(optimize.value("colors") == OptimizeSettings.colors)


def blends() -> bool:
    """Return True if the chosen coloring has an adjustable amount."""
    return optimize.value("colors") in BLENDED_COLORS


def uses_strength() -> bool:
    """Return True if the strength has an effect: not if raw weights replace it."""
    return instant() or not raw()


def raw() -> bool:
    """Return True if raw weights replace the strength: by choice, or because a published loss has no strength."""
    return raw_entry().value or not normalized()


def normalized() -> bool:
    """Return True if the loss formulation is our own, with normalized losses, not a published one."""
    return bool(optimize.value("formulation") == OptimizeSettings.formulation)
