"""Output files: what they must not be, and what they keep of the files in their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from nst.images import io as images
from tests.support.cli_runs import run, size

WITH = "stylize photo.png red.png"


@pytest.fixture(autouse=True)
def _fake(engine: object) -> None:
    """All runs are of the fake engine."""


@pytest.mark.parametrize("other", ["x.webp", "./x.webp", "link.webp"])
def test_two_outputs_must_be_two_files(folder: Path, capsys: pytest.CaptureFixture[str], other: str) -> None:
    (folder / "link.webp").symlink_to("x.webp")
    assert run(f"{WITH} -o x.webp --animate {other}") == 1
    assert "would be written twice" in capsys.readouterr().err
    assert not (folder / "x.webp").exists()


@pytest.mark.parametrize(
    "line",
    [
        f"{WITH} -o photo.png",
        f"{WITH} -o ./red.png",
        f"{WITH} -o blue.png --colors-from blue.png",
        f"{WITH} -o blue.png --init-image blue.png",
        f"{WITH} -o blue.png --mask blue.png",
        f"{WITH} -o blue.png --region blue.png:strength=20",
        f"{WITH} -o out.png --animate blue.gif --colors-from blue.gif",
        "blend blue.png photo.png -o blue.png --amount 50",
        "blend photo.png blue.png -o blue.png --amount 50",
        "mask blue.png --of subject -o blue.png",
    ],
)
def test_an_input_is_never_overwritten_unasked(folder: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    images.write(images.read("blue.png").rgb, "copy.png")
    (folder / "copy.png").rename(folder / "blue.gif")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert run(line) == 1
    assert "is an input and would be overwritten" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_an_input_is_overwritten_on_request(folder: Path) -> None:
    before = (folder / "photo.png").read_bytes()
    assert run(f"{WITH} -o photo.png --overwrite") == 0
    assert (folder / "photo.png").read_bytes() != before


def test_the_target_of_a_link_is_replaced_and_keeps_its_mode(folder: Path) -> None:
    target, link = folder / "albums" / "picture.png", folder / "link.png"
    target.parent.mkdir()
    target.write_bytes(b"old")
    target.chmod(0o600)
    link.symlink_to(target)
    assert run(f"{WITH} -o link.png") == 0
    assert link.is_symlink() and size(target) == (512, 256)
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["picture.png"]


def test_a_link_to_nothing_gets_its_target(folder: Path) -> None:
    (folder / "link.png").symlink_to("later.png")
    assert run(f"{WITH} -o link.png") == 0
    assert (folder / "link.png").is_symlink() and size(folder / "later.png") == (512, 256)


@pytest.mark.parametrize("line", [f"{WITH} -o out.png", "blend photo.png photo.png -o out.png --amount 5"])
def test_a_write_protected_file_is_refused(folder: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    (folder / "out.png").write_bytes(b"precious")
    (folder / "out.png").chmod(0o444)
    assert run(line) == 1
    assert "permission denied or write-protected" in capsys.readouterr().err
    assert (folder / "out.png").read_bytes() == b"precious"


@pytest.mark.parametrize(
    "line",
    [
        f"{WITH} -o {'n' * 260}.png",
        f"stylize {'n' * 260}.png red.png -o out.png",
        f"stylize photo.png {'n' * 260}.png -o out.png",
        f"stylize photo.png red.png -o out.png --weights {'n' * 260}.npz --network vgg19",
        f"recipe {'n' * 260}.png",
        f"train-style red.png --photos {'n' * 260} -o x.npz",
        f"train-style red.png --photos . -o x.npz --preview {'n' * 260}",
        "stylize photo.png/x.png red.png -o out.png",
        "blend photo.png photo.png -o photo.png/x.png --amount 5",
    ],
)
def test_names_that_no_file_can_have_are_named_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    assert run(line) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("nst: ")
    assert "too long" in said or "part of the path is a file" in said
