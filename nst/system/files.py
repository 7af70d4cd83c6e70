"""Atomic file writes, checks of output paths, and readable messages for OSErrors."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from nst.errors import ImageError


@contextmanager
def replacing(path: str | PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path in the folder of `path`: renamed to `path` on success, deleted on failure.

    Raises ImageError for every OSError, such as a full disk.
    """
    temporary = _beside(path)
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise ImageError(f"Cannot write '{path}': {reason(error)}") from error
    finally:
        temporary.unlink(missing_ok=True)


def check_suffix(path: str | PathLike[str], suffixes: Collection[str]) -> str:
    """Return the suffix of `path` in lower case. Raises ImageError unless it is one of `suffixes`."""
    suffix = Path(path).suffix.lower()
    if suffix not in suffixes:
        received = f"the suffix '{suffix}'" if suffix else "no suffix"
        raise ImageError(f"Cannot write '{path}': it has {received}. Use one of {' '.join(suffixes)}")
    return suffix


def check_output(path: str | PathLike[str], suffixes: Collection[str]) -> None:
    """Raise ImageError unless `path` is writable and has one of `suffixes`. Call before a run that may take hours."""
    if Path(path).is_dir():
        raise ImageError(f"Cannot write '{path}': {reason(IsADirectoryError())}")
    check_suffix(path, suffixes)
    probe = _beside(path)
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ImageError(f"Cannot write '{path}': {reason(error)}") from error


def check_folder(path: Path) -> None:
    """Create the folder if missing. Raises ImageError unless it is writable."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = _beside(path / "file")
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ImageError(f"Cannot write to the folder '{path}': {reason(error)}") from error


def reason(error: OSError) -> str:
    """Return the cause of a failed read or write, with advice for the common ones."""
    known: dict[type[OSError], str] = {
        FileNotFoundError: "no such file or folder. Check the path.",
        IsADirectoryError: "it is a folder. Name a file in it.",
        NotADirectoryError: "part of the path is a file, not a folder. Check the path.",
        FileExistsError: "a file with this name exists. Choose another name.",
        PermissionError: "permission denied. Choose another folder, or change the permissions.",
    }
    return known.get(type(error), f"{error.strerror or error}.")


def _beside(path: str | PathLike[str]) -> Path:
    return Path(path).with_name(f".nst-{secrets.token_hex(6)}.part")
