"""Standard streams whose failed writes do not end a command: its result may be saved all the same."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast


class Forgiving:
    """Text stream that ignores failed writes, for example to a closed pipe or a full disk.

    `error` is the exception of the first failed write, or None.
    """

    def __init__(self, stream: TextIO) -> None:
        self.error: Exception | None = None
        self._stream = stream
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # file names that the terminal's encoding lacks

    @property
    def lost(self) -> bool:
        """True if text could not be written for a reason other than a pipe closed by its reader."""
        return self.error is not None and not isinstance(self.error, BrokenPipeError)

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            self._give_up(error)
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except (OSError, ValueError) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Store `error`, discard all further text. Otherwise Python would fail at exit, when it flushes its streams."""
        self.error = self.error or error
        with suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123 (a device, not a file)
            os.dup2(nowhere.fileno(), self._stream.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def forgiving() -> Iterator[Forgiving]:
    """Replace stdout and stderr by Forgiving streams inside the context. Yields the one for stdout."""
    _open_closed_streams()
    before = sys.stdout, sys.stderr
    output, errors = Forgiving(sys.stdout), Forgiving(sys.stderr)
    sys.stdout, sys.stderr = cast("TextIO", output), cast("TextIO", errors)
    try:
        yield output
    finally:
        output.flush()
        errors.flush()
        sys.stdout, sys.stderr = before


def _open_closed_streams() -> None:
    """Open the null device, read-only, for each standard stream that the parent process has closed.

    Otherwise a file opened later would get the free file descriptor, and messages of libraries would go to this file.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # gets the lowest free number, which is this one
    for number, name in enumerate(("stdout", "stderr"), 1):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115
