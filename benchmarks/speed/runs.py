"""Measurement of single style-transfer runs on content images of exact sizes: warm run time, and memory.

Each run needs a process of its own (benchmarks.processes.apart), because memory is counted per process.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PIL import Image, ImageOps

import nst
from benchmarks.paths import BUILD
from benchmarks.processes import peak_mb
from benchmarks.quality.engines import SETTINGS
from nst.images import io as images
from nst.images import samples
from nst.settings.engines import Settings

STYLE, OTHER_STYLE = samples.DEFAULT_STYLE, "great-swell"  # for the run, and for its warm-up
# Settings shared by several tables. The size is that of the content image.
LITE = nst.OptimizeSettings(network="lite", size=None)
VGG19 = replace(SETTINGS["vgg19-blocks1-3"], size=None)
FAST = nst.FastSettings(size=None)
WARM_SIDE, WARM_STEPS = 256, 6

Size = tuple[int, int]  # (width, height) in pixels
Mark = tuple[Size, int, float]  # of a snapshot: working size, step, seconds since the call


@dataclass(frozen=True)
class Run:
    """Style-transfer run to measure: settings, and a sample photo (by slug), cropped and scaled to `size`."""

    name: str
    settings: Settings
    size: Size
    photo: str

    @property
    def megapixels(self) -> float:
        return self.size[0] * self.size[1] / 1e6


def photo_of(run: Run) -> Path:
    """Return the content image file of a run; create the file if missing."""
    path = BUILD / "pictures" / f"{run.photo}-{run.size[0]}x{run.size[1]}.jpg"
    if not path.is_file():
        sample = next(sample for sample in samples.photos() if sample.slug == run.photo)
        picture = ImageOps.fit(Image.open(sample.path).convert("RGB"), run.size, Image.Resampling.LANCZOS)
        path.parent.mkdir(parents=True, exist_ok=True)
        images.write(np.asarray(picture), path)
    return path


def style(slug: str = STYLE) -> Path:
    """Return the file of the sample style `slug`."""
    return next(sample.path for sample in samples.styles() if sample.slug == slug)


def measure(run: Run, photo: Path, picture: Path) -> dict[str, Any]:
    """Perform a style-transfer run and write its result to `picture`; return run time, peak memory and time per level.

    A small warm-up run loads TensorFlow and the network, and traces the functions for images without tiles. Time is in
    seconds from the call to the last snapshot, memory is that of this process; swapped memory is counted for the whole
    system.
    """
    steps = {"steps": WARM_STEPS} if isinstance(run.settings, nst.OptimizeSettings) else {}
    nst.stylize(photo, style(OTHER_STYLE), replace(run.settings, size=WARM_SIDE, **steps))
    marks: list[Mark] = []
    swapped, began = psutil.swap_memory().sout, time.perf_counter()
    for snapshot in nst.stream(photo, style(), run.settings):
        marks.append((snapshot.working_size, snapshot.step, time.perf_counter() - began))
    found = {
        "seconds": marks[-1][2],
        "peak_gb": peak_mb() * 2**20 / 1e9,
        "swapped_mb": (psutil.swap_memory().sout - swapped) / 1e6,
        "levels": levels(marks),
    }
    picture.parent.mkdir(parents=True, exist_ok=True)
    images.write(snapshot.image, picture)
    return found


def levels(marks: Iterable[Mark]) -> list[dict[str, Any]]:
    """Return steps and seconds spent at each working size, from the snapshots of a run.

    Steps after the last snapshot of a size count for the next size; they are few or fast.
    """
    found, step_before, before = [], 0, 0.0
    for size, group in groupby(marks, key=lambda mark: mark[0]):
        _, step, seconds = list(group)[-1]
        found.append({"size": size, "steps": step - step_before, "seconds": seconds - before})
        step_before, before = step, seconds
    return found
