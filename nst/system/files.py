"""Atomic file writes, checks of paths, and readable messages for OSErrors."""

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
    """Yield a temporary path in the folder of `path`; rename it to `path` on success, delete it on failure.

    If `path` is a symbolic link, the target is replaced and the link stays; an existing file keeps its mode. Raises
    FileError for every OSError, such as a full disk, also if `path` is write-protected, a device or a pipe.
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
    """Return the suffix of `path` in lower case. Raises FileError if `suffixes` does not contain it."""
    suffix = Path(path).suffix.lower()
    if suffix not in suffixes:
        received = f"the suffix '{suffix}'" if suffix else "no suffix"
        raise FileError(f"Cannot write '{path}': it has {received}. Use one of {' '.join(suffixes)}")
    return suffix


def check_output(path: str | PathLike[str], suffixes: Collection[str]) -> None:
    """Raise FileError unless `path` can be written and `suffixes` contains its suffix.

    Call before a style-transfer run or training that may take hours.
    """
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
    """Create the folder `path` and its parents if missing. Raises FileError if creating or writing to it fails."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = _beside(path / "file")
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FileError(f"Cannot write to the folder '{path}': {reason(error)}") from error


def reason(error: OSError) -> str:
    """Return the cause of a failed read or write as a sentence, with advice for common causes."""
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
    """Return True if `path` is a file; False also if access is denied, in which case Path.is_file() would raise."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: str | PathLike[str]) -> bool:
    """Return True if `path` is a folder; False also if access is denied, in which case Path.is_dir() would raise."""
    return os.path.isdir(path)  # noqa: PTH112


def same_file(one: str | PathLike[str], other: str | PathLike[str]) -> bool:
    """Return True if both paths lead to the same file; links are followed, and the file need not exist."""
    try:
        return Path(one).samefile(other)
    except OSError:
        return real_path(one) == real_path(other)


def real_path(path: str | PathLike[str]) -> str:
    """Return the absolute path with links resolved, or `path` itself if the current folder was deleted."""
    try:
        return os.path.realpath(path)
    except OSError:
        return os.fspath(path)


def home_expanded(path: str | PathLike[str]) -> Path:
    """Replace a leading ~ or ~user by the home folder; keep the path of an unknown user, unlike Path.expanduser()."""
    return Path(os.path.expanduser(path))  # noqa: PTH111


def _target(path: str | PathLike[str]) -> Path:
    """Return the file to write: `path`, or the target of a symbolic link.

    Raises OSError if the file is write-protected, a device or a pipe.
    """
    target = Path(path)
    try:
        if target.is_symlink():
            target = Path(os.path.realpath(target))
        mode = target.stat().st_mode
    except FileNotFoundError:
        return target
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # a device, or a pipe whose reader would wait forever
        raise OSError(errno.EINVAL, "it is not a regular file. Choose another name")
    # Check the mode as well: the superuser may write everywhere, but a protected file must not be replaced.
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is write-protected")
    return target


def _beside(path: Path) -> Path:
    return path.with_name(f".nst-{secrets.token_hex(6)}.part")
