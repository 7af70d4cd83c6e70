"""How long a picture will take, as far as is known beforehand."""

from __future__ import annotations

from nst.forecast.forecast import Forecast, known_forecast
from nst.ui.server import engine_inputs
from nst.ui.server.background import background
from nst.ui.server.mask_finder import lookout
from nst.ui.state.pictures import preview
from nst.ui.state.request import Order


def of(order: Order) -> Forecast | None:
    """None before this machine's pace is known, and of a picture as large as its photo, which would have to be read.

    Raises NstError where it could not be painted, OutOfMemory among others.
    """
    if not background().warm or order.settings.size is None:
        return None
    width, height = preview(order.photo).size  # of the photo's proportions, which are all that a given size needs
    inputs = engine_inputs.inputs(order, lookout().known("faces", order.photo))
    return known_forecast(order.settings, (height, width), engine_inputs.styles_in(inputs), inputs["regions"])
