"""Signals and early Ctrl-C: no traceback, no partial file, and nothing painted is lost."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from nst.cli import blend, interrupts, stylize
from nst.errors import FileError
from nst.run.control import Control
from nst.system import early_exit
from tests.support import fake_engine
from tests.support.cli_runs import names, run, size
from tests.support.paths import ROOT

CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
WITH = "stylize photo.png red.png"


@pytest.fixture(autouse=True)
def _fake(engine: object) -> None:
    """All runs are of the fake engine."""


def raising(name: str, then: Callable[..., Any]) -> Callable[..., Any]:
    """Return `then`, called after the signal has arrived."""

    def call(*arguments: Any, **more: Any) -> Any:
        signal.raise_signal(getattr(signal, name))
        return then(*arguments, **more)

    return call


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_a_short_command_ends_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, code: int
) -> None:
    before, handlers = names(folder), [signal.getsignal(each) for each in interrupts.SIGNALS]
    monkeypatch.setattr(blend, "_photo_for", raising(name, blend._photo_for))
    assert run("blend photo.png photo.png -o out.png --amount 5") == code
    assert capsys.readouterr().err == "nst: aborted.\n"
    assert names(folder) == before
    assert [signal.getsignal(each) for each in interrupts.SIGNALS] == handlers


@pytest.mark.parametrize("name", CODES)
def test_a_partial_file_is_removed(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = names(folder)
    monkeypatch.setattr(Path, "replace", raising(name, Path.replace))
    assert run("blend photo.png photo.png -o out.png --amount 5") == CODES[name]
    assert names(folder) == before


@pytest.mark.parametrize("name", CODES)
def test_a_signal_while_saving_loses_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(stylize, "write_animation", raising(name, stylize.write_animation))
    assert run(f"{WITH} -o out.png --animate run.gif") == 0
    assert size("out.png") == (512, 256) and Path("run.gif").is_file()


@pytest.mark.parametrize("first", CODES)
def test_ctrl_c_after_a_signal_ends_at_once(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    monkeypatch.setattr(stylize, "write_animation", raising(first, raising("SIGINT", stylize.write_animation)))
    assert run(f"{WITH} -o out.png --animate run.gif") == 130
    assert capsys.readouterr().err.endswith("nst: aborted.\n")
    assert size("out.png") == (512, 256) and not Path("run.gif").exists()


@pytest.mark.parametrize("first", CODES)
@pytest.mark.parametrize("second", ["SIGTERM", "SIGHUP"])
def test_signals_in_pairs_lose_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch, first: str, second: str) -> None:
    """A closed terminal sends SIGHUP twice, and systemd SIGTERM and SIGHUP."""
    real = fake_engine._snapshot

    def snapshot(picture: Any, step: int, *rest: Any) -> Any:
        if step == 3:
            signal.raise_signal(getattr(signal, first))
            signal.raise_signal(getattr(signal, second))
        return real(picture, step, *rest)

    monkeypatch.setattr(fake_engine, "_snapshot", snapshot)
    assert run(f"{WITH} -o out.png --animate run.gif") == CODES[first]
    assert size("out.png") == (512, 256) and Path("run.gif").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
@pytest.mark.parametrize(("first", "second"), [("SIGTERM", "SIGHUP"), ("SIGHUP", "SIGTERM")])
@pytest.mark.parametrize("command", ["stylize", "blend"])
def test_the_first_of_two_signals_within_one_call_decides(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, first: str, second: str
) -> None:
    """Python runs the handlers after a call into a C library, in the order of their numbers."""
    module, name, line = {
        "stylize": (fake_engine, "_snapshot", f"{WITH} -o out.png"),
        "blend": (blend, "_photo_for", "blend photo.png photo.png -o out.png --amount 5"),
    }[command]
    delivered = "while grep -q 'ShdPnd:.*[1-9a-f]' /proc/$PPID/status; do :; done"  # else the kernel may reorder them
    kills = f"kill -s {first[3:]} $PPID; {delivered}; kill -s {second[3:]} $PPID".encode()
    real = getattr(module, name)

    def during(*arguments: Any, **more: Any) -> Any:
        ctypes.CDLL(None).system(kills)
        return real(*arguments, **more)

    monkeypatch.setattr(module, name, during)
    assert run(line) == CODES[first]


def test_a_signal_that_the_caller_ignores_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    control = Control()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interrupts.ending(), interrupts.interrupts(control, print):
            signal.raise_signal(signal.SIGHUP)
        assert not control.stopped
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_frame_that_cannot_be_written_costs_no_result(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise FileError("Cannot write 'frames/00001.png': No space left on device.")

    monkeypatch.setattr(stylize, "write", full)
    assert run(f"{WITH} -o out.png --frames frames") == 1
    assert capsys.readouterr().err.splitlines()[-1].endswith("No space left on device.")
    assert size("out.png") == (512, 256) and fake_engine.script.calls


@pytest.mark.parametrize("how", ["python -m nst", "nst"])
def test_ctrl_c_during_the_imports_has_no_traceback(tmp_path: Path, how: str) -> None:
    (tmp_path / "numpy.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n", encoding="utf-8")
    (tmp_path / "nst").write_text("from nst.cli import main\nmain()\n", encoding="utf-8")
    command = [sys.executable, *(["-m", "nst"] if how != "nst" else [str(tmp_path / "nst")]), "styles"]
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    ended = subprocess.run(
        command, capture_output=True, check=False, timeout=60, env=os.environ | {"PYTHONPATH": path}, cwd=tmp_path
    )
    assert (ended.returncode, ended.stderr, ended.stdout) == (-signal.SIGINT, b"", b"")


def test_other_programs_keep_their_handling_of_ctrl_c() -> None:
    assert not early_exit.is_our_program()


@pytest.mark.parametrize("name", ["-old.png", "-hat.png", "-photo.png"])
def test_a_file_that_looks_like_a_flag_is_not_misread(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (folder / name).write_bytes((folder / "photo.png").read_bytes())
    assert run(f"stylize {name} photo.png red.png -o out.png") == 2
    out, err = capsys.readouterr()
    assert f"Write the name '{name}' as './{name}'." in err and err.count("\n") == 1 and out == ""
    assert not Path("out.png").exists() and not fake_engine.script.calls
    assert run(f"stylize ./{name} red.png -o out.png") == 0
    assert run(f"stylize -o out.png -- {name} red.png") == 0


def test_a_file_with_the_name_of_a_flag_does_no_harm(folder: Path) -> None:
    (folder / "-o").write_bytes(b"made by a slip of the hand")
    (folder / "--steps").write_bytes(b"")
    assert run(f"{WITH} -o out.png --steps 3") == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", CODES)
def test_the_page_ends_without_a_traceback(tmp_path: Path, name: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {"STREAMLIT_SERVER_PORT": str(port), "STREAMLIT_SERVER_HEADLESS": "true", "NST_FETCH_WEIGHTS": "0"}
    with subprocess.Popen(
        [sys.executable, "-m", "nst", "app"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=tmp_path,
        env=os.environ | options | {"PYTHONPATH": str(ROOT)},
    ) as server:
        assert server.stdout is not None
        assert any("URL" in line for line in server.stdout)
        with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=60):  # after it, Streamlit handles signals
            pass
        server.send_signal(getattr(signal, name))
        said, _ = server.communicate(timeout=60)
    assert server.returncode == 0 and "Stopping..." in said and "Traceback" not in said


def test_wrong_options_of_the_page_are_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", "abc")
    assert run("app") == 1
    err = capsys.readouterr().err
    assert err.startswith("nst: Streamlit does not start: ") and "'abc' is not a valid integer" in err
    assert err.count("\n") == 1
