"""Modules of TensorFlow Hub, loaded from its cache and downloaded to it if missing.

tensorflow_hub itself downloads without timeouts, so this module fills the cache in the same layout: each module in a
folder named by the SHA-1 of its URL. Modules downloaded by either are found by the other.
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
from nst.models.weights.download import CHUNK, Timeouts, Words, download
from nst.system.files import is_file, reason

CACHE_VARIABLE = "TFHUB_CACHE_DIR"  # environment variable of tensorflow_hub
MODEL_FILE = "saved_model.pb"  # its presence marks a folder as a SavedModel


def load(address: str, words: Words, patience: Timeouts | None = None) -> Any:
    """Load the module at a URL such as "https://tfhub.dev/...", downloading it unless cached.

    `words` are for error messages. Raises WeightsUnavailable if the module cannot be downloaded or stored, and
    ModelError if tensorflow_hub cannot be imported. The import happens on use, because of its duration and its failure
    with setuptools 82 or later (no pkg_resources).
    """
    try:
        with warnings.catch_warnings():
            # Users cannot act on this warning; the pinned setuptools avoids the problem.
            warnings.filterwarnings("ignore", "pkg_resources is deprecated", UserWarning)
            import tensorflow_hub
    except ImportError as error:
        raise ModelError(
            f"tensorflow_hub cannot be loaded ({error}). Install 'setuptools<82' and tf_keras with "
            f"pip, or {words.otherwise}."
        ) from error
    return tensorflow_hub.load(str(fetch(address, words, patience)))


def fetch(address: str, words: Words, patience: Timeouts | None = None) -> Path:
    """Return the module's folder in the cache, downloading it atomically if missing.

    Raises WeightsUnavailable if the module cannot be downloaded or stored.
    """
    cache = Path(os.environ.get(CACHE_VARIABLE) or Path(tempfile.gettempdir()) / "tfhub_modules")
    folder = cache / hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()
    if _is_saved_model(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".nst-", suffix=".part", dir=cache) as scratch:
            archive, fresh = Path(scratch) / "module.tar.gz", Path(scratch) / "module"
            download(f"{address}?tf-hub-format=compressed", archive, None, words=words, patience=patience)
            if not _unpack(archive, fresh):
                raise WeightsUnavailable(
                    f"The file received from {address} is not {words.what}; it may be a login page. "
                    f"Try again later, {words.otherwise}."
                )
            fresh.rename(folder)
    except OSError as error:
        if _is_saved_model(folder):  # downloaded by another process meanwhile
            return folder
        raise WeightsUnavailable(
            f"Cannot write '{folder}': {reason(error)} Set {CACHE_VARIABLE} to another folder."
        ) from error
    return folder


def _is_saved_model(folder: Path) -> bool:
    return is_file(folder / MODEL_FILE)


def _extract(tar: tarfile.TarFile, folder: Path) -> None:
    """Extract the archive's files to `folder`. Raises TarError for paths outside it.

    Python before 3.11.4 has no tarfile filter.
    """
    for member in tar:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts:
            raise tarfile.TarError(f"{member.name} is outside the folder")
        content = tar.extractfile(member) if member.isfile() else None
        if content is not None:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with content, target.open("wb") as file:
                shutil.copyfileobj(content, file)


def _unpack(archive: Path, folder: Path) -> bool:
    """Extract the archive to `folder`; return True if it is undamaged and contains a SavedModel."""
    try:
        with gzip.open(archive) as file, tarfile.open(fileobj=file, mode="r:") as tar:
            _extract(tar, folder)
            while file.read(CHUNK):  # read to the end, where gzip verifies the checksum
                pass
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error):
        return False
    return _is_saved_model(folder)
