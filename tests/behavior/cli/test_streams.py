"""Standard streams of the command line: closed, full, in other encodings, and with pictures in them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nst.images import io as images
from tests.support.cli_runs import asked, run, size
from tests.support.paths import ROOT

# A run of the fake engine, which needs no TensorFlow.
FAKE = """
import sys
from nst import cli
from nst.engines import registry
from nst.settings.engines import OptimizeSettings
from tests.support import fake_engine
registry.ENGINES["optimize"] = (OptimizeSettings, "tests.support.fake_engine")
sys.exit(cli.main(sys.argv[1:]))
"""

Shell = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def shell(folder: Path) -> Shell:
    """Run a line of bash in the folder; `nst` is the command line with the fake engine."""
    (folder / "run_nst.py").write_text(FAKE, encoding="utf-8")

    def call(line: str, **more: str) -> subprocess.CompletedProcess[bytes]:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", **more}
        script = f'nst() {{ "{sys.executable}" run_nst.py "$@"; }}; set -o pipefail; {line}'
        return subprocess.run(
            ["bash", "-c", script], cwd=folder, capture_output=True, check=False, timeout=120, env=environment
        )

    return call


def test_a_reader_that_leaves_early_costs_no_picture(folder: Path, shell: Shell) -> None:
    done = shell("nst stylize photo.png red.png -o out.png --animate run.gif --json | head -1")
    assert (
        done.returncode == 0
        and done.stdout.count(b"\n") == 1
        and b"Traceback" not in done.stderr
        and b"Error" not in done.stderr
    )
    assert size(folder / "out.png") == (512, 256) and (folder / "run.gif").is_file()


@pytest.mark.parametrize("streams", ["> /dev/full", "> /dev/full 2> /dev/full", ">&- 2>&-", "2>&-", "<&- >&-"])
def test_a_picture_is_saved_though_it_cannot_be_announced(folder: Path, shell: Shell, streams: str) -> None:
    done = shell(f"nst stylize photo.png red.png -o out.png --animate run.gif {streams}")
    assert done.returncode == 0 and b"Traceback" not in done.stderr
    assert size(folder / "out.png") == (512, 256) and (folder / "run.gif").is_file()


def test_a_command_that_only_prints_fails_where_it_cannot(shell: Shell) -> None:
    done = shell("nst styles > /dev/full")
    assert done.returncode == 1
    assert done.stderr.startswith(b"nst: Cannot write to standard output: ") and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_names_that_the_terminal_cannot_show(folder: Path, shell: Shell, encoding: str) -> None:
    (folder / "photo.png").rename(folder / "写真.png")
    done = shell("nst blend 写真.png 写真.png -o 画.png --amount 50", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.strip() == "画.png".encode(encoding, "backslashreplace")
    assert size(folder / "画.png") == (200, 100)


def test_pictures_come_and_go_through_pipes(folder: Path, shell: Shell) -> None:
    done = shell("cat photo.png | nst stylize - <(cat red.png) -o - --format png > out.png")
    assert done.returncode == 0, done.stderr
    assert (folder / "out.png").read_bytes().startswith(b"\x89PNG") and size(folder / "out.png") == (512, 256)
    done = shell("cat photo.png | nst blend - photo.png -o - --format jpeg --amount 100")
    assert done.returncode == 0, done.stderr
    blended, photo = images.read(done.stdout).rgb, images.read(folder / "photo.png").rgb
    assert np.abs(blended.astype(int) - photo).mean() < 3  # JPEG


@pytest.mark.parametrize("place", ["standard input", "pipe"])
@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("stylize {} red.png", lambda call: call["content"]),
        ("stylize photo.png red.png {}", lambda call: call["style"][1]),
        ("stylize photo.png red.png --colors-from {}", lambda call: call["color_style"]),
        ("stylize photo.png red.png --init-image {}", lambda call: call["init_image"]),
        ("stylize photo.png red.png --mask {}", lambda call: call["regions"][1].mask),
        ("stylize photo.png red.png --region={}:strength=20", lambda call: call["regions"][0].mask),
    ],
)
def test_every_picture_may_come_through_a_pipe(
    engine: object,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    line: str,
    entry: Callable[[dict[str, Any]], object],
) -> None:
    data = (folder / "photo.png").read_bytes()
    reading, writing = os.pipe()
    os.write(writing, data)  # fits into the pipe's buffer
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe, monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", pipe)
        name = "-" if place == "standard input" else f"/dev/fd/{reading}"
        assert run(f"{line.format(name)} -o out.png") == 0
    assert entry(asked()) == data


@pytest.mark.parametrize("given", ["- < out.png", "<(cat out.png)", "/dev/stdin < out.png"])
def test_a_recipe_is_read_from_a_pipe(shell: Shell, given: str) -> None:
    done = shell(f"nst stylize photo.png red.png -o out.png --steps 7 && nst recipe {given}")
    assert done.returncode == 0, done.stderr
    assert b"nst stylize photo.png red.png" in done.stdout and b"--steps 7" in done.stdout


@pytest.mark.parametrize(
    "line",
    [
        "nst blend photo.png photo.png -o - --format png --amount 5 >&-",
        "nst stylize photo.png red.png -o - --format png >&-",
        "nst styles >&-",
        "nst weights status >&-",
    ],
)
def test_a_closed_standard_output_is_an_error_where_the_output_goes_there(shell: Shell, line: str) -> None:
    done = shell(line)
    assert done.returncode == 1
    assert done.stderr.startswith(b"nst: Cannot write to standard output: ") and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nst recipe - < /dev/null", b"Standard input is empty."),
        ("nst recipe - < run_nst.py", b"Cannot open standard input: it is not a picture"),
        ("nst blend - photo.png -o out.png --amount 5 <&-", b"Standard input is empty."),
        ("nst blend - - -o out.png --amount 5 < /dev/null", b"Standard input is empty."),
        ("nst blend photo.png photo.png -o - --amount 5", b"'-o -' needs --format, one of png, jpeg, webp"),
        ("nst blend photo.png photo.png -o - --format gif --amount 5", b"one of png, jpeg, webp"),
        ("nst blend photo.png photo.png -o a.png --format png --amount 5", b"--format belongs to '-o -'"),
        ("nst stylize photo.png red.png -o - --format png --json", b"--json and '-o -' would both write"),
        ("nst blend photo.png photo.png -o - --format png --amount 5 > /dev/full", b"Cannot write to standard output"),
    ],
)
def test_wrong_use_of_standard_streams_is_explained(shell: Shell, line: str, said: bytes) -> None:
    done = shell(line)
    assert done.returncode == 1 and done.stderr.count(b"\n") == 1
    assert said in done.stderr


def test_a_file_that_looks_like_a_flag(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "photo.png").rename(folder / "-photo.png")
    assert run("blend -photo.png red.png -o out.png --amount 5") == 2
    assert "Write the name '-photo.png' as './-photo.png'." in capsys.readouterr().err
    assert run("blend ./-photo.png ./-photo.png -o out.png --amount 5") == 0
