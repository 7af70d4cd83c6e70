"""Search, download and import of VGG19's weights.

Search order: the `weights` setting, NST_VGG19_WEIGHTS, the imported file, the Keras cache. A file without all layers in
use is skipped. If the `weights` setting names a file, no other file is considered.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nst.errors import WeightsUnavailable
from nst.models.extractors.vgg19 import VGG19
from nst.models.weights.download import Progress, Timeouts, download
from nst.models.weights.formats import lacking, layers_in, read
from nst.system import cache_folder
from nst.system.files import check_folder, home_expanded, is_file, replacing

WEIGHTS_VARIABLE = "NST_VGG19_WEIGHTS"
URL_VARIABLE = "NST_VGG19_URL"  # environment variable with the URL of a mirror

# As in keras.applications.vgg19, so that Keras uses the same file.
_FILE = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
URL = f"https://storage.googleapis.com/tensorflow/keras-applications/vgg19/{_FILE}"
HASH = "md5:253f8cb515780f3b799900260a226db6"

_fetching = threading.Lock()


@dataclass(frozen=True)
class Candidate:
    """A path searched for VGG19's weights."""

    origin: str
    path: Path
    layers: tuple[str, ...]  # layers found, shallow to deep
    problem: str | None  # why the file is unusable; None if usable or absent
    named: bool  # True if specified by the user, in the settings or the environment

    @classmethod
    def at(cls, path: Path, origin: str, *, named: bool = False) -> Candidate:
        """Return the candidate for the weights file at `path`, with the layers found in it.

        `origin` tells people where the path comes from. `named` is True for a path that the user gave; only then does
        the candidate of a missing file hold a message.
        """
        if not named and not is_file(path):
            return cls(origin, path, (), None, named)
        try:
            return cls(origin, path, layers_in(path, VGG19), None, named)
        except WeightsUnavailable as error:
            return cls(origin, path, (), str(error), named)

    def lacks(self, deepest: str) -> list[str]:
        """Return the layers down to `deepest` that are missing in the file."""
        return [name for name in VGG19.kernel_shapes(deepest) if name not in self.layers]


@dataclass(frozen=True)
class Status:
    """Result of the search for VGG19's weights, and the extractor selected by `auto`."""

    candidates: tuple[Candidate, ...]
    auto: str  # "vgg19" or "lite", with the default layers
    reason: str


def candidates(weights_file: str | None = None) -> tuple[Candidate, ...]:
    """Return all candidates in search order, or only `weights_file` if given. Downloads nothing."""
    if weights_file is not None:
        return (Candidate.at(home_expanded(weights_file), "the weights setting", named=True),)
    variable = os.environ.get(WEIGHTS_VARIABLE)
    return (
        *([Candidate.at(home_expanded(variable), WEIGHTS_VARIABLE, named=True)] if variable else []),
        Candidate.at(imported_path(), "imported"),
        Candidate.at(keras_path(), "the Keras cache"),
    )


def first_with(places: Iterable[Candidate], deepest: str) -> Candidate | None:
    """Return the first candidate with all layers down to `deepest`, or None."""
    return next((place for place in places if not place.lacks(deepest)), None)


def why_not(places: Iterable[Candidate], deepest: str) -> str:
    """Return the reason, as sentences for users, that no candidate has all layers down to `deepest`."""
    found = [place for place in places if place.layers or place.problem]
    sentences = [p.problem or lacking(p.path, p.lacks(deepest), p.layers) for p in found]
    return " ".join(sentences) or "VGG19's weights are not on this machine. Run 'nst weights fetch' to download them."


def status() -> Status:
    """Search for VGG19's weights and return the candidates and the choice of `auto` for the default layers."""
    places = candidates()
    deepest = VGG19.deepest(name for name, _ in VGG19.content_layers + VGG19.style_layers)
    found = first_with(places, deepest)
    if found:
        return Status(places, "vgg19", f"Its weights are in '{found.path}' ({found.origin}).")
    return Status(places, "lite", why_not(places, deepest))


def fetch(
    progress: Progress | None = None,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    known_hash: str = HASH,
    patience: Timeouts | None = None,
) -> Path:
    """Download VGG19's weights into the Keras cache if missing, and return their path.

    See download() for the arguments. Concurrent calls wait for each other. NST_VGG19_URL sets a mirror. Raises
    WeightsUnavailable if the download fails or is cancelled; when offline, within 10 s.
    """
    with _fetching:
        path = keras_path()
        url = os.environ.get(URL_VARIABLE, URL)
        download(url, path, known_hash, progress=progress, cancelled=cancelled, patience=patience)
        return path


def import_file(path: str | os.PathLike[str]) -> Path:
    """Import the convolution layers of a user's file, and return the path of the copy.

    The file may have only the shallow layers. Raises WeightsUnavailable if the file is unreadable or has the weights of
    another network, FileError if the copy cannot be written; an earlier import is then unchanged.
    """
    source = home_expanded(path)
    arrays: dict[str, Any] = {}
    for name, pair in read(source, VGG19, layers_in(source, VGG19)[-1]).items():
        arrays[f"{name}/kernel"], arrays[f"{name}/bias"] = pair
    target = imported_path()
    check_folder(target.parent)
    with replacing(target) as partial, partial.open("wb") as file:
        np.savez(file, **arrays)
    return target


def imported_path() -> Path:
    """Return the path of the weights saved by import_file()."""
    return cache_folder.folder() / "vgg19.npz"


def keras_path() -> Path:
    """Return the path of VGG19's weights in the Keras cache."""
    return home_expanded(os.environ.get("KERAS_HOME", "~/.keras")) / "models" / _FILE
