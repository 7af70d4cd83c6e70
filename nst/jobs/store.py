"""Runs on disk, so that they outlive the server: what they were given, and how far they have come.

A run has a folder of its own, named by a digest of its token, so that no token can lead anywhere else:

    run.json        format, version, settings, and what its owner wants to know again
    pictures.npz    the files that it was given
    state.npz       its latest picture and those on the way to it, and the checkpoint to go on from

Each file is whole or not there, and nothing in them is unpickled. What was written by another version of the program
is not trusted: engines keep their state as they like.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import time
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import nst
from nst.engines.registry import ENGINES
from nst.errors import InputError
from nst.jobs.preview_history import Moment, Moments
from nst.jobs.progress import Progress, State
from nst.jobs.state import INTERRUPTED, Arrays, checkpoint_in, moments_in, packed, progress_in
from nst.models.weights.formats import DAMAGED
from nst.run.snapshot import Checkpoint
from nst.settings.engines import Settings
from nst.system.files import check_folder, replacing

FORMAT = 1
LEFT_ALONE = 3600.0  # seconds, after which a temporary file is one that a killed server has left

_RUN, _PICTURES, _STATE = "run.json", "pictures.npz", "state.npz"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Record:
    """All that it takes to begin a run again, and its moments so far.

    `about` has plain values only, as JSON knows them.
    """

    settings: Settings
    about: Mapping[str, Any]
    files: Mapping[str, bytes] = field(repr=False)
    moments: Moments = field(default_factory=Moments, repr=False, compare=False)


@dataclass(frozen=True)
class Kept:
    """A run as it was found on disk."""

    record: Record
    progress: Progress
    checkpoint: Checkpoint | None


class Store:
    """Runs in a folder, none older than `hours`, and no more than `megabytes` of them."""

    def __init__(self, folder: Path, *, hours: float, megabytes: float, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._seconds, self._bytes, self._clock = folder, hours * 3600, megabytes * 1e6, clock
        self.hours = hours

    def begin(self, token: str, record: Record) -> None:
        """Keep what a new run was given. Raises ImageError where that cannot be written."""
        files = {name: np.frombuffer(data, np.uint8) for name, data in record.files.items()}
        check_folder(self._of(token))
        self.describe(token, record)
        _write(self._of(token) / _PICTURES, {}, files)

    def describe(self, token: str, record: Record) -> None:
        """Keep all of a record but its files, which do not change. Raises ImageError where that cannot be written."""
        path = self._of(token) / _RUN
        kind = next(name for name, (settings, _) in ENGINES.items() if isinstance(record.settings, settings))
        values = {"engine": kind, "settings": asdict(record.settings), "about": record.about}
        with replacing(path) as temporary:
            temporary.write_text(json.dumps(_stamp() | values), encoding="utf-8")

    def save(
        self, token: str, progress: Progress, checkpoint: Checkpoint | None, moments: Sequence[Moment] = ()
    ) -> None:
        """Keep how far a run has come. Raises ImageError where that cannot be written."""
        _write(self._of(token) / _STATE, *packed(progress, checkpoint, moments))

    def read(self, token: str) -> Kept | None:
        """A run; None where there is none. Raises InputError, and clears it away, where it cannot be gone on with."""
        if token not in self:
            return None
        folder = self._of(token)
        try:
            return _read(folder)
        except InputError:
            self.forget(token)
            raise
        except DAMAGED as error:
            logger.warning("The run in %s is damaged: %s", folder, error)
            self.forget(token)
            raise InputError(
                "This picture was kept, but its files are damaged and cannot be read. They were cleared away: please "
                "start the picture again."
            ) from error

    def __contains__(self, token: str) -> bool:
        return self._of(token).is_dir()

    def forget(self, token: str) -> None:
        """Clear a run away."""
        _clear(self._of(token))

    def tidy(self, busy: Collection[str] = ()) -> None:
        """Clear away what is too old and, oldest first, what is too much; but not the runs of `busy` tokens."""
        if not self._folder.is_dir():
            return
        kept = {self._of(token) for token in busy}
        ages = sorted((_touched(folder), folder) for folder in self._folder.iterdir() if folder.is_dir())
        for _, folder in ages:
            for left in folder.glob("*.part"):
                if self._clock() - _touched(left) > LEFT_ALONE:
                    left.unlink(missing_ok=True)
        sizes = {folder: sum(file.stat().st_size for file in folder.iterdir()) for _, folder in ages}
        for touched, folder in ages:
            too_old, too_much = self._clock() - touched > self._seconds, sum(sizes.values()) > self._bytes
            if folder not in kept and (too_old or too_much):
                _clear(folder)
                del sizes[folder]

    def _of(self, token: str) -> Path:
        return self._folder / hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()[:32]


def _stamp() -> dict[str, Any]:
    return {"format": FORMAT, "version": nst.__version__}


def _write(path: Path, header: Mapping[str, Any], arrays: Arrays) -> None:
    text = np.frombuffer(json.dumps({**_stamp(), **header}).encode(), np.uint8)
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, header=text, **arrays)


def _arrays(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and arrays of a file. Raises InputError for one of another version, or one of DAMAGED."""
    with zipfile.ZipFile(path) as archive:
        if damaged := archive.testzip():  # first, because a wrong shape could ask for all memory
            raise zipfile.BadZipFile(f"{damaged} is not as it was written")
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return _checked(json.loads(arrays.pop("header").tobytes())), arrays


def _checked(header: dict[str, Any]) -> dict[str, Any]:
    found = {name: header[name] for name in _stamp()}
    if found != _stamp():
        raise InputError(
            f"This picture was begun with version {found['version']} of the studio, which is at {nst.__version__} now "
            "and cannot go on with it. It was cleared away: please start the picture again."
        )
    return header


def _read(folder: Path) -> Kept:
    run = _checked(json.loads((folder / _RUN).read_text(encoding="utf-8")))
    _, files = _arrays(folder / _PICTURES)
    settings = _settings(run["engine"], run["settings"])
    given = {name: data.tobytes() for name, data in files.items()}
    if not (folder / _STATE).is_file():
        return Kept(Record(settings, run["about"], given), Progress(State.PAUSED, notice=INTERRUPTED), None)
    header, arrays = _arrays(folder / _STATE)
    record = Record(settings, run["about"], given, moments_in(header, arrays))
    return Kept(record, progress_in(header, arrays), checkpoint_in(settings, header, arrays))


def _settings(engine: str, values: dict[str, Any]) -> Settings:
    """Raises one of DAMAGED or InputError."""
    kind = ENGINES[engine][0]
    if set(values) != {entry.name for entry in fields(kind)}:
        raise ValueError(f"settings of {engine} are {sorted(values)}")
    return kind(**values)


def _touched(path: Path) -> float:
    """When a file, or the latest in a folder, was written."""
    files = [path, *path.iterdir()] if path.is_dir() else [path]
    return max(file.stat().st_mtime for file in files)


def _clear(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return  # somebody else was faster
    except OSError as error:
        logger.warning("Cannot clear away %s: %s", folder, error)
