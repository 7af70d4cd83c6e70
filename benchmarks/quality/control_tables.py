"""Tables for benchmarks.quality.control: evenness of strength steps, consistency across sizes and engines.

A row is one result: {"asked": {"pair", "engine", "size", "strength", ...}, "scores": {...}, "halfway": {...}}.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from tools.docs.markdown import number, table

Row = dict[str, Any]
SCORES = ("style", "content", "layout", "noise")


def spread(values: Sequence[float]) -> float:
    """Return the relative spread of the values, (max - min) / mean."""
    return (max(values) - min(values)) / statistics.mean(values)


def falls(values: Sequence[float]) -> bool:
    """Return True if the values decrease strictly."""
    return all(before > after for before, after in pairwise(values))


def unevenness(values: Sequence[float]) -> float:
    """Return the largest step between neighboring values, divided by the mean step.

    The result is 1 if all steps are equal, and at most the number of steps if the values are monotonic.
    """
    steps = [abs(after - before) for before, after in pairwise(values)]
    return max(steps) * len(steps) / abs(values[-1] - values[0])


def asked(rows: Iterable[Row], name: str) -> list[Any]:
    """Return the distinct values of the parameter `name` in the rows, in order of appearance."""
    return list(dict.fromkeys(row["asked"][name] for row in rows))


def where(rows: Iterable[Row], **wanted: Any) -> list[Row]:
    """Return the rows whose parameters have the values `wanted`."""
    return [row for row in rows if all(row["asked"][name] == value for name, value in wanted.items())]


def mean(rows: Sequence[Row], score: str) -> float:
    return statistics.mean(row["scores"][score] for row in rows)


def curve(rows: Sequence[Row], score: str) -> list[float]:
    """Return the mean of `score` at each strength, in order of strength."""
    return [mean(where(rows, strength=strength), score) for strength in sorted(asked(rows, "strength"))]


def by_strength(rows: list[Row]) -> list[str]:
    """Return a Markdown table of the scores of one engine by strength.

    The style score has a column for each size, other scores are means over all sizes.
    """
    sizes = sorted(asked(rows, "size"))
    head = ["strength", *(f"style {size}" for size in sizes), "spread", *SCORES[1:]]
    lines = []
    for strength in sorted(asked(rows, "strength")):
        here = where(rows, strength=strength)
        styles = [mean(where(here, size=size), "style") for size in sizes]
        others = [f"{mean(here, score):.3f}" for score in SCORES[1:]]
        lines.append([f"{strength:g}", *(f"{style:.3f}" for style in styles), f"{spread(styles):.0%}", *others])
    return table(head, lines)


def shape(rows: list[Row]) -> list[str]:
    """Return a Markdown table of monotonicity and evenness of the scores, by engine and size."""
    head = ["engine", "size", "style falls on", "content rises on", "largest step", "halfway"]
    lines = []
    for engine in asked(rows, "engine"):
        for size in sorted(asked(where(rows, engine=engine), "size")):
            here = where(rows, engine=engine, size=size)
            curves = [where(here, pair=pair) for pair in asked(here, "pair")]
            down = sum(falls(curve(each, "style")) for each in curves)
            up = sum(falls(curve(each, "content")[::-1]) for each in curves)
            shares = [row["halfway"]["blend"] / row["halfway"]["ends"] for row in here if row.get("halfway")]
            step = f"{unevenness(curve(here, 'style')):.1f}"
            halfway = f"{statistics.mean(shares):.0%}" if shares else number(None)
            lines.append([engine, str(size), f"{down} of {len(curves)}", f"{up} of {len(curves)}", step, halfway])
    return table(head, lines)


def across(rows: list[Row]) -> list[str]:
    """Return a Markdown table of the style score by strength over all sizes, with a column for each engine."""
    engines = asked(rows, "engine")
    lines = []
    for strength in sorted(asked(rows, "strength")):
        styles = [mean(where(rows, strength=strength, engine=engine), "style") for engine in engines]
        lines.append([f"{strength:g}", *(f"{style:.3f}" for style in styles), f"{spread(styles):.0%}"])
    return table(["strength", *engines, "spread"], lines)


def widest(rows: list[Row]) -> float:
    """Return the largest spread() of the style score across sizes, over all engines and strengths."""
    return max(
        spread([mean(where(here, size=size), "style") for size in asked(here, "size")])
        for engine in asked(rows, "engine")
        for strength in asked(rows, "strength")
        if (here := where(rows, engine=engine, strength=strength))
    )
