"""Memory of a server after ten jobs and after a hundred, with mixed sizes, engines and images.

    python -m benchmarks.speed.jobs [--out benchmarks/results/jobs.json]

Jobs run as on the page: one worker of nst.jobs.queue for each engine, one job after another, each for a session that
then leaves. Every job has images of its own. In the first table, the image shapes repeat every ten jobs; in the second,
each content image has a new shape. oneDNN, which TensorFlow uses, caches data for each shape, up to a fixed number
(github.com/tensorflow/tensorflow/pull/24482): memory grows until the cache is full. Each table is measured in a process
of its own.
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
from benchmarks.paths import RESULTS
from benchmarks.records import stamp
from nst.jobs.queue import JobQueue, State
from nst.run.control import Control
from nst.run.snapshot import Checkpoint, Snapshot
from nst.settings.engines import Settings

COUNT, EVERY = 100, 10  # number of jobs, and jobs between two memory readings
SHAPES = ((240, 320), (320, 240), (256, 384), (288, 288), (216, 384))  # (height, width), as from cameras
SIZES = (160, 256, 320, 384)  # long side of a result in pixels
STYLE = (280, 350)
PATIENCE = 120.0  # timeout of a job in seconds
TABLES = {"shapes come back": False, "every shape is new": True}

Picture = NDArray[np.uint8]


def settings(number: int) -> Settings:
    """Return the settings of job `number`: three variants of the optimize engine and two of the fast engine in turn."""
    size = SIZES[number % EVERY % len(SIZES)]
    common: dict[str, Any] = {"network": "lite", "size": size, "steps": 5}
    kinds: tuple[Settings, ...] = (
        nst.OptimizeSettings(**common, init="fast"),
        nst.FastSettings(size=size),
        nst.OptimizeSettings(**common, optimizer="adam", min_improvement=1.0),
        nst.FastSettings(size=size, strength=50),
        nst.OptimizeSettings(**common, init="noise"),
    )
    return kinds[number % len(kinds)]


def shape(number: int, draw: np.random.Generator, *, new: bool) -> tuple[int, int]:
    """Return the (height, width) of the content image of job `number`.

    `new` gives a random shape drawn from `draw`; otherwise shapes repeat every ten jobs.
    """
    if new:
        height, width = draw.integers(200, 400, 2)
        return int(height), int(width)
    return SHAPES[number % EVERY % len(SHAPES)]


def work(jobs: JobQueue, visitor: str, photo: Picture, style: Picture, wanted: Settings) -> None:
    """Submit one job for `visitor` to `jobs` and wait for its end.

    Exits the program with a message if the job fails or takes 120 seconds.
    """

    def run(control: Control, resume: Checkpoint | None) -> Iterator[Snapshot]:
        return nst.stream(photo, style, wanted, control=control, resume=resume)

    job = jobs.submit(visitor, run, payload=None)
    if not job.ended.wait(PATIENCE) or job.progress.state is not State.DONE:
        sys.exit(f"a job with {wanted} came to nothing: {job.progress.error or 'it took too long'}")


def measure(*, new: bool) -> list[float]:
    """Run 100 jobs and return the resident memory of this process in MB after every ten; see shape() for `new`."""
    draw, here, megabytes = np.random.default_rng(0), [""], []
    server = partial(JobQueue, is_alive=lambda visitor: visitor == here[0], grace=0.0)
    engines = {nst.OptimizeSettings: server(), nst.FastSettings: server()}
    for number in range(COUNT):
        here[0] = f"visitor {number}"
        for each in engines.values():
            each.sweep()  # the previous session has left
        wanted = settings(number)
        shapes = (shape(number, draw, new=new), STYLE)
        photo, style = (draw.integers(0, 256, (*each, 3), np.uint8) for each in shapes)
        work(engines[type(wanted)], here[0], photo, style, wanted)
        if (number + 1) % EVERY == 0:
            megabytes.append(round(psutil.Process().memory_info().rss / 1e6, 1))
    return megabytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=RESULTS / "jobs.json")
    parser.add_argument("--table", choices=tuple(TABLES), help="measure one of them in this process and print it alone")
    arguments = parser.parse_args()
    if arguments.table is not None:
        print(json.dumps(measure(new=TABLES[arguments.table])))
        return
    result: dict[str, Any] = {"jobs": COUNT, "every": EVERY, "tables": {}}
    for table in TABLES:
        command = [sys.executable, "-m", "benchmarks.speed.jobs", "--table", table]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        megabytes = json.loads(output.splitlines()[-1])
        growth = megabytes[-1] / megabytes[0] - 1
        result["tables"][table] = {"rss_mb": megabytes, "growth": round(growth, 4)}
        print(f"{table}: {megabytes[0]:.0f} MB after {EVERY} jobs, {megabytes[-1]:.0f} after {COUNT} ({growth:+.1%})")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result | stamp("tensorflow", "numpy"), indent=2) + "\n")


if __name__ == "__main__":
    main()
