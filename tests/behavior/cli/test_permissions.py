"""Files and folders that may not be looked at, devices, and folders that do not exist any more."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pooch  # noqa: F401 (imported before the tests change the user, who may not read the libraries)
import pytest

from nst.cli.quiet import LEVEL, quiet
from nst.images import io as images
from tests.support.cli_runs import run
from tests.support.system_limits import ordinary_user

WITH = "stylize photo.png red.png"


@pytest.fixture(autouse=True)
def _fake(engine: object) -> None:
    """All runs are of the fake engine."""


@pytest.fixture
def locked(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, with pictures in it and a folder `locked`, which is also HOME, that nobody may enter."""
    monkeypatch.chdir(open_folder)
    place = open_folder / "locked"
    (place / "home").mkdir(parents=True)
    for name in ("photo.png", "red.png", "locked/photo.png"):
        images.write(np.full((64, 64, 3), 200, np.uint8), name)
    monkeypatch.setenv("HOME", str(place / "home"))
    for variable in ("XDG_CACHE_HOME", "KERAS_HOME", "NST_VGG19_WEIGHTS"):
        monkeypatch.delenv(variable, raising=False)
    open_folder.chmod(0o777)
    assert run(f"{WITH} -o first.png") == 0  # imports all modules
    codecs.lookup("cp437")  # of zip files
    place.chmod(0)
    with ordinary_user():
        yield place
    place.chmod(0o777)


def test_a_home_that_may_not_be_entered_is_passed_over(locked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("weights status") == 0
    assert "--network auto uses lite." in capsys.readouterr().out
    assert run(f"{WITH} -o out.png") == 0 and Path("out.png").is_file()


@pytest.mark.parametrize(
    "line",
    [
        "stylize locked/photo.png red.png -o out.png",
        "stylize photo.png locked/photo.png -o out.png",
        f"{WITH} -o locked/out.png",
        f"{WITH} -o out.png --colors-from locked/photo.png",
        f"{WITH} -o out.png --frames locked/frames",
        f"{WITH} -o out.png --animate locked/out.gif",
        "blend photo.png locked/photo.png -o out.png --amount 5",
        "recipe locked/photo.png",
        "train-style red.png --photos locked -o out.npz",
        "train-style red.png --photos . -o locked/out.npz",
        "weights import weights.npz",
    ],
)
def test_a_place_that_may_not_be_entered_is_named(locked: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    np.savez("weights.npz", **{"block1_conv1/kernel": np.ones((3, 3, 3, 64)), "block1_conv1/bias": np.ones(64)})
    assert run(line) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("nst: ") and "permission denied" in said and "locked" in said
    assert not Path("out.png").exists()


def test_a_home_of_nobody_is_a_missing_file(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(f"{WITH} -o out.png --network vgg19 --weights ~no-such-user/weights.npz") == 1
    assert "'~no-such-user/weights.npz' does not exist" in capsys.readouterr().err
    monkeypatch.setenv("NST_VGG19_WEIGHTS", "~no-such-user/weights.npz")
    assert run("weights status") == 0


def test_a_current_folder_that_was_deleted(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "gone").mkdir()
    monkeypatch.chdir(folder / "gone")
    (folder / "gone").rmdir()
    assert run(f"blend {folder}/photo.png {folder}/photo.png -o out.png --amount 5") == 1
    assert "Cannot write 'out.png': no such file or folder" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["pipe", "link to a device"])
def test_only_regular_files_are_replaced(folder: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    if kind == "pipe":
        os.mkfifo("out.png")
    else:
        Path("out.png").symlink_to("/dev/null")
    assert run(f"{WITH} -o out.png") == 1
    assert "Cannot write 'out.png': it is not a regular file" in capsys.readouterr().err
    assert Path("out.png").is_fifo() or Path("/dev/null").is_char_device()


def test_an_import_keeps_a_link(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    (folder / "cache" / "nst-studio").mkdir(parents=True)
    link = folder / "cache" / "nst-studio" / "vgg19.npz"
    link.symlink_to(folder / "elsewhere.npz")
    np.savez("weights.npz", **{"block1_conv1/kernel": np.ones((3, 3, 3, 64)), "block1_conv1/bias": np.ones(64)})
    assert run("weights import weights.npz") == 0
    assert link.is_symlink() and (folder / "elsewhere.npz").is_file()


def test_messages_are_held_back_without_a_folder_for_temporary_files(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def nowhere() -> None:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.delenv(LEVEL, raising=False)
    monkeypatch.setattr("tempfile.TemporaryFile", nowhere)
    with quiet():
        os.write(2, b"chatter")
    assert capfd.readouterr().err == ""
