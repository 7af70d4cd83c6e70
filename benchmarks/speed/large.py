"""Large results: run time, also per megapixel, memory, and image files for inspection.

    python -m benchmarks.speed.large [--only NAME ...] [--write]

Each style-transfer run takes place in a fresh process, warm. Results are written to build/bench/large/, to be inspected
for seams at full size. --write stores each run in the results file as soon as measured, beside earlier runs. VGG19
weights are read from NST_SHARED (default ../shared).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.paths import BUILD
from benchmarks.processes import apart
from benchmarks.records import speed_results, stamp
from benchmarks.speed.runs import FAST, LITE, VGG19, Run, measure, photo_of
from nst.settings.engines import Settings
from tools.docs.markdown import number, table

NAME = "large"  # name of the results file
PICTURES = BUILD / "large"
PHOTO = "landscape"
HEAD = ["run", "megapixels", "seconds", "s a megapixel", "peak GB", "swapped MB", "seconds by width"]

Row = dict[str, Any]


def _run(network: str, settings: Settings, height: int) -> Run:
    """Return a style-transfer run on a content image of 16:9 with this height in pixels."""
    width = height * 16 // 9
    return Run(f"{network}-{width}x{height}", settings, (width, height), PHOTO)


# From small to large, so that failures occur early.
RUNS = {
    run.name: run
    for run in (
        _run("lite", LITE, 756),
        _run("lite", LITE, 1512),
        _run("fast", FAST, 2160),
        _run("lite", LITE, 2160),
        _run("vgg19", VGG19, 2160),
        _run("lite", LITE, 4320),
    )
}


def measured(run: Run) -> Row:
    """Measure a style-transfer run in a fresh process and return its row."""
    found = apart(measure, run, photo_of(run), PICTURES / f"{run.name}.png")
    each = found["seconds"] / run.megapixels
    return {"size": run.size, "megapixels": run.megapixels, "seconds_a_megapixel": each, **found}


def cells(name: str, row: Row) -> list[str]:
    figures = [number(row[key]) for key in ("megapixels", "seconds", "seconds_a_megapixel", "peak_gb", "swapped_mb")]
    by_width = ", ".join(f"{level['size'][0]}: {number(level['seconds'])}" for level in row["levels"])
    return [name, *figures, by_width]


def merged(rows: dict[str, Row], results: Path) -> dict[str, Row]:
    """Return the rows of the file `results` updated with `rows`, both by name of the run, from small to large."""
    known = json.loads(results.read_text()) if results.is_file() else {}
    both = known | rows
    return {name: both[name] for name in RUNS if name in both}


def write(rows: dict[str, Row], results: Path) -> None:
    text = json.dumps(merged(rows, results), indent=2)
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(text + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=tuple(RUNS), default=list(RUNS), metavar="NAME",
                        help=f"of {', '.join(RUNS)}")  # fmt: skip
    parser.add_argument("--write", action="store_true", help="put them into the results file")
    given = parser.parse_args()
    rows = {}
    for name in given.only:
        rows[name] = measured(RUNS[name]) | stamp("tensorflow", "numpy")
        print(f"{name}: {number(rows[name]['seconds'])} s, {number(rows[name]['peak_gb'])} GB", flush=True)
        if given.write:
            write({name: rows[name]}, speed_results(NAME))
    print("\n".join(["", *table(HEAD, [cells(name, row) for name, row in rows.items()])]))


if __name__ == "__main__":
    main()
