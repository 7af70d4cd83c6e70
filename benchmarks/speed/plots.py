"""Plots of docs/performance.md, drawn with matplotlib as SVG."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.speed.nst_loops import REFERENCE
from benchmarks.speed.tables import common

mpl.rcParams["svg.hashsalt"] = "nst"  # equal rows give equal files

Row = dict[str, Any]


def losses(row: Row, path: Path) -> None:
    """Plot the loss of each style-transfer loop over seconds, with the target losses, to the SVG file `path`.

    `row` is a row of benchmarks.speed.time_to_loss; losses are those of images rounded to 8 bits.
    """
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    for loop, found in row["loops"].items():
        if found["curve"]:
            times, values = zip(*found["curve"], strict=True)
            axes.plot(times, [value / row["start"] for value in values], label=loop, **line(loop))
    for step, target in row["targets"].items():
        axes.axhline(target / row["start"], color="gray", linewidth=0.6, linestyle=":")
        axes.annotate(
            f"step {step}", (1, target / row["start"]), xycoords=("axes fraction", "data"), ha="right", va="bottom"
        )
    axes.set(xscale="log", yscale="log", xlabel="seconds", ylabel="loss, of the photo's")
    axes.set_title(f"{row['asked']['pair']}, {row['asked']['size']} pixels")
    axes.legend(frameon=False)
    save(figure, path)


def steps(rows: list[Row], path: Path) -> None:
    """Plot the median seconds per step of each style-transfer loop over image size, to the SVG file `path`.

    `rows` are rows of benchmarks.speed.step_time.
    """
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    sizes = sorted({row["asked"]["size"] for row in rows})
    for loop in common(rows):
        values = [
            statistics.median(row["loops"][loop]["step_s"] for row in rows if row["asked"]["size"] == size)
            for size in sizes
        ]
        axes.plot(sizes, values, marker="o", label=loop, **line(loop))
    axes.set(xscale="log", yscale="log", xlabel="pixels a side", ylabel="seconds a step")
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.legend(frameon=False)
    save(figure, path)


def line(loop: str) -> dict[str, Any]:
    """Return the line style of a loop, for matplotlib: thick for nst, black for the reference loop."""
    return {"linewidth": 2.4 if loop.startswith("nst") else 1.2, **({"color": "black"} if loop == REFERENCE else {})}


def save(figure: Figure, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None, "Creator": None})
