"""Magenta's network for arbitrary styles (Ghiasi et al. 2017, arXiv:1705.06830), in two formats.

The SavedModel, from TensorFlow Hub or a folder, supports one style at full strength. The two TensorFlow Lite files
expose the style's bottleneck vector: styles can be mixed there, and strength interpolates from the content image's own
bottleneck to the style's. They run at one fixed size; results are scaled up to the content image's size.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from nst.errors import WeightsUnavailable
from nst.images.blend import Maps, mosaic
from nst.images.io import Pixels, fit, resize, to_float, to_pixels
from nst.models.stylizers import hub
from nst.models.stylizers.noise import STILL, NoiseField
from nst.models.stylizers.stylizer import Code, Stylizer
from nst.models.stylizers.tflite import TFLitePart
from nst.models.weights.download import Words
from nst.system.files import home_expanded, is_file, is_folder

NAME = "magenta"
ADDRESS = "https://tfhub.dev/google/magenta/arbitrary-image-stylization-v1-256/2"
WORDS = Words(
    "Magenta's network",
    f"set weights to a folder that contains it, set {hub.CACHE_VARIABLE} to a TensorFlow Hub cache with it, "
    "or use the network fast, which needs no download",
)
EXPECTED = (
    f"Expected Magenta's SavedModel ({hub.MODEL_FILE} and its variables) or its two .tflite files (predict and "
    "transfer)"
)
STYLE_SIDE = 256  # side of the SavedModel's square style input, in pixels
STRIDE = 4  # image sizes are padded to multiples of this; the SavedModel pads the result of others
TRIAL = (64, 80)  # height and width of the content image in the trial run, in pixels

_loading = threading.Lock()


def load(weights: str | None) -> Stylizer:
    """Load the network from the folder `weights`, or from TensorFlow Hub if None; equal calls return the same object.

    Raises WeightsUnavailable if the network cannot be found, downloaded or read, and ModelError if tensorflow_hub
    cannot be imported.
    """
    with _loading:  # a concurrent caller waits, then gets the cached network
        return _load(weights)


@lru_cache(maxsize=2)
def _load(weights: str | None) -> Stylizer:
    if weights is None:
        return Whole(hub.load(ADDRESS, WORDS), ADDRESS)
    folder = home_expanded(weights)
    if not is_folder(folder):
        found = "is a file, not a folder" if is_file(folder) else "does not exist"
        raise WeightsUnavailable(f"The folder of Magenta's network '{folder}' {found}. Check the path. {EXPECTED}.")
    if is_file(folder / hub.MODEL_FILE):
        return Whole(_saved_model(folder), str(folder))
    parts = [TFLitePart(path) for path in sorted(folder.glob("*.tflite"))]
    predicting = [part for part in parts if part.predicts]
    transferring = [part for part in parts if part.transfers]
    if len(predicting) != 1 or len(transferring) != 1 or predicting[0].outputs[0] not in transferring[0].inputs:
        names = ", ".join(part.path.name for part in parts) or "neither"
        raise WeightsUnavailable(f"'{folder}' does not contain Magenta's network; found {names}. {EXPECTED}.")
    return Pair(predicting[0], transferring[0])


def _saved_model(folder: Path) -> Any:
    import tensorflow as tf

    try:
        return tf.saved_model.load(str(folder))
    except (OSError, ValueError, tf.errors.OpError) as error:
        raise WeightsUnavailable(
            f"The SavedModel in '{folder}' cannot be read: the files are damaged or incomplete. Download them again."
        ) from error


class Whole:
    """The SavedModel: one style at full strength, at the content image's own size."""

    name = NAME
    mixes = False
    scales = True
    uses_noise = False

    def __init__(self, module: Any, origin: str) -> None:
        """Wrap `module`, a function of content (1, H, W, 3) and style (1, 256, 256, 3), float32 in [0, 1].

        The module must return a list with the result first. A trial run checks this and raises WeightsUnavailable,
        naming `origin`.
        """
        self._module: Callable[..., Sequence[Any]] = module
        problem = self._problem()
        if problem:
            raise WeightsUnavailable(
                f"The SavedModel in '{origin}' is not Magenta's network: {problem}. Expected a model that takes "
                f"a photo (1, H, W, 3) and a style (1, {STYLE_SIDE}, {STYLE_SIDE}, 3) and returns a list with the "
                "result first. Check the path."
            )

    def _problem(self) -> str | None:
        """Return a description of the module's defect, or None."""
        import tensorflow as tf

        if not callable(self._module):
            return "it cannot be called"
        try:
            made = self._module(tf.zeros((1, *TRIAL, 3)), tf.zeros((1, STYLE_SIDE, STYLE_SIDE, 3)))
        except (TypeError, ValueError, tf.errors.OpError):
            return "it does not take a photo and a style"
        if not isinstance(made, list | tuple) or not made:
            return f"it returns a {type(made).__name__}"
        first = tf.convert_to_tensor(made[0])
        fits = first.shape == (1, *TRIAL, 3) and first.dtype == tf.float32
        return None if fits else f"for {(1, *TRIAL, 3)} it returns {first.dtype.name} {tuple(first.shape)}"

    def describe(self, style: Pixels) -> Code:
        """See Stylizer. Returns the flattened pixels, because the module does not expose the style's bottleneck."""
        return _square(style, STYLE_SIDE).ravel()

    def encode(self, photo: Pixels, noise: NoiseField = STILL) -> Pixels:  # noqa: ARG002
        """See Stylizer. Returns the content image, because the module does not expose its features."""
        return photo

    def paint(self, encoding: Pixels, code: Code, alpha: float) -> Pixels:
        """See Stylizer. `alpha` must be 0 or 1."""
        import tensorflow as tf

        if alpha == 0:
            return encoding.copy()
        height, width = encoding.shape[:2]
        photo = np.pad(to_float(encoding), ((0, -height % STRIDE), (0, -width % STRIDE), (0, 0)), "symmetric")
        style = code.reshape(1, STYLE_SIDE, STYLE_SIDE, 3)
        painted = self._module(tf.constant(photo[None]), tf.constant(style))[0].numpy()[0, :height, :width]
        return to_pixels(np.clip(painted, 0, 1))

    def paint_regions(self, encoding: Pixels, codes: Sequence[Code], alpha: float, maps: Maps) -> Pixels:
        """See Stylizer. Regions are blended in the pixels."""
        return _blend_regions(self, encoding, codes, alpha, maps)


@dataclass(frozen=True, eq=False)
class _ContentEncoding:
    """Encoding of a content image by Pair."""

    photo: Pixels
    small: Pixels  # resized to the network's input size
    own: Code  # style code of the content image itself
    residual: list[NDArray[np.float32]] = field(default_factory=list)  # content image - its result with the code `own`


class Pair:
    """The two TensorFlow Lite files: any style mix at any strength."""

    name = NAME
    mixes = True
    scales = False  # the network runs at one fixed size
    uses_noise = False

    def __init__(self, predict: TFLitePart, transfer: TFLitePart) -> None:
        self._predict, self._transfer = predict, transfer

    def describe(self, style: Pixels) -> Code:
        """See Stylizer. Returns the style's bottleneck vector."""
        return self._predict(picture=_square(style, self._predict.side)).ravel()

    def encode(self, photo: Pixels, noise: NoiseField = STILL) -> _ContentEncoding:  # noqa: ARG002
        """See Stylizer."""
        return _ContentEncoding(photo, fit(photo, self._transfer.side), self.describe(photo))

    def paint(self, encoding: _ContentEncoding, code: Code, alpha: float) -> Pixels:
        """See Stylizer.

        The residual (content image - its result with its own code) is added with the weight 1 - alpha.
        """
        if alpha == 0:
            return encoding.photo.copy()
        if alpha == 1:
            return self._repaint(encoding, code)
        if not encoding.residual:
            encoding.residual.append(to_float(encoding.photo) - to_float(self._repaint(encoding, encoding.own)))
        share = np.float32(alpha)
        painted = to_float(self._repaint(encoding, (1 - share) * encoding.own + share * code))
        return to_pixels(np.clip(painted + (1 - share) * encoding.residual[0], 0, 1))

    def paint_regions(self, encoding: _ContentEncoding, codes: Sequence[Code], alpha: float, maps: Maps) -> Pixels:
        """See Stylizer. Regions are blended in the pixels."""
        return _blend_regions(self, encoding, codes, alpha, maps)

    def _repaint(self, encoding: _ContentEncoding, bottleneck: Code) -> Pixels:
        """Return the result for a style's bottleneck vector, scaled to the content image's size."""
        side = self._transfer.side
        height, width = encoding.small.shape[:2]
        square = np.pad(to_float(encoding.small), ((0, side - height), (0, side - width), (0, 0)), "symmetric")
        painted = self._transfer(picture=square, bottleneck=bottleneck)[0, :height, :width]
        return resize(to_pixels(np.clip(painted, 0, 1)), (encoding.photo.shape[1], encoding.photo.shape[0]))


def _blend_regions(network: Stylizer, encoding: Any, codes: Sequence[Code], alpha: float, maps: Maps) -> Pixels:
    """Stylize the whole content image with each style code and blend the resulting pixels by `maps`.

    The network applies one style to the whole image, so regions cannot be blended in its features.
    """
    return mosaic([network.paint(encoding, code, alpha) for code in codes], maps)


def _square(picture: Pixels, side: int) -> NDArray[np.float32]:
    """Return the center crop, resized as in Magenta's tutorials: float32 (side, side, 3) in [0, 1]."""
    return to_float(np.asarray(ImageOps.fit(Image.fromarray(picture), (side, side), Image.Resampling.LANCZOS)))
