"""One function for people who come from TensorFlow Hub's tutorials: two paths in, an array of floats out."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from nst.engines.registry import stylize
from nst.settings.engines import FastSettings


def transfer_style(
    content_path: str | os.PathLike[str],
    style_path: str | os.PathLike[str],
    model_path: str | os.PathLike[str] | None = None,
) -> NDArray[np.float32]:
    """The photo in the manner of the style at full strength: float32 RGB (H, W, 3) in [0, 1], of the photo's own size.

    What is transparent is white. `model_path` is a folder with Magenta's SavedModel or its two .tflite files. Without
    it the network is our own fast: it ships with the package, so nothing is downloaded. nst.stylize() does the same
    and can do more.
    Raises ImageError, and ModelError for a folder that does not hold Magenta's network.
    """
    from nst.images.io import to_float  # brings image libraries, which the command line's help must not wait for

    settings = (
        FastSettings(size=None)
        if model_path is None
        else FastSettings(size=None, network="magenta", weights=os.fspath(model_path))
    )
    return to_float(stylize(content_path, style_path, settings).on_white)
