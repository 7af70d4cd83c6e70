"""Files, messages and exit codes of nst train-style; the training is a fake except in the last test."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nst.cli.quiet import LEVEL
from nst.errors import Diverged
from nst.images import io as images
from nst.models.stylizers.trained_style import TrainedStyle, find
from nst.run.control import EngineControl
from nst.training import train_style
from nst.training.style_settings import StyleTraining
from nst.training.train_style import TrainingStep
from tests.support.cli_runs import names, run, size
from tests.support.paths import ROOT
from tests.support.pictures import gradient


class Trainer:
    """Take five steps in place of a training, with a preview at the second and the last."""

    def __init__(self) -> None:
        self.calls: list[dict] = []
        self.interrupt_at: int | None = None
        self.error: Exception | None = None

    def train(
        self, styles: dict, photos: Sequence, settings: StyleTraining, folder: Path, **more
    ) -> Iterator[TrainingStep]:
        self.calls.append({"styles": styles, "photos": photos, "settings": settings, "folder": folder, **more})
        folder.mkdir(exist_ok=True)
        (folder / "training.json").write_text("{}")
        return self._lessons(more["name"], more["control"])

    def _lessons(self, name: str, control) -> Iterator[TrainingStep]:
        for step in range(1, 6):
            lesson = TrainingStep(step, 5, 2.0, 0.5, 4.0)
            if step == self.interrupt_at:
                signal.raise_signal(signal.SIGINT)
            if not EngineControl(control).wait():
                yield lesson
                return
            if step == 3 and self.error is not None:
                raise self.error
            preview = np.full((20, 30, 3), step, np.uint8) if step in {2, 5} else None
            result = TrainedStyle(name, gradient(), np.zeros(2, np.float32), "0" * 16) if step == 5 else None
            yield replace(lesson, preview=preview, result=result)


@pytest.fixture
def trainer(monkeypatch) -> Trainer:
    monkeypatch.setenv(LEVEL, "3")
    stand_in = Trainer()
    monkeypatch.setattr(train_style, "train", stand_in.train)
    return stand_in


@pytest.fixture
def photos(folder) -> Path:
    (folder / "photos").mkdir()
    images.write(gradient(), folder / "photos" / "a.png")
    images.write(gradient(), folder / "photos" / "b.png")
    return folder / "photos"


BEFORE = {"photo.png", "red.png", "blue.png", "photos"}


def test_the_style_is_written_and_its_path_printed(folder, photos, trainer, capsys):
    assert run("train-style red.png blue.png --photos photos -o my-style.npz") == 0
    out, err = capsys.readouterr()
    assert out == "my-style.npz\n"
    assert err.splitlines() == [
        "Training on 2 photos; previews are in my-style.preview.png.",
        "Done. Use it as a style: nst stylize PHOTO my-style.npz --engine fast -o OUT",
    ]
    style = find("my-style.npz")
    assert style is not None and style.name == "my-style"
    assert names(folder) == BEFORE | {"my-style.npz", "my-style.preview.png"}  # what was kept is cleared


def test_flags_reach_the_training(folder, photos, trainer):
    run("train-style red.png blue.png --photos photos -o new.npz")
    run("train-style red.png --photos photos -o new.npz --steps 7 --crop 64 --batch 3 --seed 9")
    first, second = trainer.calls
    assert first["settings"] == StyleTraining()
    assert second["settings"] == StyleTraining(steps=7, crop=64, batch=3, seed=9)
    assert list(first["styles"]) == ["red.png", "blue.png"] and list(second["styles"]) == ["red.png"]
    assert (second["styles"]["red.png"] == (255, 0, 0)).all()
    assert [photo.shape for photo in first["photos"]] == [(40, 60, 3)] * 2
    assert (first["folder"], first["name"]) == (Path("new.training"), "new")


def test_previews_go_to_a_file_or_one_by_one_to_a_folder(folder, photos, trainer):
    run("train-style red.png --photos photos -o my.npz --preview look.png")
    assert (images.read("look.png").rgb == 5).all()  # the last
    assert "my.preview.png" not in names(folder)
    run("train-style red.png --photos photos -o my.npz --preview new/looks")
    assert names(folder / "new" / "looks") == {"00002.png", "00005.png"}
    assert size("new/looks/00002.png") == (30, 20)


def test_unreadable_photos_are_named(folder, photos, trainer, capsys):
    for name in ("a.txt", "b.txt", "c.txt", "d.txt", "e.txt"):
        (photos / name).write_text("no picture")
    run("train-style red.png --photos photos -o my.npz")
    said = capsys.readouterr().err.splitlines()[0]
    assert "on 2 photos" in said and "Skipped files that are not pictures: " in said and said.endswith(" and 2 more.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("red.png --photos photos -o my.jpg", "nst: Cannot write 'my.jpg': it has the suffix '.jpg'. Use one of .npz"),
        ("red.png --photos photos -o none/my.npz", "nst: Cannot write 'none/my.npz': no such file or folder"),
        ("red.png --photos photos -o my.npz --preview my.txt", "nst: Cannot write 'my.txt': it has the suffix '.txt'"),
        ("none.png --photos photos -o my.npz", "nst: Cannot open style 'none.png': no such file"),
        ("red.png --photos none -o my.npz", "nst: Cannot read the folder 'none': no such file or folder"),
        ("red.png --photos photos -o my.npz --crop 50", "nst: crop must be a multiple of 16 px, received 50."),
    ],
)
def test_invalid_input_is_refused_before_training(line, said, folder, photos, trainer, capsys):
    assert run(f"train-style {line}") == 1
    out, err = capsys.readouterr()
    assert out == "" and err.splitlines()[-1].startswith(said)
    assert trainer.calls == [] and names(folder) == BEFORE


def test_ctrl_c_keeps_what_was_learned(folder, photos, trainer, capsys):
    before = signal.getsignal(signal.SIGINT)
    trainer.interrupt_at = 3
    assert run("train-style red.png --photos photos -o my.npz") == 130
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == "Stopped after step 3 of 5. Run the same command again to resume."
    assert "my.npz" not in names(folder) and (folder / "my.training" / "training.json").exists()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_training_that_goes_wrong_leaves_what_was_kept(folder, photos, trainer, capsys):
    trainer.error = Diverged("The training left the finite numbers.")
    assert run("train-style red.png --photos photos -o my.npz") == 1
    assert capsys.readouterr().err.splitlines()[-1] == "nst: The training left the finite numbers."
    assert (folder / "my.training").exists() and not (folder / "my.npz").exists()


def test_a_result_that_cannot_be_written_is_not_lost(folder, photos, trainer, monkeypatch, capsys):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    assert run("train-style red.png --photos photos -o my.npz") == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("nst: Cannot write 'my.npz': No space left")
    assert (folder / "my.training").exists()


def test_help_waits_for_no_library():
    code = """
import atexit, runpy, sys
atexit.register(lambda: print("LOADED", *{"tensorflow", "keras", "PIL", "rich", "h5py"} & set(sys.modules)))
sys.argv[1:] = ["train-style", "--help"]
runpy.run_module("nst", run_name="__main__")
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT).stdout
    assert "--photos DIR" in said
    assert said.splitlines()[-1] == "LOADED"


@pytest.mark.slow
def test_a_real_training_from_the_first_step_to_a_painted_picture(folder, photos, monkeypatch, capsys):
    monkeypatch.setenv(LEVEL, "3")
    assert run("train-style red.png --photos photos -o my.npz --steps 2 --crop 32 --batch 1") == 0
    assert run("stylize photo.png my.npz --engine fast --size 64 -o fast.png") == 0
    assert run("stylize photo.png my.npz --steps 1 --size 64 --levels 1 -o slow.png") == 0
    assert size("fast.png") == size("slow.png") == (64, 32)
    assert "with fast in" in capsys.readouterr().err
    assert not np.array_equal(images.read("fast.png").rgb, images.read("slow.png").rgb)
