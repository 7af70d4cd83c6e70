"""Where VGG19's weights are, and how they come to this machine.

Search order: the `weights` setting, NST_VGG19_WEIGHTS, the file that was imported, the Keras cache. A file that
lacks layers in use is passed over for the next one, but a file named in the settings is the only one looked at.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nst.errors import WeightsUnavailable
from nst.models.extractors.vgg19 import VGG19
from nst.models.weights.download import Patience, Progress, download
from nst.models.weights.formats import lacking, layers_in, read
from nst.system.files import reason

WEIGHTS_VARIABLE = "NST_VGG19_WEIGHTS"
URL_VARIABLE = "NST_VGG19_URL"  # of a mirror

# As in keras.applications.vgg19, so that Keras takes the file for its own.
_FILE = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
URL = f"https://storage.googleapis.com/tensorflow/keras-applications/vgg19/{_FILE}"
HASH = "md5:253f8cb515780f3b799900260a226db6"

_fetching = threading.Lock()


@dataclass(frozen=True)
class Candidate:
    """A place where weights of VGG19 may be."""

    origin: str
    path: Path
    layers: tuple[str, ...]  # what is there, shallow to deep
    problem: str | None  # why it cannot be used; None for a file in order and for a place with no file
    named: bool  # by the user, in the settings or the environment

    @classmethod
    def at(cls, path: Path, origin: str, *, named: bool = False) -> Candidate:
        """What is at `path`; that nothing is there is a problem only where it was named."""
        if not named and not path.exists():
            return cls(origin, path, (), None, named)
        try:
            return cls(origin, path, layers_in(path, VGG19), None, named)
        except WeightsUnavailable as error:
            return cls(origin, path, (), str(error), named)

    def lacks(self, deepest: str) -> list[str]:
        """Layers that the network needs down to `deepest` and the file has not."""
        return [name for name in VGG19.kernel_shapes(deepest) if name not in self.layers]


@dataclass(frozen=True)
class Status:
    """Where VGG19's weights were looked for, and what `auto` makes of it."""

    candidates: tuple[Candidate, ...]
    auto: str  # "vgg19" or "lite", with the default layers
    reason: str


def candidates(weights_file: str | None = None) -> tuple[Candidate, ...]:
    """All places to look at, in order; just the one where a file is named. Nothing is downloaded."""
    if weights_file is not None:
        return (Candidate.at(Path(weights_file).expanduser(), "the weights setting", named=True),)
    variable = os.environ.get(WEIGHTS_VARIABLE)
    return (
        *([Candidate.at(Path(variable).expanduser(), WEIGHTS_VARIABLE, named=True)] if variable else []),
        Candidate.at(imported_path(), "imported"),
        Candidate.at(keras_path(), "the Keras cache"),
    )


def first_with(places: Iterable[Candidate], deepest: str) -> Candidate | None:
    """The first of `places` that has all layers down to `deepest`."""
    return next((place for place in places if not place.lacks(deepest)), None)


def why_not(places: Iterable[Candidate], deepest: str) -> str:
    """Why none of `places` has all layers down to `deepest`, in sentences."""
    found = [place for place in places if place.layers or place.problem]
    sentences = [p.problem or lacking(p.path, p.lacks(deepest), p.layers) for p in found]
    return " ".join(sentences) or "VGG19's weights are not on this machine; 'nst weights fetch' gets them."


def status() -> Status:
    """Where VGG19's weights are, and what `auto` chooses for its default layers."""
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
    patience: Patience | None = None,
) -> Path:
    """Download VGG19's weights into the Keras cache, unless they are there, and return their path.

    `progress` is called with (bytes done, bytes in all or 0); `cancelled` is asked as bytes come. A second call
    waits for the first. NST_VGG19_URL names a mirror. Raises WeightsUnavailable, without a network within 10 s.
    """
    with _fetching:
        path = keras_path()
        url = os.environ.get(URL_VARIABLE, URL)
        download(url, path, known_hash, progress=progress, cancelled=cancelled, patience=patience)
        return path


def import_file(path: str | os.PathLike[str]) -> Path:
    """Take over the convolution layers of a file of the user's own, and return where they are kept.

    The file may have only the shallow layers. Raises WeightsUnavailable for a file that cannot be read or has the
    weights of another network; what was imported before is then as it was.
    """
    source = Path(path).expanduser()
    arrays: dict[str, Any] = {}
    for name, pair in read(source, VGG19, layers_in(source, VGG19)[-1]).items():
        arrays[f"{name}/kernel"], arrays[f"{name}/bias"] = pair
    target = imported_path()
    partial = target.with_name(f".nst-{secrets.token_hex(6)}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            np.savez(file, **arrays)
        partial.replace(target)
    except OSError as error:
        raise WeightsUnavailable(f"Cannot write '{target}': {reason(error)}") from error
    finally:
        if partial.exists():
            partial.unlink()
    return target


def imported_path() -> Path:
    """Where import_file() keeps weights. pooch is imported on use."""
    import pooch

    return Path(pooch.os_cache("nst-studio")) / "vgg19.npz"


def keras_path() -> Path:
    """Where Keras keeps VGG19's weights."""
    return Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser() / "models" / _FILE
