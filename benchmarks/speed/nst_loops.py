"""All style-transfer loops of the speed benchmarks by name: nst's own and the reference loops.

Ours are run by nst.stream(), with a snapshot after each step. A loop takes a task, a number of steps, and `report`,
which is called with step and image after each step.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import closing
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
from PIL import Image

import nst
from benchmarks.speed.material import CONTENT_WEIGHT, STYLE_WEIGHT, Task
from benchmarks.speed.reference_loops import Loop, Report, scipy_lbfgs, tf_tutorial, torch_adam, torch_lbfgs


def tutorial_settings(task: Task, **more: Any) -> nst.OptimizeSettings:
    """Return nst settings with the objective of TensorFlow's tutorial, at one size; `more` are other settings."""
    return nst.preset(
        "tf-tutorial",
        size=None,
        weights=str(task.weights),
        content_layers=((task.content_layer, 1.0),),
        style_layers=tuple((name, 1.0) for name in task.style_layers),
        content_weight=CONTENT_WEIGHT,
        style_weight=STYLE_WEIGHT,
        tv_weight=0.0,
        **more,
    )


def nst_loop(task: Task, steps: int, report: Report, *, optimizer: str) -> None:
    """Run nst for `steps` steps with the objective of TensorFlow's tutorial, and `report` each step and its image."""
    paint(task, tutorial_settings(task, steps=steps, optimizer=optimizer, preview_every=1), report)


def paint(task: Task, settings: nst.OptimizeSettings | nst.FastSettings, report: Report) -> None:
    """Run nst with the given settings on the task's images, and `report` step and image of each snapshot."""
    content, style = (np.asarray(Image.open(path)) for path in (task.content, task.style))
    with closing(nst.stream(content, style, settings)) as snapshots:
        for snapshot in snapshots:
            report(snapshot.step, snapshot.image)


LOOPS: dict[str, Loop] = {
    "tf-tutorial": tf_tutorial,
    "scipy-lbfgs": scipy_lbfgs,
    "torch-adam": torch_adam,
    "torch-lbfgs": torch_lbfgs,
    "nst-adam": partial(nst_loop, optimizer="adam"),
    "nst-lbfgs": partial(nst_loop, optimizer="lbfgs"),
}
REFERENCE = "tf-tutorial"


def packages(loops: Iterable[str]) -> list[str]:
    """Return the names of the packages that the loops use."""
    loops = list(loops)
    more = [package for package in ("torch", "scipy") if any(loop.startswith(package) for loop in loops)]
    return ["tensorflow", "keras", "numpy", *more]


def require(loops: Iterable[str], more: Iterable[str] = ()) -> None:
    """Exit the program with a message if a loop is unknown, or a package of the loops or in `more` is not installed."""
    loops = list(loops)
    if unknown := [loop for loop in loops if loop not in LOOPS]:
        sys.exit(f"unknown loops: {', '.join(unknown)}; known are {', '.join(LOOPS)}")
    if lacking := [name for name in (*packages(loops), *more) if find_spec(name) is None]:
        users = [loop for loop in loops if set(packages([loop])) & set(lacking)]
        advice = f", or leave out {', '.join(users)}" if users else ""
        sys.exit(f"{' and '.join(lacking)} not installed: 'make bench' installs requirements-bench.txt{advice}.")
