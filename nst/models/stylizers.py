"""Networks that repaint in one pass, behind one shape (nst.models.stylizer): describe a style, encode a photo, paint.

A style is described once, as a code; codes can be mixed by weight. A photo is encoded once; then every strength
and every mixture is one call of paint().
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from nst.assets import ASSETS
from nst.errors import WeightsUnavailable
from nst.files import reason
from nst.images import Pixels, resize, to_float, to_pixels
from nst.models import magenta
from nst.models import precision as precisions
from nst.models.stylizer import Code, Stylizer
from nst.regions import Maps
from nst.settings import FastSettings

if TYPE_CHECKING:
    from nst.models.fast import Fast

Number = TypeVar("Number", bound=np.generic)

MICRO_WEIGHTS = ASSETS / "models" / "fast.npz"

_loading = threading.Lock()


def load(settings: FastSettings) -> Stylizer:
    """The network that the settings ask for, ready for use; equal calls share one. Raises ModelError."""
    if settings.network == "magenta":
        return magenta.load(settings.weights)
    with _loading:  # whoever comes second finds it loaded
        return _micro(MICRO_WEIGHTS, precisions.resolve(settings.precision))


@lru_cache(maxsize=2)
def _micro(path: Path, dtype: str) -> Micro:
    try:
        with np.load(path) as file:
            weights = {name: file[name] for name in file}
    except OSError as error:
        raise WeightsUnavailable(
            f"Cannot read micro's weights '{path}': {reason(error)} They come with NST Studio; install it again."
        ) from error
    return Micro(weights, dtype)


@dataclass(frozen=True, eq=False)
class _Seen:
    """A photo as Micro knows it."""

    photo: Pixels
    features: Any  # nst.models.fast.Features
    own: list[Code] = field(default_factory=list)  # the code of the photo, as if it were a style, once known
    lost: list[Any] = field(default_factory=list)  # what the network misses of the photo in its own manner, once known


class Micro:
    """fast, our own network: see nst.models.fast. `weights` are arrays named and shaped as its shapes()."""

    name = "micro"
    mixes = True
    scales = True

    def __init__(self, weights: Mapping[str, NDArray[np.floating]], dtype: str) -> None:
        import tensorflow as tf

        from nst.models import fast

        # Cast once here; inside a traced function it would be done again at each call.
        tensors = {n: tf.cast(w, dtype if w.ndim == 4 else "float32") for n, w in weights.items()}
        self._network: Fast = fast.Fast(tensors, dtype)
        self._stride, self._side = fast.STRIDE, fast.STYLE_SIDE
        picture = tf.TensorSpec((1, None, None, 3))
        features = tuple(tf.TensorSpec((1, None, None, width), dtype) for width in fast.WIDTHS)
        code = tf.TensorSpec((1, fast.CODE))
        pixels = tf.TensorSpec((1, None, None, 3), "uint8")

        def encode(photo: Any) -> Any:
            return self._network.encode(tf.cast(photo, "float32") / 255)

        def paint_fully(features: Any, code: Any) -> Any:
            """What most frames are: done with less work, and within TensorFlow to the last pixel."""
            painted = tf.clip_by_value(self._network.decode(features, code), 0.0, 1.0)
            return tf.cast(painted * 255 + 0.5, "uint8")

        self._describe: Any = tf.function(self._network.describe, input_signature=[picture])
        self._encode: Any = tf.function(encode, input_signature=[pixels])
        self._decode: Any = tf.function(self._network.decode, input_signature=[features, code])
        self._paint_fully: Any = tf.function(paint_fully, input_signature=[features, code])
        parts = [
            tf.TensorSpec((None, *features[-1].shape[1:]), dtype),
            tf.TensorSpec((None, 4 * sum(fast.shown().values()))),
        ]
        placed = [features, *parts, tf.TensorSpec((None, None, None))]
        self._note: Any = tf.function(self._network.note, input_signature=[features, code])
        self._decode_parts: Any = tf.function(self._network.decode_parts, input_signature=placed)

    def describe(self, style: Pixels) -> Code:
        """See Stylizer. At a fixed size, so that strokes are as wide as they were in training."""
        height, width = style.shape[:2]
        scale = self._side / (height * width) ** 0.5
        size = max(1, round(width * scale)), max(1, round(height * scale))
        code: Code = self._describe(to_float(resize(style, size))[None]).numpy()[0]
        return code

    def encode(self, photo: Pixels) -> _Seen:
        """See Stylizer."""
        return _Seen(photo, self._encode(self._padded(photo)[None]))

    def paint(self, encoding: _Seen, code: Code, alpha: float) -> Pixels:
        """See Stylizer. Strength leads from the photo's own code to the style's.

        So all that is painted on the way is in some style that there could be. What the network misses of the photo
        in its own manner is given back in proportion: at 0 all of it.
        """
        photo = encoding.photo
        height, width = photo.shape[:2]
        if alpha == 0:
            return photo.copy()
        if alpha == 1:
            whole: Pixels = self._paint_fully(encoding.features, code[None]).numpy()[0, :height, :width]
            return whole
        painted = self._decoded(encoding, self._toward(encoding, code, alpha))
        return to_pixels(np.clip(painted + np.float32(1 - alpha) * self._lost(encoding), 0, 1))

    def paint_parts(self, encoding: _Seen, codes: Sequence[Code], alpha: float, maps: Maps) -> Pixels:
        """See Stylizer. Far from the others, a style is painted as paint() would paint it."""
        import tensorflow as tf

        height, width = encoding.photo.shape[:2]
        noted = [self._note(encoding.features, self._toward(encoding, code, alpha)[None]) for code in codes]
        deep, asked = (tf.concat(each, 0) for each in zip(*noted, strict=True))
        places = self._padded(np.moveaxis(maps, 0, -1))
        painted = self._decode_parts(encoding.features, deep, asked, places).numpy()[0, :height, :width]
        if alpha < 1:
            painted += np.float32(1 - alpha) * self._lost(encoding)
        return to_pixels(np.clip(painted, 0, 1))

    def _toward(self, encoding: _Seen, code: Code, alpha: float) -> Code:
        """The code on the way from the photo's own to that of a style."""
        if alpha == 1:
            return code
        share = np.float32(alpha)
        mixed: Code = (1 - share) * self._own(encoding) + share * code
        return mixed

    def _own(self, encoding: _Seen) -> Code:
        if not encoding.own:
            encoding.own.append(self.describe(encoding.photo))
        return encoding.own[0]

    def _lost(self, encoding: _Seen) -> NDArray[np.float32]:
        """What the network misses of the photo when it paints it in its own manner."""
        if not encoding.lost:
            encoding.lost.append(to_float(encoding.photo) - self._decoded(encoding, self._own(encoding)))
        lost: NDArray[np.float32] = encoding.lost[0]
        return lost

    def _decoded(self, encoding: _Seen, code: Code) -> NDArray[np.float32]:
        height, width = encoding.photo.shape[:2]
        painted: NDArray[np.float32] = self._decode(encoding.features, code[None]).numpy()[0, :height, :width]
        return painted

    def _padded(self, picture: NDArray[Number]) -> NDArray[Number]:
        """(H, W, C), mirrored at its right and bottom edge up to a multiple of the network's stride."""
        margins = [(0, -side % self._stride) for side in picture.shape[:2]]
        return np.pad(picture, (*margins, (0, 0)), "symmetric")
