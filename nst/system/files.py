"""Atomic file writes, checks of output paths, and readable messages for OSErrors."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path

from nst.errors import FileError


@contextmanager
def replacing(path: str | PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path in the folder of `path`: renamed to `path` on success, deleted on failure.

    A symbolic link keeps pointing to its target, which is replaced; an existing file keeps its mode. Raises FileError
    for every OSError, such as a full disk, for a write-protected file, and for a device or pipe.
    """
    try:
        target = _target(path)
        temporary = _beside(target)
        try:
            yield temporary
            if target.exists():
                shutil.copymode(target, temporary)
            temporary.replace(target)
        finally:
            with suppress(OSError):  # the first error matters
                temporary.unlink(missing_ok=True)
    except OSError as error:
        raise FileError(f"Cannot write '{path}': {reason(error)}") from error


def check_suffix(path: str | PathLike[str], suffixes: Collection[str]) -> str:
    """Return the suffix of `path` in lower case. Raises FileError unless it is one of `suffixes`."""
    suffix = Path(path).suffix.lower()
    if suffix not in suffixes:
        received = f"the suffix '{suffix}'" if suffix else "no suffix"
        raise FileError(f"Cannot write '{path}': it has {received}. Use one of {' '.join(suffixes)}")
    return suffix


def check_output(path: str | PathLike[str], suffixes: Collection[str]) -> None:
    """Raise FileError unless `path` is writable and has one of `suffixes`. Call before a run that may take hours."""
    if is_folder(path):
        raise FileError(f"Cannot write '{path}': {reason(IsADirectoryError())}")
    check_suffix(path, suffixes)
    try:
        probe = _beside(_target(path))
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FileError(f"Cannot write '{path}': {reason(error)}") from error


def check_folder(path: Path) -> None:
    """Create the folder if missing. Raises FileError unless it is writable."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = _beside(path / "file")
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FileError(f"Cannot write to the folder '{path}': {reason(error)}") from error


def reason(error: OSError) -> str:
    """Return the cause of a failed read or write, with advice for the common ones."""
    known: dict[type[OSError], str] = {
        FileNotFoundError: "no such file or folder. Check the path.",
        IsADirectoryError: "it is a folder. Name a file in it.",
        NotADirectoryError: "part of the path is a file, not a folder. Check the path.",
        FileExistsError: "a file with this name exists. Choose another name.",
        PermissionError: "permission denied or write-protected. Choose another place, or change the permissions.",
    }
    if error.errno == errno.ENAMETOOLONG:
        return "the name is too long. Choose a shorter one."
    return known.get(type(error), f"{error.strerror or error}.")


def is_file(path: str | PathLike[str]) -> bool:
    """Return True for a file; False also where it cannot be looked at, for which Path.is_file() raises."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: str | PathLike[str]) -> bool:
    """Return True for a folder; False also where it cannot be looked at, for which Path.is_dir() raises."""
    return os.path.isdir(path)  # noqa: PTH112


def same_file(one: str | PathLike[str], other: str | PathLike[str]) -> bool:
    """Return True if both paths lead to one file, also through links and before the file exists."""
    try:
        return Path(one).samefile(other)
    except OSError:
        return real_path(one) == real_path(other)


def real_path(path: str | PathLike[str]) -> str:
    """Return the absolute path without links; the path itself if the current folder was deleted."""
    try:
        return os.path.realpath(path)
    except OSError:
        return os.fspath(path)


def home_expanded(path: str | PathLike[str]) -> Path:
    """Replace a leading ~ by the home folder. An unknown one stays, for which Path.expanduser() raises RuntimeError."""
    return Path(os.path.expanduser(path))  # noqa: PTH111


def _target(path: str | PathLike[str]) -> Path:
    """Return the file to write: `path`, or the target of a link. Raises OSError if protected or a device."""
    target = Path(path)
    try:
        if target.is_symlink():
            target = Path(os.path.realpath(target))
        mode = target.stat().st_mode
    except FileNotFoundError:
        return target
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # a device, or a pipe whose reader would wait forever
        raise OSError(errno.EINVAL, "it is not a regular file. Choose another name")
    # The bits as well: the superuser may write everywhere, but whoever protects a file does not expect a loss.
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is write-protected")
    return target


def _beside(path: Path) -> Path:
    return path.with_name(f".nst-{secrets.token_hex(6)}.part")
