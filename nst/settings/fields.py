"""Settings as dataclass fields: metadata for sliders, flags and docs, validation and parsing."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import Field, field, fields
from numbers import Integral, Real
from operator import index
from os import PathLike
from typing import Any, Literal, get_args

from nst.errors import SettingsError

Position = tuple[int, int]  # (x, y) in pixels
LayerWeights = tuple[tuple[str, float], ...]  # ((layer name, weight), ...)
Kind = Literal["choice", "whole", "number", "layers", "position", "path"]  # "whole" and "number" have a range
FARTHEST = 2**31 - 1  # largest coordinate
ORIGINAL = "original"  # user input for size=None: the content image's own size


def setting(
    default: Any,
    label: str,
    help: str,
    kind: Kind = "choice",
    *,
    optional: bool = False,
    minimum: float | None = None,
    maximum: float | None = None,
    step: float | None = None,
    unit: str = "",
    choices: Any = None,
    live: bool = False,
) -> Any:
    """Return a dataclass field with metadata for its slider, its flag and the docs.

    An `optional` setting may be None. `choices` is the Literal type of a setting of kind "choice". Control.update() can
    change a `live` setting during a run.
    """
    known = {"label": label, "help": help, "kind": kind, "optional": optional, "unit": unit, "live": live}
    extent = {"minimum": minimum, "maximum": maximum, "step": step, "choices": get_args(choices)}
    return field(default=default, metadata={**known, **extent})


def live(settings: Any) -> dict[str, Any]:
    """Return the settings that Control.update() can change during a run, with their values in `settings`."""
    return {entry.name: getattr(settings, entry.name) for entry in fields(settings) if entry.metadata["live"]}


def plain(value: Any) -> Any:
    """Return a number of any type, such as NumPy's, as int or float; anything else unchanged."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return value
    try:
        return int(value) if isinstance(value, Integral) else float(value)
    except OverflowError:  # a large fraction
        return value


def is_number(value: Any) -> bool:
    """Return True for an int or a float that is finite as a float; False for a bool."""
    most = sys.float_info.max
    return isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most


def shown(value: Any) -> str:
    """Return a short text for a value in an error message."""
    try:
        return repr(value)[:80]
    except ValueError:  # an integer of thousands of digits
        return f"a {type(value).__name__}"


def validate(settings: Any) -> None:
    """Convert the numbers of settings by plain() and check all fields. Raises SettingsError."""
    for entry in fields(settings):
        value = plain(getattr(settings, entry.name))
        object.__setattr__(settings, entry.name, value)
        _check(entry, value)


def _check(entry: Field[Any], value: Any) -> None:
    """Raise SettingsError, naming field, value and range, unless `value` is valid for the field."""
    kind, choices, low, high = (entry.metadata[key] for key in ("kind", "choices", "minimum", "maximum"))
    if value is None and entry.metadata["optional"]:
        return
    if choices and not (isinstance(value, str) and value in choices):
        raise SettingsError(f"{entry.name} must be one of {', '.join(choices)}; received {shown(value)}.")
    if kind == "path" and not isinstance(value, str | PathLike):
        raise SettingsError(f"{entry.name} must be a path, received {shown(value)}.")
    if low is None:
        return
    whole = kind == "whole"
    if not is_number(value) or (whole and not isinstance(value, int)):
        raise SettingsError(f"{entry.name} must be a {'whole ' if whole else ''}number, received {shown(value)}.")
    if value < low or (high is not None and value > high):
        limits = f"at least {low:g}" if high is None else f"between {low:g} and {high:g}"
        unit = f" {entry.metadata['unit']}" if entry.metadata["unit"] else ""
        raise SettingsError(f"{entry.name} must be {limits}{unit}, received {value:g}.")


def flag(name: str) -> str:
    """Return the command-line flag of a field: --style-weight for style_weight."""
    return "--" + name.replace("_", "-")


def parse_layers(value: str | Sequence[Any] | None, name: str) -> LayerWeights | None:
    """Parse layers with weights from "a,b:0.5", ("a", "b") or (("a", 1.0), ("b", 0.5)); None stays None.

    Raises SettingsError for an invalid, empty or repeated layer, and if all weights are 0.
    """
    if value is None:
        return None
    entries = value.split(",") if isinstance(value, str) else value
    if not isinstance(entries, Sequence):
        raise SettingsError(f"{name} must be a list of layers; received {shown(value)}.")
    layers = tuple(_parse_layer(entry, name) for entry in entries)
    if not layers or len({layer for layer, _ in layers}) < len(layers):
        raise SettingsError(f"{name} must name at least one layer and none twice; received {shown(value)}.")
    if sum(weight for _, weight in layers) <= 0:
        raise SettingsError(f"{name} must give at least one layer a weight above 0; received {shown(value)}.")
    return layers


def parse_place(value: Any, name: str) -> Position:
    """Parse a place (x, y) from "x,y" or a pair of integers. Raises SettingsError."""
    parts = value.split(",") if isinstance(value, str) else value
    try:
        x, y = map(_whole, parts)
    except (TypeError, ValueError):
        raise SettingsError(f"{name} must be two whole numbers x,y; received {shown(value)}.") from None
    if max(abs(x), abs(y)) > FARTHEST:
        raise SettingsError(f"{name} must be within {FARTHEST} pixels; received {shown(value)}.")
    return x, y


def _whole(part: Any) -> int:
    if isinstance(part, bool):
        raise TypeError
    return int(part) if isinstance(part, str) else index(part)


def _parse_layer(entry: Any, name: str) -> tuple[str, float]:
    layer, weight = entry, "1"
    if isinstance(entry, str):
        layer, _, text = entry.partition(":")
        weight = text or "1"
    elif isinstance(entry, tuple | list) and len(entry) == 2:
        layer, weight = entry
    try:
        number = float(weight)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not isinstance(layer, str) or not layer.strip() or not 0 <= number < math.inf:
        raise SettingsError(
            f"{name} must be a layer name, or name:weight with a weight of at least 0; received {shown(entry)}."
        )
    return layer.strip(), number
