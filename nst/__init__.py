"""NST Studio: neural style transfer with live previews.

import nst
for snapshot in nst.stream("photo.jpg", "painting.jpg", nst.OptimizeSettings(strength=70)):
    ...
"""

from nst.engines.registry import stream, stylize
from nst.engines.transfer import transfer_style
from nst.errors import (
    Busy,
    Diverged,
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
from nst.run.regions import Region
from nst.run.snapshot import Checkpoint, Losses, Snapshot
from nst.settings.engines import FastSettings, OptimizeSettings
from nst.settings.presets import PRESETS, preset

__version__ = "0.1.0"

__all__ = [
    "PRESETS",
    "Busy",
    "Checkpoint",
    "Control",
    "Diverged",
    "FastSettings",
    "Forecast",
    "ImageError",
    "InputError",
    "Losses",
    "ModelError",
    "NstError",
    "OptimizeSettings",
    "OutOfMemory",
    "RecipeError",
    "Region",
    "SettingsError",
    "Snapshot",
    "WeightsUnavailable",
    "blend",
    "forecast",
    "preset",
    "stream",
    "stylize",
    "transfer_style",
]
