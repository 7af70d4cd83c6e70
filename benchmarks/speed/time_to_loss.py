"""Same loss: seconds that each style-transfer loop takes to reach the loss of TensorFlow's tutorial at some steps.

    python -m benchmarks.speed.time_to_loss [--sizes 512] [--pairs 3] [--checkpoints 100,300,1000] [--loops NAMES]

The objective is the tutorial's on real weights, blocks 1 to 3. The tutorial loop's float32 images set the target
losses. The images of every loop are evaluated rounded to 8 bits, in float32, by an Objective that no loop uses. Loops
take turns and are warm; time counts from the call on. A row is a pair at a size.
"""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.paths import BUILD
from benchmarks.quality.referee import Referee, complete
from benchmarks.records import kept
from benchmarks.speed.material import PAIRS, Task, pair_name, shallow_task
from benchmarks.speed.nst_loops import LOOPS, REFERENCE, packages, require
from benchmarks.speed.turns import Mark, Player, players

TABLE = "time_to_loss"
TURN = {REFERENCE: 20.0}  # seconds; the reference takes the longest
USUAL_TURN = 4.0
EVERY = {"adam": 5, "lbfgs": 1}  # steps between evaluated images; the reference is also evaluated at its checkpoints
MOST_STEPS = {"adam": 3000, "lbfgs": 1500}  # limit of a loop that does not reach the target

Curve = list[tuple[float, float]]  # (seconds, loss) of 8-bit images


def first_below(curve: Curve, target: float) -> int | None:
    """Return the index of the first point of a curve with a loss of at most `target`, or None."""
    return next((index for index, (_, loss) in enumerate(curve) if loss <= target), None)


def rounded(picture: NDArray[Any]) -> NDArray[np.uint8]:
    """Convert an image in [0, 1] to uint8, as for a file; return a uint8 image unchanged."""
    return picture if picture.dtype == np.uint8 else np.rint(picture * 255).astype(np.uint8)


def kind(name: str) -> str:
    return "lbfgs" if name.endswith("lbfgs") else "adam"


class Race:
    """Measurement of all loops on one pair at one size.

    A loop ends on reaching the last target loss, or after taking longer than the reference loop.
    """

    def __init__(self, referee: Referee, task: Task, name: str, checkpoints: list[int], loops: list[str]) -> None:
        from benchmarks.speed.objective import Objective

        self._referee, self._task, self._folder, self._checkpoints = referee, task, BUILD / TABLE / name, checkpoints
        self._loops = [REFERENCE, *(loop for loop in loops if loop != REFERENCE)]
        self._objective = Objective(task)
        self._curves: dict[str, Curve] = {loop: [] for loop in self._loops}
        self._steps: dict[str, list[int]] = {loop: [] for loop in self._loops}
        self._pictures: dict[str, list[NDArray[np.uint8]]] = {loop: [] for loop in self._loops}
        self._targets: dict[int, float] = {}

    def run(self) -> dict[str, Any]:
        """Run all loops and return the figures of a row.

        These are the target losses, and for each loop its loss curve, its time to each target and its peak memory.
        """
        steps = {loop: MOST_STEPS[kind(loop)] for loop in self._loops} | {REFERENCE: self._checkpoints[-1]}
        turns = {loop: TURN.get(loop, USUAL_TURN) for loop in self._loops}
        begun = {loop: LOOPS[loop] for loop in self._loops}
        with players(begun, self._task, steps, turns) as racing:
            while going := [player for player in racing if not player.over]:
                for player in going:
                    self._judge_turn(player.name, player.turn())
                    if self._done(player):
                        player.stop()
            memory = {player.name: player.peak_mb for player in racing}
        start = self._objective.loss(np.asarray(Image.open(self._task.content)))
        return {
            "start": start,
            "targets": self._targets,
            "loops": {loop: {**self._result(loop), "peak_mb": memory[loop]} for loop in self._loops},
        }

    def _judge_turn(self, loop: str, marks: list[Mark]) -> None:
        for mark in marks:
            checkpoint = loop == REFERENCE and mark.step in self._checkpoints
            if checkpoint:
                self._targets[mark.step] = self._objective.loss(mark.picture)
            if checkpoint or mark.step % EVERY[kind(loop)] == 0:
                picture = rounded(mark.picture)
                self._curves[loop].append((mark.seconds, self._objective.loss(picture)))
                self._steps[loop].append(mark.step)
                self._pictures[loop].append(picture)

    def _done(self, player: Player) -> bool:
        """Return True if the loop has ended, reached the last target, or taken longer than the reference loop."""
        last = self._checkpoints[-1]
        if player.over or last not in self._targets or not (curve := self._curves[player.name]):
            return player.over
        return first_below(curve, self._targets[last]) is not None or curve[-1][0] > self._curves[REFERENCE][-1][0]

    def _result(self, loop: str) -> dict[str, Any]:
        curve, reached = self._curves[loop], {}
        for checkpoint, target in self._targets.items():
            index = self._steps[loop].index(checkpoint) if loop == REFERENCE else first_below(curve, target)
            if index is not None:
                reached[checkpoint] = {
                    "step": self._steps[loop][index],
                    "seconds": curve[index][0],
                    "scores": self._scores(self._pictures[loop][index], f"{loop}-{checkpoint}"),
                }
        return {"reached": reached, "curve": curve}

    def _scores(self, picture: NDArray[np.uint8], name: str) -> dict[str, float]:
        self._folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(path := self._folder / f"{name}.png")
        return self._referee.judge(self._task.content, self._task.style, path)


def race(referee: Referee, task: Task, name: str, checkpoints: list[int], loops: list[str]) -> dict[str, Any]:
    """Run a Race of `loops`, keys of LOOPS, on one task and return the figures of its row; `name` is its folder."""
    return Race(referee, task, name, checkpoints, loops).run()


def measure(sizes: list[int], pairs: int, checkpoints: list[int], loops: list[str]) -> list[dict[str, Any]]:
    """Measure all loops on each pair at each size; return a row for each pair and size.

    `pairs` is the number of pairs. Rows stored with the same parameters are reused.
    """
    referee, rows = complete(), []
    for size in sizes:
        for pair in range(pairs):
            name = f"{pair_name(pair)}-{size}"
            asked = {"pair": pair_name(pair), "size": size, "checkpoints": checkpoints, "loops": loops}
            work = partial(race, referee, shallow_task(pair, size), name, checkpoints, loops)
            rows.append(kept(TABLE, name, asked, work, packages([REFERENCE, *loops])))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="512")
    parser.add_argument("--pairs", type=int, default=len(PAIRS), help="how many of the pairs")
    parser.add_argument("--checkpoints", default="100,300,1000", help="steps of the tutorial loop, rising")
    parser.add_argument("--loops", default=",".join(LOOPS), help=f"of {', '.join(LOOPS)}")
    given = parser.parse_args()
    sizes, checkpoints = ([int(each) for each in text.split(",")] for text in (given.sizes, given.checkpoints))
    loops = given.loops.split(",")
    require(loops)
    for row in measure(sizes, given.pairs, checkpoints, loops):
        print(row["asked"]["pair"], row["asked"]["size"])
        for loop, result in row["loops"].items():
            times = {step: f"{found['seconds']:.1f} s" for step, found in result["reached"].items()}
            print(f"  {loop:12} {times} {result['peak_mb']:.0f} MB")


if __name__ == "__main__":
    main()
