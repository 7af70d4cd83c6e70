"""Same look: seconds until nst's results are as good as those of TensorFlow's tutorial, by the referee's scores.

    python -m benchmarks.speed.look [--size 512] [--pairs 3] [--strengths 40,60,80,100]

The tutorial's images are the checkpoints stored by benchmarks.speed.time_to_loss; run that module first. Ours come
from the default settings of nst's engines, and from nst on the tutorial's objective. An image is as good as another
if style, content and layout are all no worse within TOLERANCE, and noise is no higher or at most CLEAN. Style trades
off against content, so our results are made at several strengths, all of which are listed. A row is a pair with a
setting.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from PIL import Image

import nst
from benchmarks.paths import BUILD
from benchmarks.quality.engines import SETTINGS, require
from benchmarks.quality.referee import Referee, complete
from benchmarks.records import kept, newest
from benchmarks.speed.material import PAIRS, Task, pair_name, shallow_task
from benchmarks.speed.nst_loops import REFERENCE, packages, paint, tutorial_settings
from benchmarks.speed.reference_loops import Report
from benchmarks.speed.time_to_loss import TABLE as REFERENCES
from benchmarks.speed.turns import Mark, players

TABLE = "look"
ENGINES = ("lite", "lite-from-draft", "vgg19-blocks1-3")  # from benchmarks.quality.engines.SETTINGS
SAME = "tutorial-objective"  # our loop without a strength, at the loss weights of the tutorial loop
TOLERANCE = 0.01
CLEAN = 1.2  # acceptable noise score

Scores = dict[str, float]


def as_good(ours: Scores, theirs: Scores) -> bool:
    """Return True if none of our scores is worse.

    Tolerances: style, content and layout may be 0.01 higher; noise may be higher up to 1.2.
    """
    alike = all(ours[score] <= theirs[score] + TOLERANCE for score in ("style", "content", "layout"))
    return alike and ours["noise"] <= max(CLEAN, theirs["noise"])


def reference(pair: int, size: int) -> dict[str, Any]:
    """Return the stored seconds and scores of the tutorial loop, by checkpoint; exit the program if there are none."""
    row = newest(REFERENCES, f"{pair_name(pair)}-{size}")
    if row is None:
        sys.exit(
            "There is no tutorial loop to compare with; "
            f"python -m benchmarks.speed.time_to_loss --sizes {size} runs it."
        )
    reached: dict[str, Any] = row["loops"][REFERENCE]["reached"]
    return reached


def settings_of(task: Task, engine: str, strength: float | None) -> nst.OptimizeSettings:
    if strength is None:
        return tutorial_settings(task, steps=nst.PRESETS["balanced"].steps, optimizer="lbfgs")
    settings = SETTINGS[engine]
    assert isinstance(settings, nst.OptimizeSettings)
    return replace(settings, strength=strength, size=None)


def loop(task: Task, _steps: int, report: Report, *, settings: nst.OptimizeSettings) -> None:
    """Stylize a task with `settings`; a loop for turns.players(), which ignores the number of steps."""
    paint(task, settings, report)


def watch(
    referee: Referee, task: Task, engine: str, strength: float | None, theirs: dict[str, Any], folder: Path
) -> dict[str, Any]:
    """Stylize the task and return when its snapshots became as good as each reference in `theirs`.

    `theirs` are seconds and scores of the tutorial loop by checkpoint, from reference(). The returned figures also
    include the last snapshot, the cold start and the peak memory. `folder` is for images to score.
    """
    painter = partial(loop, settings=settings_of(task, engine, strength))
    with players({engine: painter}, task, {engine: 0}, {engine: 0.0}) as (player,):
        marks: list[Mark] = []
        while not player.over:
            marks += player.turn()
    folder.mkdir(parents=True, exist_ok=True)
    path, found = folder / "picture.png", []
    for mark in marks:
        Image.fromarray(mark.picture).save(path)
        scores = referee.judge(task.content, task.style, path)
        found.append({"step": mark.step, "seconds": mark.seconds, "scores": scores})
    firsts = {step: first_as_good(found, their["scores"]) for step, their in theirs.items()}
    reached = {step: first for step, first in firsts.items() if first}
    return {"reached": reached, "last": found[-1], "cold_s": player.cold, "peak_mb": player.peak_mb}


def first_as_good(found: list[dict[str, Any]], theirs: Scores) -> dict[str, Any] | None:
    """Return the first snapshot in `found` that is as good as the reference scores `theirs`, or None."""
    return next((each for each in found if as_good(each["scores"], theirs)), None)


def measure(size: int, pairs: int, strengths: list[float]) -> list[dict[str, Any]]:
    """Measure all combinations of pairs, engines and strengths; return a row for each.

    `pairs` is the number of pairs, `size` the side of the images in pixels. Rows stored with the same parameters are
    reused.
    """
    require(ENGINES)
    referee, references = complete(), [reference(pair, size) for pair in range(pairs)]
    rows = []
    runs = [(SAME, None), *product(ENGINES, strengths)]
    for pair, (engine, strength) in product(range(pairs), runs):
        name = f"{pair_name(pair)}-{size}-{engine}" + ("" if strength is None else f"-{strength:g}")
        theirs = references[pair]
        asked = {"pair": pair_name(pair), "size": size, "engine": engine, "strength": strength, "theirs": theirs}
        work = partial(watch, referee, shallow_task(pair, size), engine, strength, theirs, BUILD / TABLE / name)
        rows.append(kept(TABLE, name, asked, work, packages([])))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--pairs", type=int, default=len(PAIRS), help="how many of the pairs")
    parser.add_argument("--strengths", default="40,60,80,100")
    given = parser.parse_args()
    for row in measure(given.size, given.pairs, [float(strength) for strength in given.strengths.split(",")]):
        asked, times = row["asked"], {step: f"{found['seconds']:.1f} s" for step, found in row["reached"].items()}
        print(asked["pair"], asked["engine"], asked["strength"], times, row["last"]["scores"])


if __name__ == "__main__":
    main()
