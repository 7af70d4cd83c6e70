"""The public Python API: names, parameters, snapshots as files, and style training."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import nst
from nst.images import io as images
from nst.models.stylizers.trained_style import TrainedStyle, find
from nst.run.control import Control
from nst.training import style_file, train_style
from nst.training.train_style import TrainingStep
from tests.support.pictures import gradient

ROOT = Path(__file__).resolve().parents[2]


def snapshot(image: np.ndarray, alpha: np.ndarray | None = None) -> nst.Snapshot:
    height, width = image.shape[:2]
    return nst.Snapshot(image, 1, 1, None, 0.0, "lite", (width, height), final=True, alpha=alpha)


def test_stream_and_stylize_have_the_same_parameters_spelled_out() -> None:
    stream, stylize = (inspect.signature(function).parameters for function in (nst.stream, nst.stylize))
    assert list(stylize.values()) == list(stream.values())
    assert not {p.kind for p in stylize.values()} & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}


def test_stylize_hands_everything_on(monkeypatch: pytest.MonkeyPatch) -> None:
    received: dict[str, object] = {}

    def stream(content, style, settings, **inputs) -> Iterator[str]:
        received.update(inputs, content=content, style=style, settings=settings)
        return iter(["first", "last"])

    monkeypatch.setattr("nst.engines.registry.stream", stream)
    given = {name: object() for name in inspect.signature(nst.stylize).parameters}
    assert nst.stylize(**given) == "last"
    assert received == given


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp"])
def test_a_saved_snapshot_has_its_pixels(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"out{suffix}"
    snapshot(gradient()).save(path)
    with Image.open(path) as image:
        assert image.format == {".png": "PNG", ".tif": "TIFF", ".bmp": "BMP"}[suffix]
        assert np.array_equal(np.asarray(image), gradient())


def test_transparency_is_saved_and_composited_on_white_in_jpeg(tmp_path: Path) -> None:
    result = snapshot(np.zeros((32, 32, 3), np.uint8), np.zeros((32, 32), np.uint8))  # black, fully transparent
    result.save(str(tmp_path / "out.png"))
    result.save(tmp_path / "out.jpg")
    with Image.open(tmp_path / "out.png") as png, Image.open(tmp_path / "out.jpg") as jpeg:
        assert png.convert("RGBA").getpixel((0, 0)) == (0, 0, 0, 0)
        assert jpeg.getpixel((0, 0)) == (255, 255, 255)


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.png"
    path.write_bytes(b"old")

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(nst.FileError, match="No space left on device"):
        snapshot(gradient()).save(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(nst.FileError, match=r"has the suffix '\.psd'\. Use one of \.png"):
        snapshot(gradient()).save(tmp_path / "out.psd")


def test_a_snapshot_as_a_pil_image() -> None:
    alpha = np.arange(60 * 40, dtype=np.uint8).reshape(40, 60)
    opaque, transparent = snapshot(gradient()).to_pil(), snapshot(gradient(), alpha).to_pil()
    assert (opaque.mode, transparent.mode) == ("RGB", "RGBA")
    assert np.array_equal(np.asarray(opaque), gradient())
    assert np.array_equal(np.asarray(transparent), np.dstack([gradient(), alpha]))


def test_masks_and_training_are_imported_on_use() -> None:
    code = """
import sys, nst
print({"cv2", "tensorflow", "skimage", "PIL"} & set(sys.modules))
print(nst.masks.subject.__name__, nst.masks.sky.__name__, nst.masks.faces.__name__, nst.train_style.__name__)
nst.no_such_name
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines() == ["set()", "subject sky faces train_style"]
    assert ran.stderr.endswith("AttributeError: module 'nst' has no attribute 'no_such_name'\n")


# Style training, with a stand-in for the steps


class Steps:
    """Takes two steps in place of a training, and stops where its control says so."""

    def train(self, styles, photos, settings, folder, *, name, control) -> Iterator[TrainingStep]:
        self.asked = {"styles": styles, "photos": photos, "settings": settings, "folder": folder, "name": name}
        folder.mkdir(exist_ok=True)
        (folder / "training.json").write_text("{}")
        yield TrainingStep(1, 2, 2.0, 0.5, 4.0)
        if control is not None and control.stopped:
            return
        result = TrainedStyle(name, gradient(), np.arange(3, dtype=np.float32), "0" * 16)
        yield TrainingStep(2, 2, 1.0, 0.25, 0.0, result=result)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    stand_in = Steps()
    monkeypatch.setattr(train_style, "train", stand_in.train)
    return stand_in


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    images.write(gradient(), folder / "a.png")
    return folder


def test_a_training_writes_a_style_and_removes_its_progress(steps: Steps, photos: Path, tmp_path: Path) -> None:
    images.write(gradient(), tmp_path / "red.png")
    output = tmp_path / "my-style.npz"
    lessons = nst.train_style([tmp_path / "red.png", gradient(64, 64)], photos, output)
    assert [(lesson.step, output.exists()) for lesson in lessons] == [(1, False), (2, True)]
    assert list(steps.asked["styles"]) == [str(tmp_path / "red.png"), "style 2"]
    assert np.array_equal(steps.asked["styles"]["style 2"], gradient(64, 64))
    assert np.array_equal(steps.asked["photos"][0], gradient())
    assert steps.asked["settings"] == nst.StyleTraining()
    trained = find(output)
    assert trained is not None
    assert (trained.name, list(trained.code)) == ("my-style", [0, 1, 2])
    assert not (tmp_path / "my-style.training").exists()


def test_a_stopped_training_keeps_its_progress(steps: Steps, photos: Path, tmp_path: Path) -> None:
    control = Control()
    for _ in nst.train_style(gradient(), photos, tmp_path / "s.npz", nst.StyleTraining(steps=2), control=control):
        control.stop()
    assert not (tmp_path / "s.npz").exists()
    assert (tmp_path / "s.training" / "training.json").exists()


@pytest.mark.parametrize(
    ("styles", "pictures", "output", "message"),
    [
        ([], [gradient()], "s.npz", "at least one style image"),
        (gradient(), [], "s.npz", "at least one photo"),
        (gradient(), [gradient()], "s.png", r"suffix '\.png'\. Use one of \.npz"),
        (gradient(), "no-folder", "s.npz", "Cannot read the folder 'no-folder'"),
    ],
)
def test_bad_input_is_refused_before_the_first_step(styles, pictures, output, message, tmp_path: Path) -> None:
    with pytest.raises(nst.InputError, match=message):
        style_file.train_style(styles, pictures, tmp_path / output)
    assert list(tmp_path.iterdir()) == []


def test_messages_name_public_things_only() -> None:
    """Dotted names such as nst.blend in the strings of errors are attributes of the package."""
    named = {
        found
        for path in (ROOT / "nst").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and "Error" in ast.unparse(node.func)
        for text in ast.walk(node)
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
        for found in re.findall(r"\bnst\.(\w+(?:\.\w+)*)", text.value)
    }
    assert named <= {*nst.__all__, "masks", "train_style"}
