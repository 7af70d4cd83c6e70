"""Modules of TensorFlow Hub: loaded from its cache, into which they are brought where they are missing.

tensorflow_hub itself would download without time-outs. So its cache is filled here, in the way it does: each module
in a folder named by the SHA-1 of its address. What it has downloaded before is found, and the other way round.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import tarfile
import tempfile
import warnings
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

from nst.errors import ModelError, WeightsUnavailable
from nst.models.weights.download import CHUNK, Patience, Words, download
from nst.system.files import reason

CACHE_VARIABLE = "TFHUB_CACHE_DIR"  # tensorflow_hub's own
MODEL_FILE = "saved_model.pb"  # what makes a folder a SavedModel


def load(address: str, words: Words, patience: Patience | None = None) -> Any:
    """The module at a web address such as "https://tfhub.dev/...", downloaded unless the cache has it.

    Raises WeightsUnavailable, which says `words`, and ModelError where tensorflow_hub does not work. That is
    imported on use: it takes a while, and fails beside a setuptools of 82 or later, which has no pkg_resources.
    """
    # It is the packagers' affair, and settled by the setuptools that is asked for.
    warnings.filterwarnings("ignore", "pkg_resources is deprecated", UserWarning)
    try:
        import tensorflow_hub
    except ImportError as error:
        raise ModelError(
            f"tensorflow_hub cannot be loaded ({error}). It needs 'setuptools<82' and tf_keras beside it; "
            f"install them with pip, or, in place of {words.what}, {words.otherwise}."
        ) from error
    return tensorflow_hub.load(str(fetch(address, words, patience)))


def fetch(address: str, words: Words, patience: Patience | None = None) -> Path:
    """The folder of a module in the cache, where it is whole or not at all. Raises WeightsUnavailable."""
    cache = Path(os.environ.get(CACHE_VARIABLE) or Path(tempfile.gettempdir()) / "tfhub_modules")
    folder = cache / hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()
    if _is_there(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".nst-", suffix=".part", dir=cache) as scratch:
            archive, fresh = Path(scratch) / "module.tar.gz", Path(scratch) / "module"
            download(f"{address}?tf-hub-format=compressed", archive, None, words=words, patience=patience)
            if not _unpack(archive, fresh):
                raise WeightsUnavailable(
                    f"What came from {address} is not {words.what}; a log-in page may have answered. "
                    f"Try again later, {words.otherwise}."
                )
            fresh.rename(folder)
    except OSError as error:
        if _is_there(folder):  # somebody else has brought it meanwhile
            return folder
        raise WeightsUnavailable(
            f"Cannot write '{folder}': {reason(error)} {CACHE_VARIABLE} names the place."
        ) from error
    return folder


def _is_there(folder: Path) -> bool:
    return (folder / MODEL_FILE).is_file()


def _extract(tar: tarfile.TarFile, folder: Path) -> None:
    """Write the archive's files, and nothing outside of `folder`; Python before 3.11.4 has no filter for that."""
    for member in tar:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts:
            raise tarfile.TarError(f"{member.name} would land elsewhere")
        content = tar.extractfile(member) if member.isfile() else None
        if content is not None:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with content, target.open("wb") as file:
                shutil.copyfileobj(content, file)


def _unpack(archive: Path, folder: Path) -> bool:
    """Whether the archive is one, and has a SavedModel in it."""
    try:
        with gzip.open(archive) as file, tarfile.open(fileobj=file, mode="r:") as tar:
            _extract(tar, folder)
            while file.read(CHUNK):  # on to its end, where the check sum is
                pass
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error):
        return False
    return _is_there(folder)
