"""Selection and loading of the extractor."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from nst.errors import SettingsError, WeightsUnavailable
from nst.models.extractors.architecture import Architecture
from nst.models.extractors.lite import LITE
from nst.models.extractors.vgg19 import VGG19
from nst.models.weights import search
from nst.models.weights.formats import read
from nst.settings.fields import LayerWeights
from nst.system.assets import ASSETS
from nst.system.files import reason

if TYPE_CHECKING:
    from nst.models.extractors.extractor import FeatureExtractor

LITE_WEIGHTS = ASSETS / "models" / "lite.npz"

_KEPT = 6  # extractors, each for one pooling, precision and depth; at most 80 MB each

_loading = threading.Lock()


@dataclass(frozen=True)
class NetworkChoice:
    """The selected extractor, its content and style layers and the path of its weights."""

    architecture: Architecture
    content_layers: LayerWeights
    style_layers: LayerWeights
    path: Path | None  # None: load() downloads VGG19's weights
    reason: str  # why this network was selected, as sentences for users

    @property
    def deepest(self) -> str:
        """Deepest layer in use, after which the network is cut."""
        return self.architecture.deepest(name for name, _ in self.content_layers + self.style_layers)


def choose(
    network: str,
    content_layers: LayerWeights | None = None,
    style_layers: LayerWeights | None = None,
    weights_file: str | None = None,
) -> NetworkChoice:
    """Select an extractor by name or "auto", and its layers; None means the network's default layers.

    auto is vgg19 if weights of all layers in use are on this machine, else lite. Downloads nothing. Raises
    SettingsError for layers missing in the network and for `weights_file` with "lite", and WeightsUnavailable if
    `weights_file` is unreadable, or for "vgg19" if it lacks layers in use or the file in NST_VGG19_WEIGHTS is
    unreadable.
    """
    if network == "lite":
        if weights_file is not None:
            raise SettingsError(
                f"weights requires network='vgg19', received '{weights_file}' with network='lite'. Leave one out."
            )
        return _choice(LITE, content_layers, style_layers, "Selected by the network setting.")
    vgg19 = _choice(
        VGG19, content_layers, style_layers, "Selected by the network setting; its weights will be downloaded."
    )
    places = search.candidates(weights_file)
    found = search.first_with(places, vgg19.deepest)
    if found:
        return replace(vgg19, path=found.path, reason=f"Its weights are in '{found.path}' ({found.origin}).")
    why_not = search.why_not(places, vgg19.deepest)
    given, asked = weights_file is not None, network == "vgg19"
    broken = any(place.problem for place in places if place.named)
    if (given and asked) or (broken and (given or asked)):
        raise WeightsUnavailable(why_not)
    return vgg19 if asked else _fall_back(content_layers, style_layers, why_not)


def load(choice: NetworkChoice, pooling: str, dtype: str) -> FeatureExtractor:
    """Load the selected extractor down to the deepest layer in use; equal calls return the same object.

    Imports TensorFlow. Downloads VGG19's weights if missing. Raises WeightsUnavailable if the weights cannot be
    downloaded or read.
    """
    path = choice.path or search.fetch()
    try:
        file = path.stat()
    except OSError as error:
        raise WeightsUnavailable(f"Cannot read the weights file '{path}': {reason(error)}") from error
    with _loading:  # a concurrent caller waits, then gets the cached extractor
        return _load(
            choice.architecture, path.resolve(), (file.st_mtime_ns, file.st_size), choice.deepest, pooling, dtype
        )


def _choice(
    architecture: Architecture, content_layers: LayerWeights | None, style_layers: LayerWeights | None, why: str
) -> NetworkChoice:
    content, style = content_layers or architecture.content_layers, style_layers or architecture.style_layers
    architecture.check_layers(name for name, _ in content + style)
    return NetworkChoice(architecture, content, style, LITE_WEIGHTS if architecture is LITE else None, why)


def _fall_back(content_layers: LayerWeights | None, style_layers: LayerWeights | None, why_not: str) -> NetworkChoice:
    """Select lite because VGG19 is unusable for the reason `why_not`.

    Raises SettingsError for layers missing in lite.
    """
    try:
        return _choice(LITE, content_layers, style_layers, why_not)
    except SettingsError as error:
        raise SettingsError(f"{error} vgg19 has this layer, but cannot be used: {why_not}") from None


@lru_cache(maxsize=_KEPT)
def _load(
    architecture: Architecture, path: Path, _stamp: tuple[int, int], deepest: str, pooling: str, dtype: str
) -> FeatureExtractor:
    """Load an extractor with the weights in the file `path`, down to the layer `deepest`.

    `_stamp`, the file's modification time and size, makes a replaced file miss the cache.
    """
    import tensorflow as tf

    from nst.models.extractors.extractor import FeatureExtractor

    arrays = read(path, architecture, deepest)
    # Cast once here; a traced function would cast again at each step.
    tensors = {n: (tf.cast(kernel, dtype), tf.cast(bias, dtype)) for n, (kernel, bias) in arrays.items()}
    return FeatureExtractor(architecture, tensors, pooling, dtype)
