"""Reading of inputs from standard input and named pipes, which can be read only once."""

from __future__ import annotations

import sys
from pathlib import Path

from nst.errors import FileError

STANDARD = "-"  # standard input or output


def read_stream(path: str) -> str | bytes:
    """Return all bytes of standard input if `path` is "-", or of a named pipe; return any other path unchanged.

    Raises FileError if standard input is empty.
    """
    if path != STANDARD:
        try:
            return Path(path).read_bytes() if Path(path).is_fifo() else path
        except OSError:
            return path  # whoever opens the file names the cause
    data = b"" if sys.stdin is None else sys.stdin.buffer.read()  # None: closed by the caller
    if not data:
        raise FileError("Standard input is empty. Pipe one picture into it; '-' can be given only once.")
    return data


def read_optional(path: str | None) -> str | bytes | None:
    """Return read_stream(path), or None if `path` is None."""
    return None if path is None else read_stream(path)
