"""Write the table of all settings into docs/controls.md, from the fields that also define flags and sliders.

python -m tools.docs.settings_table
"""

from __future__ import annotations

from dataclasses import Field
from typing import Any

from nst.cli.flags import Fields, known
from nst.engines.registry import ENGINES
from nst.settings.engines import OptimizeSettings
from nst.settings.fields import flag
from nst.settings.presets import DEFAULT_PRESET, PRESETS
from tools.docs.markdown import DOCS, renew, table

PAGE = DOCS / "controls.md"
MARK = "settings"
HEAD = ["flag", "setting", "engine", "range", "default", "during a run"]


def lines() -> list[str]:
    """Return the lines of the Markdown table of all settings, in the order of the command line's flags."""
    return table(HEAD, [row(name, entries) for name, entries in known().items()])


def row(name: str, entries: Fields) -> list[str]:
    """Return the cells of the setting `name`; `entries` are its dataclass fields by engine."""
    labels = dict.fromkeys(entry.metadata["label"] for entry in entries.values())
    engines = "both" if len(entries) == len(ENGINES) else ", ".join(entries)
    live = any(entry.metadata["live"] for entry in entries.values())
    ranges = apart({engine: extent(entry) for engine, entry in entries.items()})
    defaults = apart({engine: default(engine, entry) for engine, entry in entries.items()})
    return [f"`{flag(name)}`", " / ".join(labels), engines, ranges, defaults, "yes" if live else ""]


def apart(texts: dict[str, str]) -> str:
    """Return one text for a table cell from the texts by engine: the common text, or "engine: text" for each."""
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return "; ".join(f"{engine}: {text}" for engine, text in texts.items())


def extent(entry: Field[Any]) -> str:
    """Return the valid values of a setting as text: choices, a range with its unit, or the kind of value."""
    metadata = entry.metadata
    if metadata["choices"]:
        return ", ".join(metadata["choices"])
    low, high, unit = metadata["minimum"], metadata["maximum"], metadata["unit"]
    if low is None:
        return {"layers": "layers", "position": "two whole numbers", "path": "a file or folder"}[metadata["kind"]]
    span = f"{plain(low)} or more" if high is None else f"{plain(low)} to {plain(high)}"
    return f"{span} {unit}".strip()


def default(engine: str, entry: Field[Any]) -> str:
    """Return the default of a setting for `engine` as text."""
    kind = ENGINES[engine][0]
    value = getattr(PRESETS[DEFAULT_PRESET] if kind is OptimizeSettings else kind(), entry.name)
    return "" if value is None else plain(value)


def plain(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:.10g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    renew(PAGE, MARK, "\n".join(lines()))
