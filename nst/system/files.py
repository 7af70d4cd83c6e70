"""Files that are whole or not there, and the system's refusals in plain words."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from nst.errors import ImageError


@contextmanager
def replacing(path: str | PathLike[str]) -> Iterator[Path]:
    """A temporary path in the folder of `path` to write to; it takes that name on success and is gone otherwise.

    Raises ImageError where the system refuses, a full disk included.
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
    """The suffix of `path` in lower case; raises ImageError unless it is one of `suffixes`."""
    suffix = Path(path).suffix.lower()
    if suffix not in suffixes:
        received = f"the suffix '{suffix}'" if suffix else "no suffix"
        raise ImageError(f"Cannot write '{path}': it has {received}. Use one of {' '.join(suffixes)}")
    return suffix


def check_output(path: str | PathLike[str], suffixes: Collection[str]) -> None:
    """Raise ImageError unless a file with one of `suffixes` can be written at `path`: ask before hours of work."""
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
    """Make the folder where it is missing; raise ImageError unless files can be written in it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = _beside(path / "file")
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ImageError(f"Cannot write to the folder '{path}': {reason(error)}") from error


def reason(error: OSError) -> str:
    """Why the system refused to read or write, and what to do."""
    known: dict[type[OSError], str] = {
        FileNotFoundError: "there is no such file or folder. Check the path.",
        IsADirectoryError: "it is a folder. Name a file in it.",
        NotADirectoryError: "part of the path is a file, not a folder. Check the path.",
        FileExistsError: "there is a file of that name. Choose another name.",
        PermissionError: "permission denied. Choose another place, or change the permissions.",
    }
    return known.get(type(error), f"{error.strerror or error}.")


def _beside(path: str | PathLike[str]) -> Path:
    return Path(path).with_name(f".nst-{secrets.token_hex(6)}.part")
