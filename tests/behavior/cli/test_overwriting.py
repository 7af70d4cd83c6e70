"""Inputs among the outputs of a command: numbered frames, previews and links."""

from __future__ import annotations

from pathlib import Path

import pytest

from nst.images import io as images
from tests.support.cli_runs import run, size
from tests.support.pictures import gradient

WITH = "stylize photo.png red.png"


@pytest.fixture(autouse=True)
def _fake(engine: object) -> None:
    """All runs are of the fake engine."""


@pytest.fixture
def frames(folder: Path) -> Path:
    """A folder with a picture that has the name of a frame."""
    (folder / "frames").mkdir()
    images.write(gradient(200, 100), "frames/00001.png")
    return folder / "frames"


@pytest.mark.parametrize(
    "line",
    [
        "stylize frames/00001.png red.png -o out.png --frames frames",
        "stylize photo.png red.png -o out.png --frames ./frames --init-image frames/00001.png",
        "stylize link.png red.png -o out.png --frames frames",
    ],
)
def test_frames_do_not_replace_an_input(frames: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    Path("link.png").symlink_to(frames / "00001.png")
    before = (frames / "00001.png").read_bytes()
    assert run(line) == 1
    assert "is an input and would be overwritten" in capsys.readouterr().err
    assert (frames / "00001.png").read_bytes() == before and not Path("out.png").exists()
    assert run(f"{line} --overwrite") == 0
    assert (frames / "00001.png").read_bytes() != before


def test_the_result_is_no_frame(frames: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"{WITH} -o frames/00100.png --frames frames") == 1
    assert "would be written twice" in capsys.readouterr().err
    assert run(f"{WITH} -o frames/result.png --frames frames") == 0
    assert size("frames/result.png") == (512, 256)


@pytest.mark.parametrize(
    "line",
    [
        "frames/00001.png --photos . -o new.npz --preview frames",
        "red.png --photos frames -o new.npz --preview frames/00001.png",
        "red.png --photos . -o new.npz --preview frames",
        "new.preview.png --photos . -o new.npz",
    ],
)
def test_previews_of_a_training_do_not_replace_its_pictures(
    frames: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    images.write(gradient(64, 64), "new.preview.png")
    before = {path: path.read_bytes() for path in Path().rglob("*.png")}
    assert run(f"train-style {line}") == 1
    assert "is an input and would be overwritten" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in Path().rglob("*.png")} == before


def test_a_film_that_cannot_be_written_costs_no_picture(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from nst.cli import stylize
    from nst.errors import FileError

    def full(*_: object) -> None:
        raise FileError("Cannot write 'run.gif': No space left on device.")

    monkeypatch.setattr(stylize, "write_animation", full)
    assert run(f"{WITH} -o out.png --animate run.gif") == 1
    out, err = capsys.readouterr()
    assert out == "out.png\n" and err.splitlines()[-1] == "nst: Cannot write 'run.gif': No space left on device."
    assert size("out.png") == (512, 256)
