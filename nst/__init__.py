"""NST Studio: repaint a photo in the manner of a painting, and watch it happen.

import nst
for snapshot in nst.stream("photo.jpg", "painting.jpg", nst.OptimizeSettings(strength=70)):
    ...
"""

from nst.blending import blend
from nst.control import Control
from nst.engines import stream, stylize
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
from nst.forecasts import Forecast, forecast
from nst.presets import PRESETS, preset
from nst.regions import Region
from nst.settings import FastSettings, OptimizeSettings
from nst.snapshot import Checkpoint, Losses, Snapshot
from nst.transfer import transfer_style

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
