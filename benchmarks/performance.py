"""All speed tables: measure what is missing, then write the results and docs/performance.md with its plots.

    python -m benchmarks.performance [--quick]

Rows are kept in build/bench/rows as they are measured, so a run that was cut off goes on where it was; delete them to
measure anew. --quick takes small sizes and few steps, to see that all works, and writes into build/bench alone.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import look, plots, step_time, tables, time_to_loss
from benchmarks.material import BUILD, PAIRS
from benchmarks.nst_loops import LOOPS
from benchmarks.quality import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "performance.json"
PAGE = ROOT / "docs" / "performance.md"
CURVE_POINTS = 80  # of a curve in the results file

Row = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What is measured."""

    step_sizes: tuple[int, ...] = (256, 512, 1024)
    seeds: int = 3
    ours: int = 100
    theirs: int = 12
    loss_sizes: tuple[int, ...] = (512,)
    pairs: int = len(PAIRS)
    checkpoints: tuple[int, ...] = (100, 300, 1000)
    look_size: int = 512
    strengths: tuple[float, ...] = (20.0, 40.0, 60.0, 80.0)


QUICK = Plan((128,), 1, 6, 4, (128,), 1, (5, 10), 128, (20.0, 60.0))


def measure(plan: Plan) -> dict[str, list[Row]]:
    """All rows by table."""
    loops = list(LOOPS)
    losses = time_to_loss.measure(list(plan.loss_sizes), plan.pairs, list(plan.checkpoints), loops)
    return {
        step_time.TABLE: step_time.measure(list(plan.step_sizes), plan.seeds, loops, plan.ours, plan.theirs),
        time_to_loss.TABLE: losses,
        look.TABLE: look.measure(plan.look_size, plan.pairs, list(plan.strengths)),
    }


def thinned(rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The rows with fewer points on their curves: more towards the beginning, where most happens."""
    slim: dict[str, list[Row]] = json.loads(json.dumps(rows))
    for row in slim[time_to_loss.TABLE]:
        for found in row["loops"].values():
            curve = found["curve"]
            kept = sorted({round(len(curve) ** (each / CURVE_POINTS)) - 1 for each in range(CURVE_POINTS + 1)})
            found["curve"] = [curve[index] for index in kept] if curve else []
    return slim


def measured(rows: dict[str, list[Row]]) -> str:
    """The measured part of the page."""
    first = rows[step_time.TABLE][0]
    peaks = [row["peak_flops"] for row in rows[step_time.TABLE]]
    peak = {name: statistics.median(each[name] for each in peaks) / 1e9 for name in peaks[0]}
    versions = ", ".join(f"{name} {version}" for name, version in first["versions"].items())
    machine, dates = first["machine"], [row["date"][:10] for table in rows.values() for row in table]
    when = " to ".join(dict.fromkeys((min(dates), max(dates))))
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, peak of matrix products {peak['float32']:.0f} GFLOP/s in "
        f"float32 and {peak['bfloat16']:.0f} in bfloat16; {versions}; {when}.",
        *("", "### Same algorithm", "", "![Seconds a step](performance-steps.svg)", ""),
        *tables.same_algorithm(rows[step_time.TABLE]),
        *("", "### Same loss", "", "![Loss over time](performance-loss.svg)", ""),
        *tables.same_loss(rows[time_to_loss.TABLE]),
        *("", "### Same look", ""),
        *tables.same_look(rows[look.TABLE]),
    ]
    return "\n".join(lines)


def write(rows: dict[str, list[Row]], results: Path, page: Path, text: str) -> None:
    """Renew the results file, the plots, and what stands between the marks of the page."""
    before, _, rest = text.partition("<!-- measured -->\n")
    after = rest.partition("<!-- end -->")[2]
    assert rest and after, f"{PAGE} needs the marks <!-- measured --> and <!-- end -->"
    for path in (results, page):
        path.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps(rows, indent=1) + "\n")
    plots.steps(rows[step_time.TABLE], page.with_name("performance-steps.svg"))
    plots.losses(rows[time_to_loss.TABLE][0], page.with_name("performance-loss.svg"))
    page.write_text(f"{before}<!-- measured -->\n{measured(rows)}\n<!-- end -->{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    if lacking := [name for name in ("torch", "matplotlib") if importlib.util.find_spec(name) is None]:
        sys.exit(f"{' and '.join(lacking)} missing; 'make bench' installs requirements-bench.txt.")
    rows = thinned(measure(QUICK if quick else Plan()))
    folder = BUILD / "quick"
    results, page = (folder / RESULTS.name, folder / PAGE.name) if quick else (RESULTS, PAGE)
    write(rows, results, page, PAGE.read_text(encoding="utf-8"))
    print(f"wrote {results} and {page}")


if __name__ == "__main__":
    main()
