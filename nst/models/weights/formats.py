"""Reading weights by layer name from the common file formats.

Supported are Keras' `.h5` with or without the classifier (weights or whole models, also nested), Keras 3's `.keras` and
`.weights.h5`, and `.npz` with the keys `<layer>/kernel` and `<layer>/bias`. Formats are recognized by content, not by
suffix. Nothing is unpickled, and each array's shape is checked before reading.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from nst.errors import WeightsUnavailable
from nst.models.extractors.architecture import Architecture
from nst.system.files import reason

Weights = dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]  # layer: (kernel (3, 3, in, out), bias (out,))

# Exceptions of h5py, zipfile, json and NumPy for damaged or mislabeled files.
DAMAGED = (OSError, EOFError, KeyError, ValueError, TypeError, RuntimeError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class StoredArray:
    """An array in a file, not read yet."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    read: Callable[[], NDArray[Any]]


_Found = dict[str, dict[str, StoredArray]]  # layer: {"kernel": ..., "bias": ...}


def layers_in(path: Path, architecture: Architecture) -> tuple[str, ...]:
    """Return the layers of `architecture` with weights in the file, shallow to deep, without reading arrays.

    Raises WeightsUnavailable if the file is unreadable or has the weights of another network.
    """
    with _opened(path, architecture) as found:
        return _complete(path, found, architecture)


def read(path: Path, architecture: Architecture, deepest: str) -> Weights:
    """Read the kernels and biases of all layers down to `deepest` as float32.

    Raises WeightsUnavailable as layers_in() does, and for missing layers and non-finite weights.
    """
    with _opened(path, architecture) as found:
        here = _complete(path, found, architecture)
        missing = [name for name in architecture.kernel_shapes(deepest) if name not in here]
        if missing:
            raise WeightsUnavailable(lacking(path, missing, here))
        return {
            name: (_finite(path, found, name, "kernel"), _finite(path, found, name, "bias"))
            for name in architecture.kernel_shapes(deepest)
        }


def lacking(path: Path, missing: Iterable[str], here: tuple[str, ...]) -> str:
    """Return the error message for a file that has the layers `here` and lacks those in `missing`, with a remedy."""
    shallower = f"choose content and style layers down to {here[-1]}, or " if here else ""
    return f"'{path}' lacks the weights of {', '.join(missing)}; {shallower}use a file that has them."


def _complete(path: Path, found: _Found, architecture: Architecture) -> tuple[str, ...]:
    """Return the layers found with both kernel and bias, shallow to deep.

    Raises WeightsUnavailable if there is none, or if a shape, dtype or missing layer shows that the weights are not
    those of `architecture`.
    """
    shapes = architecture.kernel_shapes()
    here = tuple(name for name in shapes if len(found.get(name, {})) == 2)
    if not here:
        raise WeightsUnavailable(
            f"'{path}' contains no layer of {architecture.name}. Expected weights under the layers' Keras names, "
            f"{architecture.layers[0]} and so on."
        )
    for name in here:
        for part, expected in (("kernel", shapes[name]), ("bias", shapes[name][-1:])):
            stored = found[name][part]
            if stored.shape != expected or stored.dtype.kind != "f":
                raise WeightsUnavailable(
                    f"'{path}' contains weights of another network: the {part} of {name} is {stored.dtype} of shape "
                    f"{stored.shape}; {architecture.name} expects floats of shape {expected}. Use another file."
                )
    gap = next((name for name in architecture.kernel_shapes(here[-1]) if name not in here), None)
    if gap:  # VGG16 has VGG19's layer names and shapes, but lacks some layers, such as block3_conv4
        raise WeightsUnavailable(
            f"'{path}' contains weights of another network: {here[-1]} is present, but {gap} is missing. "
            f"Use the weights of {architecture.name}."
        )
    return here


def _finite(path: Path, found: _Found, name: str, part: str) -> NDArray[np.float32]:
    array = np.asarray(found[name][part].read(), np.float32)
    if not np.isfinite(array).all():
        raise WeightsUnavailable(
            f"The {part} of {name} in '{path}' contains numbers that are not finite: the file is damaged. "
            "Download it again."
        )
    return array


@contextmanager
def _opened(path: Path, architecture: Architecture) -> Iterator[_Found]:
    """Open a file and yield the arrays found for the layers of `architecture`.

    Raises WeightsUnavailable if unreadable.
    """
    try:
        with path.open("rb") as file:
            yield from _entries(path, file, architecture)
    except FileNotFoundError as error:
        raise WeightsUnavailable(f"The weights file '{path}' does not exist. Check the path.") from error
    except (IsADirectoryError, PermissionError) as error:
        raise WeightsUnavailable(f"Cannot read the weights file '{path}': {reason(error)}") from error
    except DAMAGED as error:
        raise WeightsUnavailable(
            f"'{path}' cannot be read as weights: the file is damaged or incomplete ({error}). Download it again."
        ) from error


def _entries(path: Path, file: IO[bytes], architecture: Architecture) -> Iterator[_Found]:
    """Yield once the arrays found. Raises WeightsUnavailable if the file's format is unknown."""
    import h5py

    if h5py.is_hdf5(path):
        with h5py.File(file) as store:
            yield _from_hdf5(store, architecture, {})
    elif zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            if "model.weights.h5" not in archive.namelist():
                yield _from_npz(archive, architecture)
                return
            # Copied, because h5py seeks, and zipfile seeks backwards only by reading again from the start.
            with tempfile.TemporaryFile() as copy, archive.open("model.weights.h5") as pack:
                shutil.copyfileobj(pack, copy)
                with h5py.File(copy) as store:
                    yield _from_hdf5(store, architecture, _keras_groups(archive))
    else:
        file.seek(0)
        page = file.read(200).lstrip().lower().startswith((b"<!doctype", b"<html"))
        received = "a web page" if page else "another format or an incomplete file"
        raise WeightsUnavailable(
            f"'{path}' cannot be read as weights: expected .h5, .keras or .npz, received {received}. Download it again."
        )


def _from_npz(archive: zipfile.ZipFile, architecture: Architecture) -> _Found:
    found: _Found = {}
    for entry in archive.namelist():
        layer, _, part = entry.removesuffix(".npy").rpartition("/")
        if layer in architecture.layers and part in {"kernel", "bias"}:
            found.setdefault(layer, {})[part] = npy(archive, entry)
    return found


def npy(archive: zipfile.ZipFile, entry: str) -> StoredArray:
    """Return an array of an open `.npz` by entry name, without reading its data.

    Raises one of DAMAGED, as does read().
    """
    with archive.open(entry) as file:
        version = np.lib.format.read_magic(file)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = header(file)

    def load() -> NDArray[Any]:
        with archive.open(entry) as file:
            array: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
        return array

    return StoredArray(shape, dtype, load)


def _from_hdf5(store: Any, architecture: Architecture, groups: Mapping[str, str]) -> _Found:
    """Return the arrays of an HDF5 file that belong to layers of `architecture`.

    `groups` maps HDF5 groups that are only numbered, such as layers/conv2d_1, to layer names, such as block1_conv2.
    """
    import h5py

    found: _Found = {}

    def visit(path: str, item: Any) -> None:
        if not isinstance(item, h5py.Dataset) or path.startswith("optimizer"):
            return
        layer = _layer_of(path, item.parent.attrs.get("name"), architecture, groups)
        part = {4: "kernel", 1: "bias"}.get(item.ndim)
        if layer and part:
            found.setdefault(layer, {})[part] = StoredArray(item.shape, item.dtype, lambda: item[()])

    store.visititems(visit)
    return found


def _layer_of(path: str, group_name: object, architecture: Architecture, groups: Mapping[str, str]) -> str | None:
    """Return the name of the layer that the dataset at `path` belongs to, or None.

    The first match counts: `group_name`, the attribute `name` of the dataset's group; `groups`, see _from_hdf5(); the
    parents in `path`.
    """
    parents = PurePosixPath(path).parent
    names = [group_name, groups.get(str(parents.parent)), *reversed(parents.parts)]
    return next((str(name) for name in names if name in architecture.layers), None)


def _keras_groups(archive: zipfile.ZipFile) -> dict[str, str]:
    """Map the numbered HDF5 groups of a `.keras` file to layer names; early Keras 3 stores no names in HDF5."""
    layers = json.loads(archive.read("config.json"))["config"]["layers"]
    convolutions = [layer["config"]["name"] for layer in layers if layer["class_name"] == "Conv2D"]
    return {f"layers/conv2d_{i}" if i else "layers/conv2d": name for i, name in enumerate(convolutions)}
