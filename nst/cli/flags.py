"""Command-line flags generated from the fields of all engines' settings, and their conversion to settings."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from typing import Any

from nst.engines.registry import ENGINES
from nst.errors import SettingsError
from nst.settings.engines import OptimizeSettings, Settings
from nst.settings.fields import ORIGINAL, flag
from nst.settings.presets import DEFAULT_PRESET, PRESETS, preset

OPTIMIZE = next(name for name, (kind, _) in ENGINES.items() if kind is OptimizeSettings)
OPTIMIZE_ONLY = ("preset", "init_image", "animate")  # flags of that engine that are not fields of its settings

Fields = Mapping[str, Field[Any]]  # fields of one name, by engine


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the flag --preset, and one flag per setting of any engine, to a parser.

    Flags that the user does not give are absent from the parsed namespace.
    """
    shared = parser.add_argument_group("settings")
    notes = {OPTIMIZE: "These override the preset."}
    own = {engine: parser.add_argument_group(f"settings of --engine {engine}", notes.get(engine)) for engine in ENGINES}
    own[OPTIMIZE].add_argument(
        flag("preset"),
        choices=tuple(PRESETS),
        default=argparse.SUPPRESS,
        help=f"settings to start from (default: {DEFAULT_PRESET})",
    )
    for name, entries in known().items():
        group = shared if len(entries) == len(ENGINES) else own[next(iter(entries))]
        choices = tuple(dict.fromkeys(each for entry in entries.values() for each in entry.metadata["choices"]))
        first = next(iter(entries.values()))
        looks = {"choices": choices} if choices else {"type": _parser(first), "metavar": _metavar(first)}
        text = describe(entries).replace("%", "%%")
        group.add_argument(flag(name), dest=name, default=argparse.SUPPRESS, help=text, **looks)


def known() -> dict[str, Fields]:
    """Return the dataclass fields of all engines' settings: setting name -> engine name -> field."""
    found: dict[str, dict[str, Field[Any]]] = {}
    for engine, (kind, _) in ENGINES.items():
        for entry in fields(kind):
            found.setdefault(entry.name, {})[engine] = entry
    return dict(found)


def given(args: argparse.Namespace) -> dict[str, Any]:
    """Return the values of the settings given on the command line, by name, whichever engine they belong to."""
    return {name: getattr(args, name) for name in known() if hasattr(args, name)}


def settings(args: argparse.Namespace) -> Settings:
    """Return the settings of the engine `args.engine` from parsed arguments.

    Raises SettingsError if a value is invalid or a flag belongs to another engine only.
    """
    changes, kind = given(args), ENGINES[args.engine][0]
    owners = {name: tuple(entries) for name, entries in known().items()} | dict.fromkeys(OPTIMIZE_ONLY, (OPTIMIZE,))
    for name in (*changes, *OPTIMIZE_ONLY):
        if args.engine not in owners[name] and getattr(args, name, None) is not None:
            raise SettingsError(
                f"{flag(name)} requires --engine {owners[name][0]}, received --engine {args.engine}. "
                "Leave one of the two out."
            )
    if kind is not OptimizeSettings:
        return kind(**changes)
    if args.init_image is not None:
        changes = {"init": "image", **changes}
    return preset(getattr(args, "preset", DEFAULT_PRESET), **changes)


def describe(entries: Fields) -> str:
    """Return the help text of a flag: label, description, range and default.

    `entries` are the fields of one name, by engine. Descriptions that differ are given for each engine.
    """
    texts = {engine: _about(engine, entry) for engine, entry in entries.items()}
    labels = list(dict.fromkeys(entry.metadata["label"] for entry in entries.values()))
    if len(set(texts.values())) == 1:
        return f"{labels[0]}. {next(iter(texts.values()))}"
    return " ".join([" / ".join(labels) + ".", *(f"With {engine}: {text}" for engine, text in texts.items())])


def _about(engine: str, entry: Field[Any]) -> str:
    metadata, kind = entry.metadata, ENGINES[engine][0]
    low, high = metadata["minimum"], metadata["maximum"]
    notes = []
    if low is not None:
        unit = f" {metadata['unit']}" if metadata["unit"] else ""
        notes.append((f"at least {low:g}" if high is None else f"{_plain(low)} to {_plain(high)}") + unit)
    default = getattr(PRESETS[DEFAULT_PRESET] if kind is OptimizeSettings else kind(), entry.name)
    if default is not None:
        notes.append(f"default: {_plain(default)}")
    return str(metadata["help"]) + (f" ({'; '.join(notes)})" if notes else "")


def numbers(text: str) -> list[float]:
    """Parse numbers separated by commas, such as "1,2.5". Raises ValueError if a part is not a number."""
    return [float(part) for part in text.split(",")]


def _parser(entry: Field[Any]) -> Callable[[str], Any]:
    if entry.name == "size":
        return size
    parsers: dict[str, Callable[[str], Any]] = {"whole": int, "number": float}
    return parsers.get(entry.metadata["kind"], str)


def size(text: str) -> int | None:
    """Parse a number of pixels; "original" gives None. Raises ValueError if the text is neither."""
    return None if text == ORIGINAL else int(text)


def _metavar(entry: Field[Any]) -> str:
    if entry.name == "size":
        return f"PX|{ORIGINAL}"
    names = {"whole": "N", "number": "X", "layers": "LAYER[:W],...", "position": "X,Y", "path": "PATH"}
    return names[entry.metadata["kind"]]


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:.10g}" if isinstance(value, float) else str(value)
