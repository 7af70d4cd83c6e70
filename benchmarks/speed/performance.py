"""All speed tables: measure missing rows, then write the results and docs/performance.md with its plots.

    python -m benchmarks.speed.performance [--quick | --kept]

A row is the result of one measurement. Rows are stored in build/bench/rows as soon as measured, so an interrupted
measurement can continue; delete them to measure again. --kept measures nothing and writes the stored rows, with
published rows for the rest. --quick uses small sizes and few steps as a smoke test, and writes to build/bench only.
Large results and forecasts come from their own results files. Machines with and without bfloat16 have separate results
and separate sections of the page.
"""

from __future__ import annotations

import argparse
import json
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.paths import BUILD, DOCS
from benchmarks.records import all_newest, speed_results
from benchmarks.speed import forecast, large, look, step_time, tables, time_to_loss
from benchmarks.speed.material import PAIRS
from benchmarks.speed.nst_loops import LOOPS, require
from nst.models import precision
from tools.docs.markdown import replaced, table

NAME = "performance"  # name of the results file
PAGE = DOCS / "performance.md"
STEPS_PLOT, LOSS_PLOT = "performance-{}-steps.svg", "performance-{}-loss.svg"  # beside the page, by number format
TABLES = (step_time.TABLE, time_to_loss.TABLE, look.TABLE)
CURVE_POINTS = 80  # points of a curve in the results file

Row = dict[str, Any]


@dataclass(frozen=True)
class RunPlan:
    """Parameters of all speed measurements: image sizes, numbers of seeds, steps and pairs, and strengths."""

    step_sizes: tuple[int, ...] = (256, 512, 1024)
    seeds: int = 3
    ours: int = 100
    theirs: int = 12
    loss_sizes: tuple[int, ...] = (256, 512, 1024)
    pairs: int = len(PAIRS)
    checkpoints: tuple[int, ...] = (100, 300, 1000)
    look_size: int = 512
    strengths: tuple[float, ...] = (40.0, 60.0, 80.0, 100.0)


QUICK = RunPlan((128,), 1, 6, 4, (128,), 1, (5, 10), 128, (20.0, 60.0))


def measure(plan: RunPlan) -> dict[str, list[Row]]:
    """Measure all speed tables with the parameters `plan`; return their rows by table.

    Rows stored with the same parameters are reused.
    """
    loops = list(LOOPS)
    losses = time_to_loss.measure(list(plan.loss_sizes), plan.pairs, list(plan.checkpoints), loops)
    return {
        step_time.TABLE: step_time.measure(list(plan.step_sizes), plan.seeds, loops, plan.ours, plan.theirs),
        time_to_loss.TABLE: losses,
        look.TABLE: look.measure(plan.look_size, plan.pairs, list(plan.strengths)),
    }


def newest(number_format: str) -> dict[str, list[Row]]:
    """Return the latest rows by table, measured on this machine or published, for a number format."""
    path = speed_results(NAME, number_format)
    published = json.loads(path.read_text()) if path.is_file() else dict.fromkeys(TABLES, ())
    return {name: all_newest(name, published[name]) for name in TABLES}


def thinned(rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Return a copy of the rows, by table, with at most 80 points per loss curve.

    Points are denser at the beginning, where the loss changes most.
    """
    slim: dict[str, list[Row]] = json.loads(json.dumps(rows))
    for row in slim[time_to_loss.TABLE]:
        for found in row["loops"].values():
            curve = found["curve"]
            if len(curve) > CURVE_POINTS:
                kept = sorted({round(len(curve) ** (each / CURVE_POINTS)) - 1 for each in range(CURVE_POINTS + 1)})
                found["curve"] = [curve[index] for index in kept]
    return slim


def measured(rows: dict[str, list[Row]], number_format: str) -> str:
    """Return the section of the page for a number format, with a subsection for each table that has rows."""
    steps_plot = STEPS_PLOT if several_sizes(rows[step_time.TABLE]) else ""
    sections = {
        step_time.TABLE: ("Same algorithm", steps_plot, tables.same_algorithm),
        time_to_loss.TABLE: ("Same loss", LOSS_PLOT, tables.same_loss),
        look.TABLE: ("Same look", "", tables.same_look),
    }
    lines = [where(rows)]
    for name, (title, plot, of_rows) in sections.items():
        if rows[name]:
            shown = [f"![{title}]({plot.format(number_format)})", ""] if plot else []
            lines += ["", f"### {title}", "", *shown, *of_rows(rows[name])]
    for title, name, of_results in (("Large pictures", large.NAME, of_large), ("Forecast", forecast.NAME, told)):
        path = speed_results(name, number_format)
        if path.is_file():
            lines += ["", f"### {title}", "", *of_results(json.loads(path.read_text()))]
    return "\n".join(lines)


def several_sizes(rows: list[Row]) -> bool:
    """Return True if the rows have more than one image size, so that a plot over size is useful."""
    return len({row["asked"]["size"] for row in rows}) > 1


def where(rows: dict[str, list[Row]]) -> str:
    """Return machine, package versions and dates of the rows as one line."""
    every = [row for table in rows.values() for row in table]
    peaks = [row["peak_flops"] for row in rows[step_time.TABLE]]
    peak = [f"{statistics.median(each[name] for each in peaks) / 1e9:.0f} in {name}" for name in (peaks or [{}])[0]]
    products = f"; peak of matrix products in GFLOP/s: {', '.join(peak)}" if peak else ""
    versions = ", ".join(f"{name} {version}" for name, version in every[0]["versions"].items())
    machine, dates = every[0]["machine"], [row["date"][:10] for row in every]
    when = " to ".join(dict.fromkeys((min(dates), max(dates))))
    return f"{machine['processor']}, {machine['cores']} cores{products}; {versions}; {when}."


def of_large(found: dict[str, Row]) -> list[str]:
    return table(large.HEAD, [large.cells(name, row) for name, row in found.items()])


def told(found: Row) -> list[str]:
    return forecast.report(found["rows"])


def write(rows: dict[str, list[Row]], number_format: str, results: Path, page: Path, text: str) -> None:
    """Write the rows to `results`, and to `page` the page `text` with a new section for the number format."""
    for path in (results, page):
        path.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps(rows, indent=1) + "\n")
    part = measured(rows, number_format)
    page.write_text(replaced(text, f"measured in {number_format}", part), encoding="utf-8")


def draw(rows: dict[str, list[Row]], number_format: str, folder: Path) -> None:
    """Write the plots of the rows to `folder`, the folder of the page."""
    from benchmarks.speed import plots  # imports matplotlib, which the tables do not need

    if several_sizes(rows[step_time.TABLE]):
        plots.steps(rows[step_time.TABLE], folder / STEPS_PLOT.format(number_format))
    if rows[time_to_loss.TABLE]:
        plots.losses(rows[time_to_loss.TABLE][0], folder / LOSS_PLOT.format(number_format))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true")
    how.add_argument("--kept", action="store_true")
    given = parser.parse_args()
    require(() if given.kept else LOOPS, ["matplotlib"])
    number_format = precision.resolve("auto")
    rows = newest(number_format) if given.kept else measure(QUICK if given.quick else RunPlan())
    results, page = speed_results(NAME, number_format), PAGE
    if given.quick:
        results, page = BUILD / "quick" / results.name, BUILD / "quick" / page.name
    rows = thinned(rows)
    write(rows, number_format, results, page, PAGE.read_text(encoding="utf-8"))
    draw(rows, number_format, page.parent)
    print(f"wrote {results} and {page}")


if __name__ == "__main__":
    main()
