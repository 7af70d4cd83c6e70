"""NST Studio: neural style transfer with live previews.

import nst
for snapshot in nst.stream("photo.jpg", "painting.jpg", nst.OptimizeSettings(strength=70)):
    ...
"""

from __future__ import annotations

from nst.system import early_exit  # noqa: F401 (before the other imports, which take a while)

# isort: split
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nst.engines.registry import stream, stylize
from nst.engines.transfer import transfer_style
from nst.errors import (
    Busy,
    Diverged,
    FileError,
    ImageError,
    InputError,
    ModelError,
    NstError,
    OutOfMemory,
    RecipeError,
    SettingsError,
    WeightsUnavailable,
)
from nst.forecast.forecast import Forecast, forecast
from nst.images.blend import blend
from nst.run.control import Control
from nst.run.protection import Protection
from nst.run.regions import Region
from nst.run.snapshot import Checkpoint, Losses, Snapshot
from nst.settings.engines import FastSettings, OptimizeSettings
from nst.settings.presets import PRESETS, preset
from nst.system.version import __version__
from nst.training.style_settings import StyleTraining

if TYPE_CHECKING:  # imported on use, see __getattr__(); not in __all__, which `import *` would import at once
    from nst import masks as masks
    from nst.training.style_file import train_style as train_style

__all__ = [
    "PRESETS",
    "Busy",
    "Checkpoint",
    "Control",
    "Diverged",
    "FastSettings",
    "FileError",
    "Forecast",
    "ImageError",
    "InputError",
    "Losses",
    "ModelError",
    "NstError",
    "OptimizeSettings",
    "OutOfMemory",
    "Protection",
    "RecipeError",
    "Region",
    "SettingsError",
    "Snapshot",
    "StyleTraining",
    "WeightsUnavailable",
    "__version__",
    "blend",
    "forecast",
    "preset",
    "stream",
    "stylize",
    "transfer_style",
]


def __getattr__(name: str) -> Any:
    """Import nst.masks or nst.train_style on first use, because they need OpenCV or TensorFlow.

    Raises AttributeError for any other name.
    """
    if name == "masks":
        return import_module("nst.masks")
    if name == "train_style":
        return import_module("nst.training.style_file").train_style
    raise AttributeError(f"module 'nst' has no attribute '{name}'")
