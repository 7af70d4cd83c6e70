"""The network fast as a Stylizer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nst.images.blend import Maps
from nst.images.io import Pixels, resize, to_float, to_pixels
from nst.models.extractors import networks
from nst.models.stylizers import fast
from nst.models.stylizers.fast_traces import FastTraces
from nst.models.stylizers.noise import STILL, NoiseField
from nst.models.stylizers.statistics import Statistics, pooled
from nst.models.stylizers.stylizer import Code
from nst.models.stylizers.tuned_styles import TunedStyles

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Encoding:
    """An encoded content image."""

    photo: Pixels
    features: fast.Features
    statistics: Statistics | None  # to normalize by, from measure(); None: those of this image
    own: list[Code] = field(default_factory=list)  # style code of the content image itself; empty until needed
    residual: list[Any] = field(default_factory=list)  # content image - output at strength 0; empty until needed


class FastStylizer:
    """Stylizer with the network fast; see Stylizer for the methods and nst.models.stylizers.fast for the network.

    `weights` are arrays named and shaped as fast.shapes(); `tuned` are styles with learned style codes. Style codes (of
    the type Code) are modulation parameters, from Fast.parameters(). A "description" is the shorter code (CODE,) from
    Fast.describe().
    """

    name = "fast"
    mixes = True
    scales = True
    uses_noise = True

    def __init__(
        self, weights: Mapping[str, NDArray[np.floating]], dtype: str, tuned: TunedStyles | None = None
    ) -> None:
        # Cast once here; a traced function would cast again at each call.
        tensors = {n: tf.cast(w, dtype if w.ndim == 4 else "float32") for n, w in weights.items()}
        lite = networks.load(networks.choose("lite", ((fast.STYLE_LAYERS[-1], 1.0),)), "average", dtype)
        self.fingerprint = fingerprint(weights)
        self.code_shape = weights["modulation/bias"].shape
        self._tuned = tuned
        self.network = fast.Fast(tensors, lite, dtype)
        self._traces = FastTraces(self.network)

    def describe(self, style: Pixels) -> Code:
        """See Stylizer. Returns the learned style code if the image is a tuned style, else the predicted one."""
        description, code = self.description(style)
        learned = None if self._tuned is None else self._tuned.find(description)
        return code if learned is None else learned

    def description(self, style: Pixels) -> tuple[NDArray[np.float32], Code]:
        """Return the description (CODE,) of a style image and the style code predicted from it.

        The style image is first resized to a fixed area, so that stroke widths match those in training.
        """
        height, width = style.shape[:2]
        scale = fast.STYLE_SIDE / (height * width) ** 0.5
        size = max(1, round(width * scale)), max(1, round(height * scale))
        description, code = self._traces.describe(to_float(resize(style, size))[None])
        return description.numpy()[0], code.numpy()[0]

    def encode(self, photo: Pixels, noise: NoiseField = STILL, statistics: Statistics | None = None) -> Encoding:
        """See Stylizer. Features are normalized by `statistics`, from measure(), or by their own if None."""
        given = self._inputs(photo, noise)
        traces = self._traces
        features = traces.encode(*given) if statistics is None else traces.encode_alike(*given, statistics)
        return Encoding(photo, features, statistics)

    def measure(self, pictures: Sequence[tuple[Pixels, NoiseField]], code: Code, alpha: float = 1.0) -> Statistics:
        """Return layer statistics, pooled over content images with their noise fields, for encode().

        Images encoded with equal statistics are normalized alike, so that video frames do not flicker. `code` is the
        style code and `alpha` the strength (0 to 1) of the run.
        """
        strength = np.array([alpha], np.float32)
        each = [self._traces.measure(*self._inputs(*picture), code[None], strength).numpy() for picture in pictures]
        return pooled(each, [photo.shape[0] * photo.shape[1] for photo, _ in pictures])

    def paint(self, encoding: Encoding, code: Code, alpha: float) -> Pixels:
        """See Stylizer. Strength interpolates the style code and the share of content features in the decoder.

        The style code is interpolated from the content image's own to `code`, so that each intermediate code is a
        plausible style. The residual (content image - network output at strength 0) is added with the weight 1 - alpha.
        """
        photo = encoding.photo
        height, width = photo.shape[:2]
        if alpha == 0:
            return photo.copy()
        if alpha == 1 and encoding.statistics is None:
            whole: Pixels = self._traces.paint(encoding.features, code[None]).numpy()[0, :height, :width]
            return whole
        return self._finished(self._decoded(encoding, self._toward(encoding, code, alpha), alpha), encoding, alpha)

    def paint_regions(self, encoding: Encoding, codes: Sequence[Code], alpha: float, maps: Maps) -> Pixels:
        """See Stylizer. Far from other regions, the result equals that of paint() with the region's style."""
        height, width = encoding.photo.shape[:2]
        strength = tf.constant([alpha], tf.float32)
        prepared = [self._prepare_region(encoding, self._toward(encoding, code, alpha), strength) for code in codes]
        deep, normalization = (tf.concat(each, 0) for each in zip(*prepared, strict=True))
        weights = _padded(np.moveaxis(maps, 0, -1))
        found = self._traces.decode_regions(encoding.features, deep, normalization, weights, strength)
        return self._finished(found.numpy()[0, :height, :width], encoding, alpha)

    def _inputs(self, photo: Pixels, noise: NoiseField) -> tuple[Any, Any]:
        padded = _padded(photo)
        return padded[None], noise.at((padded.shape[1], padded.shape[0]))[None, :, :, None]

    def _own(self, encoding: Encoding) -> Code:
        if not encoding.own:
            encoding.own.append(self.description(encoding.photo)[1])
        return encoding.own[0]

    def _toward(self, encoding: Encoding, code: Code, alpha: float) -> Code:
        """Interpolate from the content image's own style code (alpha 0) to `code` (alpha 1)."""
        if alpha == 1:
            return code
        share = np.float32(alpha)
        mixed: Code = (1 - share) * self._own(encoding) + share * code
        return mixed

    def _prepare_region(self, encoding: Encoding, code: Code, strength: Any) -> tuple[Any, Any]:
        given, statistics, traces = (encoding.features, code[None], strength), encoding.statistics, self._traces
        prepared: tuple[Any, Any] = (
            traces.prepare_region(*given) if statistics is None else traces.prepare_region_alike(*given, statistics)
        )
        return prepared

    def _decoded(self, encoding: Encoding, code: Code, alpha: float) -> NDArray[np.float32]:
        height, width = encoding.photo.shape[:2]
        given, statistics = (encoding.features, code[None], np.array([alpha], np.float32)), encoding.statistics
        traces = self._traces
        found = traces.decode(*given) if statistics is None else traces.decode_alike(*given, statistics)
        painted: NDArray[np.float32] = found.numpy()[0, :height, :width]
        return painted

    def _finished(self, painted: NDArray[np.float32], encoding: Encoding, alpha: float) -> Pixels:
        """Convert the decoder's output to uint8, after adding the residual of paint() with the weight 1 - alpha."""
        if alpha < 1:
            if not encoding.residual:
                plain = self._decoded(encoding, self._own(encoding), 0.0)
                encoding.residual.append(to_float(encoding.photo) - plain)
            painted = painted + np.float32(1 - alpha) * encoding.residual[0]
        return to_pixels(np.clip(painted, 0, 1))


def fingerprint(weights: Mapping[str, NDArray[np.floating]]) -> str:
    """Return a digest of the weights; learned style codes are valid only for the weights they were learned with."""
    digest = blake2b(digest_size=8)
    for name in sorted(weights):
        digest.update(np.ascontiguousarray(weights[name].astype(np.float16)).data)
    return digest.hexdigest()


def _padded(picture: NDArray[Number]) -> NDArray[Number]:
    """Pad an image (H, W, C) at the right and bottom by mirroring, to multiples of the network's stride."""
    margins = [(0, -side % fast.STRIDE) for side in picture.shape[:2]]
    return np.pad(picture, (*margins, (0, 0)), "symmetric")
