"""Accuracy of nst.forecast: predicted and measured time and memory, side by side.

    python -m benchmarks.speed.forecast [--large] [--write]

All forecasts come first, in one process with a new calibration of the machine. Each style-transfer run then takes place
in a fresh process, warm. A ratio is predicted over measured: above 1, the forecast was too high. Results are written to
build/bench/forecast/. --large adds a result of 3840 pixels; --write updates the results file. VGG19 weights are read
from NST_SHARED (default ../shared).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import nst
from benchmarks.paths import BUILD
from benchmarks.processes import apart
from benchmarks.records import speed_results, stamp
from benchmarks.speed.runs import FAST, LITE, VGG19, Run, measure, photo_of, style
from nst.settings.engines import Settings
from nst.system.cache_folder import FOLDER_VARIABLE
from tools.docs.markdown import number, table

NAME = "forecast"  # name of the results file
PICTURES = BUILD / "forecast"
HEAD = ["case", "predicted s", "measured s", "ratio", "predicted GB", "measured GB", "ratio"]
FIGURES = {"seconds": "time", "peak_gb": "memory"}  # forecast quantities and their labels

Row = dict[str, Any]


def landscape(name: str, settings: Settings, side: int) -> Run:
    return Run(name, settings, (side, side * 2 // 3), "coffee")


def portrait(name: str, settings: Settings, side: int) -> Run:
    return Run(name, settings, (side * 3 // 4, side), "astronaut")


CASES = (
    landscape("lite 256", LITE, 256),
    landscape("lite 512", LITE, 512),
    portrait("lite 512 portrait", LITE, 512),
    portrait("lite 768 portrait", LITE, 768),
    landscape("lite 1024", LITE, 1024),
    landscape("lite 512 from the draft", replace(LITE, init="fast"), 512),
    landscape("lite 512, 40 steps", replace(LITE, steps=40), 512),
    portrait("lite 512 portrait, 300 steps", replace(LITE, steps=300), 512),
    landscape("lite 1920 in tiles", LITE, 1920),
    landscape("fast 512", FAST, 512),
    portrait("fast 1024 portrait", FAST, 1024),
    landscape("fast 2048", FAST, 2048),
    landscape("vgg19 blocks 1-3 512, 20 steps", replace(VGG19, steps=20), 512),
)
LARGE = (landscape("lite 3840 in tiles", LITE, 3840),)


def foretell(runs: list[Run]) -> list[nst.Forecast]:
    """Return a forecast for each run, with a new calibration.

    Call in a fresh process, because the environment is changed.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ[FOLDER_VARIABLE] = folder
        return [nst.forecast(run.settings, photo_of(run), style()) for run in runs]


def compared(run: Run, forecast: nst.Forecast, measured: dict[str, Any]) -> Row:
    """Return the row of a run: predicted and measured time and memory, and their ratios."""
    predicted = {"seconds": forecast.seconds, "peak_gb": forecast.memory / 1e9}
    return {
        "case": run.name,
        "size": run.size,
        "tiles": forecast.tiles,
        "predicted": predicted,
        "measured": measured,
        "ratio": {figure: predicted[figure] / measured[figure] for figure in FIGURES},
    }


def summary(rows: Iterable[Row]) -> dict[str, Any]:
    """Return the median ratio of predicted to measured, and the ratio farthest from 1, for time and for memory."""
    rows, found = list(rows), {}
    for figure in FIGURES:
        worst = max(rows, key=lambda row: abs(row["ratio"][figure] - 1))
        median = statistics.median(row["ratio"][figure] for row in rows)
        found[figure] = {"median": median, "worst": worst["ratio"][figure], "worst_case": worst["case"]}
    return found


def cells(row: Row) -> list[str]:
    figures = [number(row[kind][figure]) for figure in FIGURES for kind in ("predicted", "measured")]
    ratios = [f"{row['ratio'][figure]:.2f}" for figure in FIGURES]
    return [row["case"], *figures[:2], ratios[0], *figures[2:], ratios[1]]


def report(rows: list[Row]) -> list[str]:
    """Return the lines of the Markdown table, and a summary line each for time and memory."""
    ends = [
        f"{FIGURES[figure]}, predicted over measured: median {found['median']:.2f}, worst {found['worst']:.2f} "
        f"({found['worst_case']})"
        for figure, found in summary(rows).items()
    ]
    return [*table(HEAD, [cells(row) for row in rows]), "", *ends]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="with a picture of 3840 pixels, which takes minutes")
    parser.add_argument("--write", action="store_true", help="renew the results file")
    given = parser.parse_args()
    runs = [*CASES, *(LARGE if given.large else ())]
    rows = []
    for run, forecast in zip(runs, apart(foretell, runs), strict=True):
        print(f"{run.name}: {number(forecast.seconds)} s predicted", end="", flush=True)
        measured = apart(measure, run, photo_of(run), PICTURES / f"{run.name}.png")
        print(f", {number(measured['seconds'])} s measured", flush=True)
        rows.append(compared(run, forecast, measured))
    print("\n".join(["", *report(rows)]))
    if given.write:
        results = {"rows": rows, "summary": summary(rows), **stamp("tensorflow", "numpy")}
        path = speed_results(NAME)
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
