"""Command lines run in this process."""

from __future__ import annotations

from pathlib import Path

from nst.cli import main
from nst.images import io as images
from tests.support import fake_engine


def run(line: str) -> int:
    """The exit code of a command line."""
    try:
        return main(line.split())
    except SystemExit as error:
        assert isinstance(error.code, int)
        return error.code


def asked() -> dict:
    """Return the arguments of the engine's last call."""
    return fake_engine.script.calls[-1]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def size(path: str | Path) -> tuple[int, int]:
    """Width and height of the picture in a file."""
    height, width = images.read(path).rgb.shape[:2]
    return width, height
