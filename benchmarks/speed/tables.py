"""Speed tables as lines of Markdown, from rows of results."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Any

from benchmarks.speed.nst_loops import LOOPS, REFERENCE
from tools.docs.markdown import number, table

Row = dict[str, Any]
SCORES = ("style", "content", "layout", "noise")  # of the referee, as in the published rows


def middle(values: Iterable[float | None]) -> float | None:
    """Return the median of the values other than None, or None if there are none."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def score_cells(all_scores: list[dict[str, float]]) -> list[str]:
    """Return a table cell for each of the referee's scores: its mean over images, or a dash without images.

    `all_scores` are the scores of each image by name.
    """
    return [f"{statistics.mean(s[name] for s in all_scores):.2f}" if all_scores else "-" for name in SCORES]


def common(rows: Iterable[Row]) -> list[str]:
    """Return the names of the loops that occur in all rows, in the order of nst_loops.LOOPS."""
    rows = list(rows)
    return [loop for loop in LOOPS if all(loop in row["loops"] for row in rows)]


def same_algorithm(rows: list[Row]) -> list[str]:
    head = ["size", "loop", "format", "s a step", "of the tutorial's", "share of peak", "cold s", "first s", "peak MB"]
    lines = []
    for size in sorted({row["asked"]["size"] for row in rows}):
        here = [row for row in rows if row["asked"]["size"] == size]
        for loop in common(rows):
            found = [row["loops"][loop] for row in here]
            ratio = middle(row["loops"][loop]["step_s"] / row["loops"][REFERENCE]["step_s"] for row in here)
            figures = [number(middle(each[key] for each in found)) for key in ("cold_s", "first_s", "peak_mb")]
            share = middle(each["share"] for each in found) or 0.0
            step = number(middle(each["step_s"] for each in found))
            ours = [each["scores"] for each in found] if loop.startswith("nst") else []
            first = [str(size), loop, found[0]["format"], step, number(ratio), f"{share:.0%}"]
            lines.append([*first, *figures, *score_cells(ours)])
    return table([*head, *SCORES], lines)


def same_loss(rows: list[Row]) -> list[str]:
    steps = sorted({step for row in rows for step in row["asked"]["checkpoints"]})
    head = ["size", "loop", *(f"s to step {step}'s" for step in steps), *(f"ratio {step}" for step in steps), "peak MB"]
    lines = []
    for size in sorted({row["asked"]["size"] for row in rows}):
        here = [row for row in rows if row["asked"]["size"] == size]
        for loop in common(here):
            raced = [row["loops"] for row in here]
            times = [[seconds(loops, loop, step) for loops in raced] for step in steps]
            base = [[seconds(loops, REFERENCE, step) for loops in raced] for step in steps]
            ratios = [ratio_cell(*each) for each in zip(times, base, strict=True)]
            scores = [found["scores"] for loops in raced for found in list(loops[loop]["reached"].values())[-1:]]
            memory = number(middle(loops[loop]["peak_mb"] for loops in raced))
            lines.append([str(size), loop, *map(time_cell, times), *ratios, memory, *score_cells(scores)])
    return table([*head, *SCORES], lines)


def seconds(loops: dict[str, Any], loop: str, step: int) -> float | None:
    """Return the seconds until `loop` reached the loss of the reference loop at its step `step`, or None if never.

    `loops` are the results of one row of time_to_loss, by loop.
    """
    found = loops[loop]["reached"].get(str(step))
    return None if found is None else float(found["seconds"])


def time_cell(times: list[float | None]) -> str:
    """Format the median of `times`, one for each pair of images; None is a missing time.

    If some are missing, the number of available ones is added, such as "(2 of 3)".
    """
    there = sum(time is not None for time in times)
    return number(middle(times)) + ("" if there == len(times) else f" ({there} of {len(times)})")


def ratio_cell(times: list[float | None], base: list[float | None]) -> str:
    """Format the median ratio of `times` to `base`, both in seconds by pair of images, as 1/n if below 1."""
    ratio = middle(a / b if a is not None and b else None for a, b in zip(times, base, strict=True))
    return number(ratio) if ratio is None or ratio >= 1 else f"1/{number(1 / ratio)}"


def same_look(rows: list[Row]) -> list[str]:
    """Return a table of each engine and strength, compared with images of the tutorial loop."""
    steps = list(rows[0]["asked"]["theirs"])
    head = ["engine", "strength", *(f"s to step {step}'s" for step in steps), *(f"ratio {step}" for step in steps)]
    lines = []
    for step in steps:
        theirs = [row["asked"]["theirs"][step] for row in first_of_pairs(rows)]
        time = number(middle(each["seconds"] for each in theirs))
        at = [time if other == step else "" for other in steps]
        scores = score_cells([each["scores"] for each in theirs])
        lines.append([f"{REFERENCE}, step {step}", "", *at, *([""] * len(steps)), time, "", *scores])
    for engine, strength in dict.fromkeys((row["asked"]["engine"], row["asked"]["strength"]) for row in rows):
        here = [row for row in rows if (row["asked"]["engine"], row["asked"]["strength"]) == (engine, strength)]
        times = [[row["reached"].get(step, {}).get("seconds") for row in here] for step in steps]
        base = [[row["asked"]["theirs"][step]["seconds"] for row in here] for step in steps]
        ratios = [ratio_cell(*each) for each in zip(times, base, strict=True)]
        last = [number(middle(row["last"]["seconds"] for row in here)), number(middle(row["peak_mb"] for row in here))]
        scores = score_cells([row["last"]["scores"] for row in here])
        lines.append([engine, number(strength), *map(time_cell, times), *ratios, *last, *scores])
    return table([*head, "s to the end", "peak MB", *SCORES], lines)


def first_of_pairs(rows: list[Row]) -> list[Row]:
    """Return one row for each pair of images."""
    return list({row["asked"]["pair"]: row for row in rows}.values())
