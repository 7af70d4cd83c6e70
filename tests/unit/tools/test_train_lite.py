"""The training of lite, two steps long, on seeded teachers."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from nst.models.extractors.extractor import FeatureExtractor
from nst.models.extractors.lite import LITE
from nst.models.extractors.vgg19 import VGG19
from nst.models.weights.formats import read
from tools import train_lite

pytestmark = pytest.mark.slow

FIRES = {2: (64, 16, 64), 3: (128, 16, 64), 4: (128, 32, 128), 5: (256, 32, 128),
         6: (256, 48, 192), 7: (384, 48, 192), 8: (384, 64, 256), 9: (512, 64, 256)}  # fmt: skip


def squeezenet_shapes() -> dict[str, tuple[int, ...]]:
    """Kernels of SqueezeNet 1.1 by the names of its Keras file."""
    shapes: dict[str, tuple[int, ...]] = {"conv1": (3, 3, 3, 64)}
    for number, (incoming, squeezed, expanded) in FIRES.items():
        shapes[f"fire{number}/squeeze1x1"] = (1, 1, incoming, squeezed)
        shapes[f"fire{number}/expand1x1"] = (1, 1, squeezed, expanded)
        shapes[f"fire{number}/expand3x3"] = (3, 3, squeezed, expanded)
    return shapes


@pytest.fixture
def material(tmp_path: Path) -> list[str]:
    """Teachers with seeded weights, photos and paintings, as flags of the script."""
    rng = np.random.default_rng(0)

    def kernel(shape: tuple[int, ...]) -> np.ndarray:
        return rng.normal(0, np.sqrt(2 / np.prod(shape[:-1])), shape).astype(np.float32)

    vgg19 = {f"{n}/kernel": kernel(shape) for n, shape in VGG19.kernel_shapes("block3_conv4").items()}
    np.savez(
        tmp_path / "vgg19_blocks1-3.npz",
        **vgg19,
        **{f"{k[:-7]}/bias": np.zeros(v.shape[-1], "f4") for k, v in vgg19.items()},
    )
    with h5py.File(tmp_path / "squeezenet_notop.h5", "w") as file:
        for name, shape in squeezenet_shapes().items():
            file[f"{name}/kernel"], file[f"{name}/bias"] = kernel(shape), np.zeros(shape[-1], np.float32)
    for folder in ("photos", "paintings"):
        (tmp_path / folder).mkdir()
        for number in range(14):
            Image.fromarray(rng.integers(0, 256, (64, 64, 3), np.uint8)).save(tmp_path / folder / f"{number}.png")
    folders = {
        "--teachers": "",
        "--photos": "photos",
        "--paintings": "paintings",
        "--out": "lite.npz",
        "--build": "build",
    }
    flags = [part for flag, name in folders.items() for part in (flag, str(tmp_path / name))]
    return [*flags, "--batch", "2", "--crop", "32", "--report", "1"]


@pytest.mark.usefixtures("eagerly")
def test_training_resumes_and_leaves_weights_that_lite_can_use(
    material: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train_lite, "STANDARDISE_OVER", 2)
    train_lite.train(train_lite.parse([*material, "--steps", "1"]))
    train_lite.train(train_lite.parse([*material, "--steps", "2"]))
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in said if line.startswith("step")] == ["1", "2"]

    out = tmp_path / "lite.npz"
    arrays = read(out, LITE, LITE.layers[-1])
    rgb = tf.constant(np.random.default_rng(1).random((1, 32, 32, 3), np.float32))
    features = FeatureExtractor(LITE, arrays).features(rgb, LITE.layers)
    assert all(np.isfinite(f).all() for f in features.values())
    assert not list(tmp_path.glob("*.partial*"))


def test_scaling_channels_changes_units_and_nothing_else(tmp_path: Path) -> None:
    """Each saved feature is the student's, times a positive number of its channel, and deviates by about one."""
    student = train_lite.Student(dict.fromkeys(train_lite.TAUGHT, 8), seed=0)
    pictures = [np.random.default_rng(2).integers(0, 256, (160, 160, 3), np.uint8)]
    train_lite.save(student.averaged(), tmp_path / "lite.npz", pictures, pictures)
    rgb = tf.constant(np.random.default_rng(3).random((1, 64, 64, 3), np.float32))
    before = {n: (student.kernels[n], student.biases[n]) for n in student.kernels}
    raw = FeatureExtractor(LITE, before).features(rgb, LITE.layers)
    scaled = FeatureExtractor(LITE, read(tmp_path / "lite.npz", LITE, LITE.layers[-1])).features(rgb, LITE.layers)
    for name in LITE.layers:
        ours, theirs = (np.asarray(f[name]).reshape(-1, f[name].shape[-1]) for f in (scaled, raw))
        alive = theirs.std(0) > 0.1 * np.median(theirs.std(0))
        correlation = (ours * theirs).sum(0) / np.sqrt((ours**2).sum(0) * (theirs**2).sum(0) + 1e-12)
        assert correlation[alive].min() > 0.99, name
        assert 0.2 < np.median(ours.std(0)) < 5, name
