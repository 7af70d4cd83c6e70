"""How much memory a server holds after ten jobs and after a hundred, of mixed sizes, engines and pictures.

    python -m benchmarks.jobs [--out benchmarks/results/jobs.json]

Jobs run as the page's do: by a worker of nst.jobs.queue for each engine, one after another, each for a visitor who
then leaves. Every job brings pictures of its own. In the first table their shapes come back every ten jobs; in the
second each photo has a shape that no other had. oneDNN, below TensorFlow, keeps what it prepared for a shape, up to a
fixed number (github.com/tensorflow/tensorflow/pull/24482): there memory grows until that is reached. Each table takes
a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

import nst
from benchmarks.stamp import stamp
from nst.jobs.queue import Jobs, State
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from nst.settings.engines import Settings

RESULTS = Path(__file__).resolve().parent / "results" / "jobs.json"
COUNT, EVERY = 100, 10  # jobs, and those between two looks at the memory
SHAPES = ((240, 320), (320, 240), (256, 384), (288, 288), (216, 384))  # (height, width) of photos, as cameras make them
SIZES = (160, 256, 320, 384)  # pixels of a result's long side
STYLE = (280, 350)
PATIENCE = 120.0  # seconds of a job
TABLES = {"shapes come back": False, "every shape is new": True}

Picture = NDArray[np.uint8]


def settings(number: int) -> Settings:
    """Half of them by the loop, half at once, in all manners that the page has for it."""
    size = SIZES[number % EVERY % len(SIZES)]
    common: dict[str, Any] = {"network": "lite", "size": size, "steps": 5}
    kinds: tuple[Settings, ...] = (
        nst.OptimizeSettings(**common, init="fast"),
        nst.FastSettings(size=size),
        nst.OptimizeSettings(**common, optimizer="adam", least_gain=1.0),
        nst.FastSettings(size=size, strength=50),
        nst.OptimizeSettings(**common, init="noise"),
    )
    return kinds[number % len(kinds)]


def shape(number: int, draw: np.random.Generator, *, new: bool) -> tuple[int, int]:
    """(height, width) of a photo; one that is not new comes back every ten jobs."""
    if new:
        height, width = draw.integers(200, 400, 2)
        return int(height), int(width)
    return SHAPES[number % EVERY % len(SHAPES)]


def work(jobs: Jobs, visitor: str, photo: Picture, style: Picture, wanted: Settings) -> None:
    """One job to its end."""

    def run(control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
        return nst.stream(photo, style, wanted, control=control, resume=resume)

    job = jobs.submit(visitor, run)
    if not job.ended.wait(PATIENCE) or job.progress.state is not State.DONE:
        sys.exit(f"a job with {wanted} came to nothing: {job.progress.error or 'it took too long'}")


def measure(*, new: bool) -> list[float]:
    """Megabytes of this process after every ten jobs."""
    draw, here, megabytes = np.random.default_rng(0), [""], []
    server = partial(Jobs, is_alive=lambda visitor: visitor == here[0], grace=0.0)
    engines = {nst.OptimizeSettings: server(), nst.FastSettings: server()}
    for number in range(COUNT):
        here[0] = f"visitor {number}"
        for each in engines.values():
            each.sweep()  # whoever came before has gone
        wanted = settings(number)
        shapes = (shape(number, draw, new=new), STYLE)
        photo, style = (draw.integers(0, 256, (*each, 3), np.uint8) for each in shapes)
        work(engines[type(wanted)], here[0], photo, style, wanted)
        if (number + 1) % EVERY == 0:
            megabytes.append(round(psutil.Process().memory_info().rss / 1e6, 1))
    return megabytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--table", choices=tuple(TABLES), help="measure one of them in this process and print it alone")
    arguments = parser.parse_args()
    if arguments.table is not None:
        print(json.dumps(measure(new=TABLES[arguments.table])))
        return
    result: dict[str, Any] = {"jobs": COUNT, "every": EVERY, "tables": {}}
    for table in TABLES:
        command = [sys.executable, "-m", "benchmarks.jobs", "--table", table]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        megabytes = json.loads(output.splitlines()[-1])
        growth = megabytes[-1] / megabytes[0] - 1
        result["tables"][table] = {"rss_mb": megabytes, "growth": round(growth, 4)}
        print(f"{table}: {megabytes[0]:.0f} MB after {EVERY} jobs, {megabytes[-1]:.0f} after {COUNT} ({growth:+.1%})")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result | stamp("tensorflow", "numpy"), indent=2) + "\n")


if __name__ == "__main__":
    main()
