"""Single-call style transfer from two paths to a float array, for users of the TensorFlow Hub tutorial."""

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
    """Return the content image stylized at full strength: float32 RGB (H, W, 3) in [0, 1], at its original size.

    Transparent areas become white. `model_path` is a folder with Magenta's SavedModel or its two .tflite files; the
    default is the stylizer fast, which ships with the package, so nothing is downloaded. nst.stylize() offers more
    options.
    Raises FileError if a file cannot be read, ImageError if it is not a usable image, and ModelError if the folder does
    not contain Magenta's network.
    """
    from nst.images.io import to_float  # imports image libraries, which would delay the command line's help

    settings = (
        FastSettings(size=None)
        if model_path is None
        else FastSettings(size=None, network="magenta", weights=os.fspath(model_path))
    )
    return to_float(stylize(content_path, style_path, settings).on_white)
