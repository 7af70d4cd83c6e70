"""The command line as the shell sees it: a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from nst.cli.quiet import LEVEL
from nst.images import io as images
from tests.support.paths import ROOT
from tests.support.pictures import gradient

SLOW = {"tensorflow", "keras", "streamlit", "PIL", "skimage", "av", "rich", "h5py", "pooch"}


def python(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Return the output of a Python process with the project on its path and TensorFlow's log level unset."""
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, timeout=240, env=environment(**more)
    )


def environment(**more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in {LEVEL, "PYTHONUNBUFFERED"}}
    return {**inherited, "PYTHONPATH": str(ROOT), **more}


@pytest.mark.parametrize("line", ["--help", "--version", "stylize --help", "weights fetch --help", "stylize a b", ""])
def test_help_waits_for_no_library(line):
    code = f"""
import atexit, runpy, sys
atexit.register(lambda: print("LOADED", *{SLOW!r} & set(sys.modules)))
sys.argv[1:] = {line.split()!r}
runpy.run_module("nst", run_name="__main__")
"""
    assert python("-c", code).stdout.splitlines()[-1].split() == ["LOADED"]


# A run of the fake engine that waits before its third step.
WAITING = """
import sys
from nst import cli
from nst.engines import registry
from nst.settings.engines import OptimizeSettings
from tests.support import fake_engine
registry.ENGINES["optimize"] = (OptimizeSettings, "tests.support.fake_engine")
fake_engine.script.hold_before = 3
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.fixture
def waiting(folder):
    """A process that has taken two steps and waits."""
    command = [sys.executable, "-c", WAITING, "stylize", "photo.png", "red.png", "-o", "out.png", "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), cwd=folder
    ) as process:
        try:
            for event in ("started", "snapshot", "snapshot"):
                assert process.stdout is not None
                assert json.loads(process.stdout.readline())["event"] == event
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_stops_a_waiting_run_and_saves(waiting, folder, name, code):
    waiting.send_signal(getattr(signal, name))
    out, err = waiting.communicate(timeout=30)
    assert waiting.returncode == code
    assert json.loads(out.splitlines()[-1])["event"] == "saved"
    assert "Stopped after step 3 of 100" in err
    assert images.read(folder / "out.png").rgb.shape == (256, 512, 3)


def test_too_little_memory_for_tensorflow_is_one_line(folder):
    code = """
import builtins, sys
from nst.cli import main
real = builtins.__import__
def short(name, *more):
    if name == "tensorflow":
        raise ImportError("libtensorflow.so.2: failed to map segment from shared object")
    return real(name, *more)
builtins.__import__ = short
sys.exit(main("stylize photo.png red.png -o out.png --network lite".split()))
"""
    result = python("-c", f"import os; os.chdir({str(folder)!r}); {''}" + code)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith("nst: There is too little free memory to load TensorFlow")
    assert "Traceback" not in result.stderr


def test_the_module_runs_as_a_command(folder):
    result = python("-m", "nst", "stylize", "none.jpg", "none.jpg", "-o", str(folder / "never.gif"))
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"nst: Cannot write '{folder / 'never.gif'}'")


# TensorFlow's chatter

CHATTER = """
import os
from nst.cli.quiet import quiet
from nst.errors import NstError
with quiet():
    os.write(2, b"chatter\\n")
    {then}
os.write(2, b"after\\n")
"""


@pytest.mark.parametrize(
    ("then", "level", "said"),
    [
        ("pass", {}, ["after"]),
        ("pass", {LEVEL: "0"}, ["chatter", "after"]),
        ("raise NstError('one line')", {}, ["Traceback"]),
        ("raise ZeroDivisionError", {}, ["chatter", "Traceback"]),
    ],
)
def test_chatter_is_heard_only_when_it_matters(then, level, said):
    lines = python("-c", CHATTER.format(then=then), **level).stderr.splitlines()
    assert [line.split()[0] for line in lines if line.startswith(("chatter", "after", "Traceback"))] == said


# The real engine


@pytest.mark.slow
def test_a_small_run_on_the_real_engine(folder):
    began = time.monotonic()
    result = python(
        "-m", "nst", "stylize", str(folder / "photo.png"), str(folder / "red.png"), "-o", str(folder / "out.png"),
        "--network", "lite", "--size", "96", "--steps", "6", "--preview-every", "2",
        "--frames", str(folder / "frames"), "--json",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    events = [json.loads(line) for line in result.stdout.splitlines()]
    steps = [event["step"] for event in events if event["event"] == "snapshot"]
    assert steps == sorted(set(steps))
    assert steps[-1] == 6
    assert all(event["network"] == "lite" for event in events if event["event"] == "snapshot")
    assert 0 < events[-1]["seconds"] < time.monotonic() - began
    painted, photo = images.read(folder / "out.png").rgb, images.fit(gradient(200, 100), 96)
    assert painted.shape == photo.shape
    assert np.abs(painted.astype(int) - photo).mean() > 2
    assert len(list((folder / "frames").iterdir())) == len(steps)


def test_a_layer_that_no_network_has(folder):
    result = python(
        "-m", "nst", "stylize", str(folder / "photo.png"), str(folder / "red.png"), "-o", str(folder / "out.png"),
        "--network", "lite", "--content-layers", "block9_conv1",
    )  # fmt: skip
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "block9_conv1" in result.stderr
    assert "block1_conv1" in result.stderr
    assert not (folder / "out.png").exists()
