"""A setting: a dataclass field with all that a slider, a flag and the docs need to know, and its check."""

from __future__ import annotations

import math
from dataclasses import Field, field
from typing import Any

from nst.errors import SettingsError


def setting(
    default: Any,
    label: str,
    help: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    step: float | None = None,
    unit: str = "",
    choices: tuple[str, ...] = (),
) -> Any:
    """A dataclass field with what a slider, a flag and the docs need to know about it."""
    known = {"label": label, "help": help, "minimum": minimum, "maximum": maximum, "step": step}
    return field(default=default, metadata={**known, "unit": unit, "choices": choices})


def check(entry: Field[Any], value: Any) -> None:
    """Raise SettingsError, naming field, value and range, unless `value` fits the field."""
    choices, low, high = (entry.metadata[key] for key in ("choices", "minimum", "maximum"))
    if choices and value not in choices:
        raise SettingsError(f"{entry.name} must be one of {', '.join(choices)}; received {value!r}.")
    if low is None or (value is None and "None" in str(entry.type)):
        return
    whole = str(entry.type).startswith("int")
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)) or not math.isfinite(value):
        raise SettingsError(f"{entry.name} must be a {'whole ' if whole else ''}number, received {value!r}.")
    if value < low or (high is not None and value > high):
        limits = f"at least {low:g}" if high is None else f"between {low:g} and {high:g}"
        unit = f" {entry.metadata['unit']}" if entry.metadata["unit"] else ""
        raise SettingsError(f"{entry.name} must be {limits}{unit}, received {value:g}.")
