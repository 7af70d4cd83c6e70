"""Same algorithm: seconds per step of each style-transfer loop, and its share of the machine's peak throughput.

    python -m benchmarks.speed.step_time [--sizes 256,512,1024] [--seeds 3] [--loops NAMES] [--ours 100] [--theirs 12]

All loops use VGG19 down to block5_conv2, the layers of TensorFlow's tutorial; weights deeper than block 3 are random,
with a seed for each pair. Loops take turns of at least a step. cold: from an empty process to the first step; warm: the
median step of a later call. Share: counted FLOPs of a step over its seconds, over the peak of matrix products in the
loop's number format, probed in the same row. Our loops run longer, until their results can be scored. A row is a seed
at a size.
"""

from __future__ import annotations

import argparse
import statistics
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.paths import BUILD
from benchmarks.processes import apart
from benchmarks.quality.referee import Referee, complete
from benchmarks.records import kept
from benchmarks.speed.material import DEEP, PAIRS, Task, deep_task, pair_name
from benchmarks.speed.nst_loops import LOOPS, packages, require
from benchmarks.speed.probe import peak_flops, step_flops
from benchmarks.speed.time_to_loss import rounded
from benchmarks.speed.turns import Mark, players
from nst.models import precision
from nst.models.extractors.vgg19 import VGG19

TABLE = "step_time"
TURN = 2.0  # seconds


def number_format(loop: str) -> str:
    """Return the number format of the convolutions of a loop."""
    if loop.startswith("nst"):
        return precision.resolve("auto")
    return "bfloat16" if loop.startswith("torch") and precision.processor_has_bfloat16() else "float32"


def timed(marks: list[Mark], cold: float, peak_mb: float, flops: int, peak: float) -> dict[str, float]:
    """Return the figures of one loop from its completed steps.

    `cold` is the seconds to the first step in a new process, `flops` are per step, `peak` is FLOPs per second.
    """
    steps = [after.seconds - before.seconds for before, after in pairwise(marks)]
    step = statistics.median(steps)
    return {
        "cold_s": cold,
        "first_s": marks[0].seconds,
        "step_s": step,
        "slowest_step_s": max(steps),
        "share": flops / step / peak,
        "peak_mb": peak_mb,
        "steps": marks[-1].step,
    }


def compare(referee: Referee, task: Task, folder: Path, loops: list[str], ours: int, theirs: int) -> dict[str, Any]:
    """Run all loops on one task and return the figures of a row.

    `ours` is the number of steps of nst's loops, `theirs` that of the others; last images are saved to `folder`.
    """
    steps = {loop: ours if loop.startswith("nst") else theirs for loop in loops}
    peak = apart(peak_flops)
    marks: dict[str, list[Mark]] = {loop: [] for loop in loops}
    with players({loop: LOOPS[loop] for loop in loops}, task, steps, dict.fromkeys(loops, TURN)) as playing:
        while going := [player for player in playing if not player.over]:
            for player in going:
                marks[player.name] += player.turn()
        peaks = {player.name: (player.cold, player.peak_mb) for player in playing}
    content, styles = ((DEEP[0], 1.0),), tuple((name, 1.0) for name in DEEP[1])
    flops = step_flops(VGG19, content, styles, Image.open(task.content).size)
    found = {
        loop: timed(marks[loop], *peaks[loop], flops, peak[number_format(loop)])
        | {"format": number_format(loop), "scores": scores(referee, task, marks[loop][-1], folder / f"{loop}.png")}
        for loop in loops
    }
    return {"flops": flops, "peak_flops": peak, "loops": found}


def scores(referee: Referee, task: Task, mark: Mark, path: Path) -> dict[str, float]:
    """Save the image of a completed step at `path` and return the referee's scores."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rounded(mark.picture)).save(path)
    return referee.judge(task.content, task.style, path)


def measure(sizes: list[int], seeds: int, loops: list[str], ours: int, theirs: int) -> list[dict[str, Any]]:
    """Measure all loops for each size and seed; return a row for each size and seed.

    `seeds` is the number of seeds, `ours` the number of steps of nst's loops, `theirs` that of the others. Rows stored
    with the same parameters are reused.
    """
    referee, rows = complete(), []
    for size in sizes:
        for seed in range(seeds):
            name = f"seed{seed}-{size}"
            asked = {"size": size, "seed": seed, "pair": pair_name(seed % len(PAIRS)), "loops": loops}
            asked |= {"ours": ours, "theirs": theirs}
            task = deep_task(seed % len(PAIRS), size, seed)
            work = partial(compare, referee, task, BUILD / TABLE / name, loops, ours, theirs)
            rows.append(kept(TABLE, name, asked, work, packages(loops)))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="256,512,1024")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--loops", default=",".join(LOOPS), help=f"of {', '.join(LOOPS)}")
    parser.add_argument("--ours", type=int, default=100, help="steps of our loops")
    parser.add_argument("--theirs", type=int, default=12, help="steps of the others")
    given = parser.parse_args()
    sizes, loops = [int(size) for size in given.sizes.split(",")], given.loops.split(",")
    require(loops)
    for row in measure(sizes, given.seeds, loops, given.ours, given.theirs):
        print(row["asked"]["size"], {name: f"{peak / 1e9:.0f} GFLOP/s" for name, peak in row["peak_flops"].items()})
        for loop, found in row["loops"].items():
            figures = f"{found['step_s']:.3f} s a step, {found['share']:.0%} of the peak in {found['format']}"
            print(f"  {loop:12} {figures}, cold {found['cold_s']:.1f} s, {found['peak_mb']:.0f} MB")


if __name__ == "__main__":
    main()
