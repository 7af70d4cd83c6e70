"""Limits of memory that TensorFlow would not survive are explained before its import."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from nst.cli.quiet import LEVEL, quiet
from nst.errors import OutOfMemory
from tests.support.paths import ROOT

COMMANDS = ("stylize photo.png red.png -o out.png --network lite", "forecast photo.png red.png --network lite")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space")
@pytest.mark.parametrize("line", COMMANDS)
@pytest.mark.parametrize("limit", [1_000_000_000, 1_900_000_000])
@pytest.mark.parametrize("level", ["", "3"])
def test_too_little_address_space_is_one_line(folder: Path, line: str, limit: int, level: str) -> None:
    known = {name: value for name, value in os.environ.items() if name != LEVEL}
    ended = subprocess.run(
        [sys.executable, "-m", "nst", *line.split()],
        cwd=folder,
        env={**known, "PYTHONPATH": str(ROOT), "NST_CACHE": str(folder / "cache"), **({LEVEL: level} if level else {})},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("nst: There is too little free memory to load TensorFlow")
    assert ended.stderr.count("\n") == 1 and not (folder / "out.png").exists()


@pytest.mark.parametrize("level", ["", "3"])
@pytest.mark.parametrize(
    "error", [MemoryError(), ImportError("libtensorflow.so.2: failed to map segment from shared object")]
)
def test_an_import_that_lacks_memory_is_an_error_of_ours(
    error: Exception, level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LEVEL, level)
    if not level:
        monkeypatch.delenv(LEVEL)
    with pytest.raises(OutOfMemory, match="too little free memory to load TensorFlow"), quiet():
        raise error
