"""Trained styles: user-trained style files, accepted by every engine in place of a style image.

A trained style is an `.npz` made by `nst train-style`, with the style image, its learned style code and the fingerprint
of the network used. Files are recognized by content, not by name; nothing is unpickled, and each array's kind and size
are checked before reading.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nst.errors import FileError, ImageError, InputError
from nst.images import io as images
from nst.images.color_transfer import Palette
from nst.images.io import Pixels, Source
from nst.models.weights.formats import DAMAGED, StoredArray, npy
from nst.system.files import is_file, reason, replacing

SUFFIX = ".npz"
PICTURE_SIDE = 512  # maximum of the long side of the style image, in pixels

_ZIP = b"PK\x03\x04"  # first bytes of every .npz, and of no image
_VERSION = 2  # version 1 stored the weights of its own network
_MARK = "nst-trained-style"  # name of the entry with the version
_LARGEST = 32 * 2**20  # bytes of a file; typical are 100 KB, in version 1 4 MB
_LONGEST_NAME = 200


@dataclass(frozen=True, eq=False)
class TrainedStyle:
    """A style image and its learned style code."""

    name: str
    picture: Pixels = field(repr=False)
    code: NDArray[np.float32] = field(repr=False)  # (numbers,)
    fingerprint: str  # of the weights of fast used in training; empty in files of version 1


def write(style: TrainedStyle, path: str | PathLike[str]) -> None:
    """Write a trained style atomically. Raises FileError if the path cannot be written."""
    entries: dict[str, Any] = {
        _MARK: np.array(_VERSION),
        "name": np.array(style.name[:_LONGEST_NAME]),
        "picture": np.frombuffer(images.encode(style.picture, "webp"), np.uint8),
        "code": style.code.astype(np.float32),
        "fingerprint": np.array(style.fingerprint),
    }
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **entries)


def find(source: Source, label: str = "style") -> TrainedStyle | None:
    """Return the trained style in a path or bytes, or None if the source is something else, such as an image.

    Raises ImageError for a damaged file, a newer version or another kind of archive, FileError for an unreadable file;
    the message contains `label` and the path. The last four trained styles are cached by content and label.
    """
    if isinstance(source, bytes):
        return _read(source, label) if source.startswith(_ZIP) else None
    if not isinstance(source, str | PathLike) or not is_file(source):
        return None  # images.read() reports any error
    label = f"{label} '{fspath(source)}'"
    try:
        with Path(source).open("rb") as file:
            if file.read(len(_ZIP)) != _ZIP:
                return None
            file.seek(0)
            return _read(file.read(_LARGEST + 1), label)
    except OSError as error:
        raise FileError(f"Cannot open {label}: {reason(error)}") from error


def pixels(source: Source, at_least: int | None = None) -> Pixels:
    """Return a style as an image for display, uint8 RGB (H, W, 3): of a trained style its style image.

    See images.io.read() for `at_least` and errors.
    """
    trained = find(source)
    return images.read(source, "style", at_least=at_least, any_shape=True).rgb if trained is None else trained.picture


def visible_pixels(source: Source) -> Pixels:
    """Return a style as engines use it, uint8 RGB (H, W, 3): a trained style's image, or visible_image() of others.

    Raises InputError for an image that is fully transparent, and the errors of find() and images.io.read().
    """
    trained = find(source)
    return visible_image(source) if trained is None else trained.picture


def visible_image(source: Source) -> Pixels:
    """Return the visible part of a style image, see images.io.Picture.visible.

    Raises InputError for an image that is fully transparent, and the errors of images.io.read().
    """
    picture = images.read(source, "style")
    if picture.is_invisible:
        raise InputError("The style picture is fully transparent. Choose one of which something is seen.")
    return picture.visible


def palette(source: Source) -> Palette:
    """Return the color statistics of an image, weighted by alpha, or of a trained style's image.

    Raises FileError or ImageError for a source that cannot be read.
    """
    trained = find(source, "color style")
    picture = images.read(source, "color style") if trained is None else images.Picture(trained.picture)
    return Palette.of(picture.bled, picture.alpha)


@lru_cache(maxsize=4)
def _read(data: bytes, label: str) -> TrainedStyle:
    if len(data) > _LARGEST:
        raise ImageError(
            f"Cannot open {label}: it is larger than 32 MB, so not a style made by nst train-style. Use another file."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpack({entry.removesuffix(".npy"): entry for entry in archive.namelist()}, archive, label)
    except DAMAGED as error:
        raise ImageError(
            f"Cannot open {label}: the file is damaged or incomplete ({error}). Download or train it again."
        ) from error


def _unpack(entries: Mapping[str, str], archive: zipfile.ZipFile, label: str) -> TrainedStyle:
    if _MARK not in entries:
        raise ImageError(
            f"Cannot use {label}: the archive is not a style made by nst train-style. "
            "Give a picture, or the .npz file of a trained style."
        )
    stored = {name: npy(archive, entry) for name, entry in entries.items()}
    if sum(map(_size, stored.values())) > _LARGEST:
        raise ValueError("its contents are too large")
    version = int(_array(stored, _MARK, "iu", ()))
    if version > _VERSION:
        raise ImageError(
            f"Cannot use {label}: the file is from a newer version of NST Studio (format {version}, expected "
            f"{_VERSION}). Update NST Studio."
        )
    name = str(_array(stored, "name", "U", ()))[:_LONGEST_NAME]
    encoded: NDArray[np.uint8] = _array(stored, "picture", "u")
    code = _array(stored, "code", "f").astype(np.float32)
    fingerprint = str(_array(stored, "fingerprint", "U", ()))[:_LONGEST_NAME] if version > 1 else ""
    if not np.isfinite(code).all():
        raise ValueError("some of its numbers are not finite")
    picture = images.read(encoded.tobytes(), f"the picture in {label}", any_shape=True)
    return TrainedStyle(name, picture.rgb, code, fingerprint)


def _size(stored: StoredArray) -> int:
    """Return the size in bytes of an array in a file, without reading it."""
    return stored.dtype.itemsize * math.prod(stored.shape)


def _array(
    stored: Mapping[str, StoredArray], name: str, kinds: str, shape: tuple[int, ...] | None = None
) -> NDArray[Any]:
    """Read an array by name. `kinds` are the accepted NumPy dtype kinds, such as "iu"; a `shape` of None accepts any.

    Raises one of DAMAGED for a missing, damaged or unexpected array.
    """
    found = stored[name]
    if found.dtype.kind not in kinds or shape not in {None, found.shape}:
        raise ValueError(f"{name} is {found.dtype} of shape {found.shape}")
    return found.read()
