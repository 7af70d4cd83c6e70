"""Tests of single style-transfer runs: content images and measured figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.speed import runs
from benchmarks.speed.runs import FAST, LITE, Run, levels, measure, photo_of
from nst.images import io as images
from nst.images import samples
from nst.settings.engines import Settings


@pytest.fixture(autouse=True)
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "BUILD", tmp_path / "build")


@pytest.mark.parametrize("size", [(48, 64), (800, 100)])
def test_a_photo_is_cropped_to_the_size_not_stretched(size: tuple[int, int]) -> None:
    found = Image.open(photo_of(Run("a", LITE, size, "astronaut")))
    assert found.size == size
    whole = Image.open(next(sample.path for sample in samples.photos() if sample.slug == "astronaut"))
    scale = min(whole.width / size[0], whole.height / size[1])
    left, top = ((side - scale * part) / 2 for side, part in zip(whole.size, size, strict=True))
    box = left, top, whole.width - left, whole.height - top
    middle, stretched = whole.resize(size, Image.Resampling.BICUBIC, box), whole.resize(size, Image.Resampling.BICUBIC)
    apart = [np.abs(np.asarray(found, float) - np.asarray(other, float)).mean() for other in (middle, stretched)]
    assert apart[0] < 4 and apart[1] > 3 * apart[0]


def test_a_photo_is_generated_once() -> None:
    run = Run("a", LITE, (32, 18), "coffee")
    photo_of(run).write_bytes(b"kept")
    assert photo_of(run).read_bytes() == b"kept"


def test_a_size_counts_steps_and_seconds_up_to_its_last_preview() -> None:
    """Include a draft, which is as large as the result but has an entry of its own."""
    draft, *steps = ((256, 144), 0, 0.5), ((64, 36), 1, 0.75), ((64, 36), 3, 1.0), ((128, 72), 6, 2.0)
    assert levels([draft, *steps, ((128, 72), 9, 5.0), ((256, 144), 10, 9.0)]) == [
        {"size": (256, 144), "steps": 0, "seconds": 0.5},
        {"size": (64, 36), "steps": 3, "seconds": 0.5},
        {"size": (128, 72), "steps": 6, "seconds": 4.0},
        {"size": (256, 144), "steps": 1, "seconds": 4.0},
    ]


@pytest.mark.parametrize("settings", [replace(LITE, steps=4, preview_every=1), FAST], ids=["lite", "fast"])
def test_a_run_is_measured_and_its_picture_written(settings: Settings, tmp_path: Path) -> None:
    run = Run("small", settings, (160, 90), "coffee")
    found = measure(run, photo_of(run), tmp_path / "pictures" / "small.png")
    assert images.read(tmp_path / "pictures" / "small.png").rgb.shape == (90, 160, 3)
    assert found["seconds"] == pytest.approx(sum(level["seconds"] for level in found["levels"]))
    assert sum(level["steps"] for level in found["levels"]) == (1 if settings is FAST else 4)
    assert found["levels"][-1]["size"] == run.size
    assert 0.1 < found["peak_gb"] < 8 and found["seconds"] > 0 and found["swapped_mb"] >= 0
