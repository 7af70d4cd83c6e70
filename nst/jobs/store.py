"""Storage of jobs on disk, to survive a restart of the server: inputs, progress and checkpoint.

Each job has its own folder, named by a digest of its token, so that a token cannot be used for path traversal:

    run.json        format, version, settings, and the application's payload
    pictures.npz    input files
    state.npz       latest snapshot, preview history and checkpoint

Files are written atomically and read without pickle. Files of another program version are rejected, because the format
of a checkpoint is internal to its engine.
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

from nst.engines.registry import ENGINES
from nst.errors import InputError
from nst.jobs.preview_history import Preview, PreviewHistory
from nst.jobs.progress import Progress, State
from nst.jobs.state import INTERRUPTED, Arrays, pack, unpack_checkpoint, unpack_previews, unpack_progress
from nst.models.weights.formats import DAMAGED
from nst.run.snapshot import Checkpoint
from nst.settings.engines import Settings
from nst.system.files import check_folder, is_folder, replacing
from nst.system.version import __version__

FORMAT = 1
LEFT_ALONE = 3600.0  # age in seconds from which a temporary file counts as left over by a killed server

_RUN, _PICTURES, _STATE = "run.json", "pictures.npz", "state.npz"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class JobRecord:
    """Inputs needed to restart a run, and the preview history of the run.

    `payload` is data of the application, JSON-serializable. `files` are the input files by name.
    """

    settings: Settings
    payload: Mapping[str, Any]
    files: Mapping[str, bytes] = field(repr=False)
    previews: PreviewHistory = field(default_factory=PreviewHistory, repr=False, compare=False)


@dataclass(frozen=True)
class StoredJob:
    """Job loaded from disk: inputs, progress, and the checkpoint if one was saved."""

    record: JobRecord
    progress: Progress
    checkpoint: Checkpoint | None


class Store:
    """Jobs saved in subfolders of `folder`.

    tidy() deletes jobs not saved for `hours`, and the oldest ones beyond a total of `megabytes`. `clock` returns Unix
    time in seconds.
    """

    def __init__(self, folder: Path, *, hours: float, megabytes: float, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._seconds, self._bytes, self._clock = folder, hours * 3600, megabytes * 1e6, clock
        self.hours = hours

    def begin(self, token: str, record: JobRecord) -> None:
        """Save the inputs of a new job. Raises FileError if the disk cannot be written."""
        files = {name: np.frombuffer(data, np.uint8) for name, data in record.files.items()}
        check_folder(self._of(token))
        self.describe(token, record)
        _write(self._of(token) / _PICTURES, {}, files)

    def describe(self, token: str, record: JobRecord) -> None:
        """Save the settings and the payload in `record`, in place of those saved earlier.

        Raises FileError if the disk cannot be written.
        """
        path = self._of(token) / _RUN
        kind = next(name for name, (settings, _) in ENGINES.items() if isinstance(record.settings, settings))
        values = {"engine": kind, "settings": asdict(record.settings), "about": record.payload}
        with replacing(path) as temporary:
            temporary.write_text(json.dumps(_stamp() | values), encoding="utf-8")

    def save(
        self, token: str, progress: Progress, checkpoint: Checkpoint | None, previews: Sequence[Preview] = ()
    ) -> None:
        """Save the progress, checkpoint and previews of a job, in place of those saved earlier.

        Raises FileError if the disk cannot be written.
        """
        _write(self._of(token) / _STATE, *pack(progress, checkpoint, previews))

    def read(self, token: str) -> StoredJob | None:
        """Load a job from disk; None if no job with this token is saved.

        Raises InputError, and deletes the job from disk, if its files are corrupted or were saved by another program
        version.
        """
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
                "The saved files of this picture were damaged and have been deleted. Please start the picture again."
            ) from error

    def __contains__(self, token: str) -> bool:
        return is_folder(self._of(token))

    def forget(self, token: str) -> None:
        """Delete a job from disk. No effect if the job is not saved."""
        _clear(self._of(token))

    def tidy(self, busy: Collection[str] = ()) -> None:
        """Delete expired jobs from disk and, while the total exceeds the size limit, the oldest remaining jobs.

        Jobs whose tokens are in `busy` are not deleted. Temporary files older than LEFT_ALONE seconds are deleted in
        all jobs.
        """
        if not is_folder(self._folder):
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
    return {"format": FORMAT, "version": __version__}


def _write(path: Path, header: Mapping[str, Any], arrays: Arrays) -> None:
    text = np.frombuffer(json.dumps({**_stamp(), **header}).encode(), np.uint8)
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, header=text, **arrays)


def _arrays(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the header and the arrays of an .npz file.

    Raises InputError if the file was saved by another program version, and one of the exceptions in DAMAGED if the file
    is corrupted.
    """
    with zipfile.ZipFile(path) as archive:
        if damaged := archive.testzip():  # first, because a corrupted shape could allocate all memory
            raise zipfile.BadZipFile(f"checksum mismatch in {damaged}")
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return _checked(json.loads(arrays.pop("header").tobytes())), arrays


def _checked(header: dict[str, Any]) -> dict[str, Any]:
    found = {name: header[name] for name in _stamp()}
    if found != _stamp():
        raise InputError(
            f"This picture was started with version {found['version']} of the studio. Version {__version__} cannot "
            "continue it and has deleted it. Please start the picture again."
        )
    return header


def _read(folder: Path) -> StoredJob:
    run = _checked(json.loads((folder / _RUN).read_text(encoding="utf-8")))
    _, files = _arrays(folder / _PICTURES)
    settings = _settings(run["engine"], run["settings"])
    given = {name: data.tobytes() for name, data in files.items()}
    if not (folder / _STATE).is_file():
        return StoredJob(JobRecord(settings, run["about"], given), Progress(State.PAUSED, notice=INTERRUPTED), None)
    header, arrays = _arrays(folder / _STATE)
    record = JobRecord(settings, run["about"], given, unpack_previews(header, arrays))
    return StoredJob(record, unpack_progress(header, arrays), unpack_checkpoint(settings, header, arrays))


def _settings(engine: str, values: dict[str, Any]) -> Settings:
    """Create the settings of an engine from the saved `values`.

    Raises InputError if a value is invalid, and ValueError if the field names differ from those of the settings class.
    """
    kind = ENGINES[engine][0]
    if set(values) != {entry.name for entry in fields(kind)}:
        raise ValueError(f"settings of {engine} are {sorted(values)}")
    return kind(**values)


def _touched(path: Path) -> float:
    """Return the modification time of a file, or the latest one in a folder, in seconds since 1970."""
    files = [path, *path.iterdir()] if path.is_dir() else [path]
    return max(file.stat().st_mtime for file in files)


def _clear(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return  # deleted concurrently
    except OSError as error:
        logger.warning("Cannot delete %s: %s", folder, error)
