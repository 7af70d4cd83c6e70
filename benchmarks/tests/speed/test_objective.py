"""Tests of the tutorial's objective against NumPy, and of all loops against the objective."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image

from benchmarks.speed.material import CONTENT_WEIGHT, SHALLOW, STYLE_WEIGHT, Task, read
from benchmarks.speed.nst_loops import LOOPS
from benchmarks.speed.objective import Objective
from nst.models.extractors.vgg19 import VGG19

SIDE = 32

Array = NDArray[np.float64]


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    """Return a task with small images of blobs, and random weights for blocks 1 to 3."""
    folder, draw = tmp_path_factory.mktemp("task"), np.random.default_rng(0)
    arrays = {}
    for name, shape in VGG19.kernel_shapes(SHALLOW[0]).items():
        arrays[f"{name}/kernel"] = draw.normal(0, np.sqrt(1 / np.prod(shape[:3])), shape).astype(np.float32)
        arrays[f"{name}/bias"] = draw.normal(0, 1, shape[-1]).astype(np.float32)
    np.savez(folder / "weights.npz", **arrays)
    for name in ("content", "style"):
        blobs = Image.fromarray(draw.integers(0, 256, (8, 8, 3), np.uint8))
        blobs.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(folder / f"{name}.png")
    return Task(folder / "content.png", folder / "style.png", folder / "weights.npz", *SHALLOW)


def features(rgb: Array, weights: Path, layers: tuple[str, ...]) -> dict[str, Array]:
    """Return the outputs of VGG19 by layer, computed in NumPy: zero padding, ReLU, maxima of 2 x 2."""
    x, arrays = rgb[..., ::-1] * 255 - [103.939, 116.779, 123.68], np.load(weights)
    found = {}
    for name in layers:
        if name.endswith("conv1") and name != layers[0]:
            x = x.reshape(x.shape[0] // 2, 2, x.shape[1] // 2, 2, -1).max((1, 3))
        windows = sliding_window_view(np.pad(x, ((1, 1), (1, 1), (0, 0))), (3, 3), (0, 1))  # (H, W, in, 3, 3)
        x = np.tensordot(windows, arrays[f"{name}/kernel"], ([2, 3, 4], [2, 0, 1])) + arrays[f"{name}/bias"]
        x = found[name] = np.maximum(x, 0)
    return found


def gram(x: Array) -> Array:
    flat = x.reshape(-1, x.shape[-1])
    return flat.T @ flat / len(flat)


def loss_by_hand(task: Task, rgb: Array) -> float:
    here, photo, painting = (
        features(np.asarray(each, np.float64), task.weights, task.layers)
        for each in (rgb, read(task.content), read(task.style))
    )
    content = np.mean((here[task.content_layer] - photo[task.content_layer]) ** 2)
    style = [np.mean((gram(here[name]) - gram(painting[name])) ** 2) for name in task.style_layers]
    return float(CONTENT_WEIGHT * content + STYLE_WEIGHT * np.mean(style))


def test_the_loss_is_the_tutorials(task: Task) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    by_hand = loss_by_hand(task, picture / 255)
    goal = Objective(task)
    assert goal.loss(picture) == pytest.approx(by_hand, rel=1e-4)
    assert goal.loss((picture / 255).astype(np.float32)) == pytest.approx(by_hand, rel=1e-4)


def test_the_photo_has_no_content_loss_and_the_style_no_style_loss(task: Task) -> None:
    goal = Objective(task)
    content, style = (np.asarray(Image.open(path)) for path in (task.content, task.style))
    assert goal.loss(content) == pytest.approx(loss_by_hand(task, read(task.content)), rel=1e-4)
    same = Objective(Task(task.content, task.content, task.weights, *SHALLOW))
    assert same.loss(content) < 1e-6 * goal.loss(style)


@pytest.mark.parametrize("loop", ["tf-tutorial", "scipy-lbfgs", "nst-adam", "nst-lbfgs"])
def test_every_loop_starts_from_the_photo_and_goes_down(task: Task, loop: str) -> None:
    goal = Objective(task)
    pictures = []
    LOOPS[loop](task, 12, lambda _step, picture: pictures.append(picture))
    assert len(pictures) == 12
    start, end = goal.loss(np.asarray(Image.open(task.content))), goal.loss(pictures[-1])
    assert end < 0.5 * start
    assert np.abs(pictures[0] / (255 if pictures[0].dtype == np.uint8 else 1) - read(task.content)).mean() < 0.1


def test_nst_takes_the_steps_of_the_tutorials_adam(task: Task) -> None:
    """Expect images equal up to rounding, so that seconds per step are comparable."""
    pictures: dict[str, list[NDArray[np.uint8]]] = {}
    for loop in ("tf-tutorial", "nst-adam"):
        found = pictures[loop] = []
        LOOPS[loop](task, 5, lambda _step, picture, found=found: found.append(picture))
    theirs, ours = pictures["tf-tutorial"][-1] * 255.0, pictures["nst-adam"][-1].astype(float)
    assert np.abs(theirs - ours).mean() < 2


def test_a_second_run_of_the_tutorials_loop_equals_the_first(task: Task) -> None:
    runs: list[list[NDArray[np.float32]]] = [[], []]
    for run in runs:
        LOOPS["tf-tutorial"](task, 3, lambda _step, picture, run=run: run.append(picture))
    np.testing.assert_allclose(runs[0][-1], runs[1][-1], atol=1e-5)
