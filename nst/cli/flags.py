"""Flags from the settings' metadata, and back."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import Field, fields
from typing import Any

from nst.settings import DEFAULT_PRESET, PRESETS, OptimizeSettings

ORIGINAL = "original"  # what --size says for None: the photo's own


def add_settings(group: argparse._ArgumentGroup) -> None:
    """One flag for each field of OptimizeSettings. Those that are not given leave no trace in the namespace."""
    for entry in fields(OptimizeSettings):
        choices = entry.metadata["choices"]
        looks = {"choices": choices} if choices else {"type": _parser(entry), "metavar": _metavar(entry)}
        group.add_argument(
            flag(entry.name),
            dest=entry.name,
            default=argparse.SUPPRESS,
            help=describe(entry).replace("%", "%%"),
            **looks,
        )


def given(args: argparse.Namespace) -> dict[str, Any]:
    """The settings that the person gave."""
    return {entry.name: getattr(args, entry.name) for entry in fields(OptimizeSettings) if hasattr(args, entry.name)}


def flag(name: str) -> str:
    """The flag of a field: --style-weight for style_weight."""
    return "--" + name.replace("_", "-")


def describe(entry: Field[Any]) -> str:
    """Label and help of a field, with its range and its value in the default preset."""
    metadata = entry.metadata
    low, high = metadata["minimum"], metadata["maximum"]
    notes = []
    if low is not None:
        unit = f" {metadata['unit']}" if metadata["unit"] else ""
        notes.append((f"at least {low:g}" if high is None else f"{_plain(low)} to {_plain(high)}") + unit)
    default = getattr(PRESETS[DEFAULT_PRESET], entry.name)
    if default is not None:
        notes.append(f"default: {_plain(default)}")
    return f"{metadata['label']}. {metadata['help']}" + (f" ({'; '.join(notes)})" if notes else "")


def numbers(text: str) -> list[float]:
    """Numbers from "1,2"."""
    return [float(part) for part in text.split(",")]


def _parser(entry: Field[Any]) -> Callable[[str], Any]:
    if entry.name == "size":
        return size
    kind = str(entry.type).partition(" ")[0]
    return {"int": int, "float": float}.get(kind, str)


def size(text: str) -> int | None:
    """A number of pixels, or "original"."""
    return None if text == ORIGINAL else int(text)


def _metavar(entry: Field[Any]) -> str:
    if entry.name == "size":
        return f"PX|{ORIGINAL}"
    kind = str(entry.type).partition(" ")[0]
    return {"int": "N", "float": "X", "LayerWeights": "LAYER[:W],..."}.get(kind, "FILE")


def _plain(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)
