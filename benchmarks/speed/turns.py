"""Fair timing of several style-transfer loops: each runs in its own process, and they take turns of a few seconds.

Only one loop works at a time, so none is affected by the threads or memory of another, and a temporary slowdown of the
machine affects all loops. Seconds count only during a loop's own turns.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from numpy.typing import NDArray

from benchmarks.processes import peak_mb
from benchmarks.speed.material import Task
from benchmarks.speed.reference_loops import Loop


@dataclass(frozen=True)
class Mark:
    """Completed step of a loop: its number, working seconds since the start of the warm call, and the image."""

    step: int
    seconds: float
    picture: NDArray[Any] = field(repr=False)  # float32 RGB in [0, 1] or uint8, (H, W, 3)


class Enough(Exception):
    """Exception that ends a loop from inside its report function, when no more steps are needed."""


class Player:
    """Style-transfer loop in a process of its own, which works only during turn().

    `cold` is the seconds from the start of the process until the warm-up has completed its first step.
    """

    def __init__(self, name: str, loop: Loop, task: Task, steps: int, turn_seconds: float) -> None:
        self.name, self.over, self.peak_mb = name, False, 0.0
        context = multiprocessing.get_context("spawn")
        self._pipe, far = context.Pipe()
        self._process = context.Process(target=_work, args=(far, loop, task, steps, turn_seconds), daemon=True)
        began = time.perf_counter()
        self._process.start()
        far.close()
        self._receive()
        self.cold = time.perf_counter() - began

    def turn(self) -> list[Mark]:
        """Run the loop for a turn of about `turn_seconds` and return the steps completed in it."""
        self._pipe.send(True)
        marks, self.over, self.peak_mb = self._receive()
        found: list[Mark] = marks
        return found

    def stop(self) -> None:
        """End the process, even in the middle of the loop."""
        self.over = True
        with suppress(BrokenPipeError):
            self._pipe.send(False)
        self._process.join()

    def _receive(self) -> Any:
        try:
            return self._pipe.recv()
        except EOFError:
            raise RuntimeError(f"{self.name} ended before its time; its message stands above.") from None


@contextmanager
def players(loops: dict[str, Loop], task: Task, steps: dict[str, int], seconds: dict[str, float]) -> Iterator[Any]:
    """Yield a started Player for each loop, by name, and stop all of them at the end.

    `steps` is the number of steps and `seconds` the length of a turn of each loop, by name.
    """
    started: list[Player] = []
    try:
        for name, loop in loops.items():
            print(f"  starting {name}", flush=True)
            started.append(Player(name, loop, task, steps[name], seconds[name]))
        yield started
    finally:
        for player in started:
            player.stop()


class Clock:
    """Stopwatch inside a loop's process, which runs only during turns.

    report() pauses the loop at the end of a turn.
    """

    def __init__(self, pipe: Connection, turn_seconds: float) -> None:
        self._pipe, self._turn = pipe, turn_seconds
        self._marks: list[Mark] = []
        self._spent = self._spent_before = 0.0
        self._wait()

    def report(self, step: int, picture: NDArray[Any]) -> None:
        self._spent += time.perf_counter() - self._since
        self._marks.append(Mark(step, self._spent, picture.copy()))
        if self._spent - self._spent_before >= self._turn:
            self.hand_over(last=False)
            self._wait()
        else:
            self._since = time.perf_counter()

    def hand_over(self, *, last: bool) -> None:
        self._pipe.send((self._marks, last, peak_mb()))
        self._marks, self._spent_before = [], self._spent

    def _wait(self) -> None:
        if not self._pipe.recv():
            raise Enough
        self._since = time.perf_counter()


def _work(pipe: Connection, loop: Loop, task: Task, steps: int, turn_seconds: float) -> None:
    with suppress(Enough):
        loop(task, 2, _once)  # warm-up: loads libraries and weights, traces functions
    pipe.send("warm")
    with suppress(Enough):
        clock = Clock(pipe, turn_seconds)
        loop(task, steps, clock.report)
        clock.hand_over(last=True)


def _once(_step: int, _picture: NDArray[Any]) -> None:
    raise Enough
