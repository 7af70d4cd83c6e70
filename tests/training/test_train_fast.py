"""The training of fast, with tiny pictures and a step or two."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nst.models import fast, networks
from nst.training import train_fast


@pytest.fixture
def material(tmp_path: Path) -> list[str]:
    """Photos and paintings, as flags of the script."""
    rng = np.random.default_rng(0)
    for folder in ("photos", "paintings"):
        (tmp_path / folder).mkdir()
        for number in range(13):
            Image.fromarray(rng.integers(0, 256, (48, 48, 3), np.uint8)).save(tmp_path / folder / f"{number}.png")
    folders = {"--photos": "photos", "--paintings": "paintings", "--out": "fast.npz", "--build": "build"}
    flags = [part for flag, name in folders.items() for part in (flag, str(tmp_path / name))]
    return [*flags, "--batch", "2", "--crop", "32", "--report", "1"]


def test_training_resumes_and_leaves_weights_that_fast_can_use(
    material: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train_fast.train(train_fast.parse([*material, "--steps", "1"]))
    first = dict(np.load(tmp_path / "fast.npz"))
    train_fast.train(train_fast.parse([*material, "--steps", "2"]))
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in said] == ["1", "2"]  # the second begins where the first ended

    second = dict(np.load(tmp_path / "fast.npz"))
    assert {n: w.shape for n, w in second.items()} == fast.shapes()
    assert all(w.dtype == np.float16 and np.isfinite(w).all() for w in second.values())
    assert not list(tmp_path.glob("*.partial*"))

    moved = {n for n in second if not np.array_equal(first[n], second[n])}
    assert {n for n in second if n.startswith("style/")}.isdisjoint(moved)
    assert len(moved) > 0.5 * len(train_fast.trained())


def test_all_is_learned_but_how_lite_looks_at_styles() -> None:
    student = train_fast.beginner(seed=0)
    assert {n: tuple(v.shape) for n, v in student.trained.items()} | {
        n: w.shape for n, w in student.frozen.items()
    } == fast.shapes()
    with np.load(networks.LITE_WEIGHTS) as lite:
        layers = ["block1_conv1", "block1_conv2", "block2_conv1", "block2_conv2", "block3_conv1"]
        expected = {f"style/{n}/{part}": lite[f"{n}/{part}"] for n in layers for part in ("kernel", "bias")}
    assert set(student.frozen) == set(expected)
    for name, array in expected.items():
        np.testing.assert_array_equal(student.frozen[name], array)


def test_a_seed_repeats_the_beginning() -> None:
    one, same, other = (train_fast.beginner(seed).averaged() for seed in (1, 1, 2))
    assert all(np.array_equal(one[n], same[n]) for n in one)
    assert not np.array_equal(one["stem/kernel"], other["stem/kernel"])
