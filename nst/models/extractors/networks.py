"""Which network looks at the pictures, and the network ready for use."""

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
from nst.settings.engines import LayerWeights
from nst.system.assets import ASSETS
from nst.system.files import reason

if TYPE_CHECKING:
    from nst.models.extractors.extractor import FeatureExtractor

LITE_WEIGHTS = ASSETS / "models" / "lite.npz"

_KEPT = 6  # networks; each with its pooling, precision and depth, at most 80 MB

_loading = threading.Lock()


@dataclass(frozen=True)
class Choice:
    """A network, the layers that are looked at, and where its weights are."""

    architecture: Architecture
    content_layers: LayerWeights
    style_layers: LayerWeights
    path: Path | None  # None: load() downloads VGG19's weights
    reason: str  # why this network, in plain words

    @property
    def deepest(self) -> str:
        """The layer after which the network is cut."""
        return self.architecture.deepest(name for name, _ in self.content_layers + self.style_layers)


def choose(
    network: str,
    content_layers: LayerWeights | None = None,
    style_layers: LayerWeights | None = None,
    weights_file: str | None = None,
) -> Choice:
    """Decide on a network by its name or "auto", and on the layers; None means the network's own defaults.

    auto is vgg19 where all layers in use are on this machine, else lite. Nothing is downloaded here.
    Raises SettingsError for layers that the network does not have, and WeightsUnavailable for a file that was
    named and cannot be used.
    """
    if network == "lite":
        if weights_file is not None:
            raise SettingsError(
                f"weights are VGG19's, received '{weights_file}' with network='lite'. Leave one of the two out."
            )
        return _choice(LITE, content_layers, style_layers, "It was asked for.")
    vgg19 = _choice(VGG19, content_layers, style_layers, "It was asked for; its weights have yet to be downloaded.")
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


def load(choice: Choice, pooling: str, dtype: str) -> FeatureExtractor:
    """The chosen network with weights, down to the deepest layer in use; equal calls share one.

    Imports TensorFlow. Where VGG19's weights are not there yet, they are downloaded first. Raises WeightsUnavailable.
    """
    path = choice.path or search.fetch()
    try:
        file = path.stat()
    except OSError as error:
        raise WeightsUnavailable(f"Cannot read the weights file '{path}': {reason(error)}") from error
    with _loading:  # whoever comes second finds it loaded
        return _load(
            choice.architecture, path.resolve(), (file.st_mtime_ns, file.st_size), choice.deepest, pooling, dtype
        )


def _choice(
    architecture: Architecture, content_layers: LayerWeights | None, style_layers: LayerWeights | None, why: str
) -> Choice:
    content, style = content_layers or architecture.content_layers, style_layers or architecture.style_layers
    architecture.check_layers(name for name, _ in content + style)
    return Choice(architecture, content, style, LITE_WEIGHTS if architecture is LITE else None, why)


def _fall_back(content_layers: LayerWeights | None, style_layers: LayerWeights | None, why_not: str) -> Choice:
    """lite in place of VGG19, unless the layers that were asked for are VGG19's alone."""
    try:
        return _choice(LITE, content_layers, style_layers, why_not)
    except SettingsError as error:
        raise SettingsError(f"{error} vgg19 has it, but: {why_not}") from None


@lru_cache(maxsize=_KEPT)
def _load(
    architecture: Architecture, path: Path, _stamp: tuple[int, int], deepest: str, pooling: str, dtype: str
) -> FeatureExtractor:
    """`_stamp` is the file's time and size, so that a file that was replaced is read anew."""
    import tensorflow as tf

    from nst.models.extractors.extractor import FeatureExtractor

    arrays = read(path, architecture, deepest)
    # Cast once here; inside a traced function it would be done again at each step.
    tensors = {n: (tf.cast(kernel, dtype), tf.cast(bias, dtype)) for n, (kernel, bias) in arrays.items()}
    return FeatureExtractor(architecture, tensors, pooling, dtype)
