"""Forecast of the run time and memory of a request."""

from __future__ import annotations

from nst.forecast.forecast import Forecast, known_forecast
from nst.ui.server import engine_inputs
from nst.ui.server.background import background
from nst.ui.server.mask_finder import mask_finder
from nst.ui.state.pictures import preview
from nst.ui.state.request import Request


def of(request: Request) -> Forecast | None:
    """Return the forecast of a request, or None before this machine is calibrated or if the size setting is None.

    With size=None, the content image would have to be decoded to know its size. Raises NstError if the request cannot
    be run, in particular OutOfMemory if too little memory is free.
    """
    if not background().warm or request.settings.size is None:
        return None
    width, height = preview(request.photo).size  # a preview is enough: a given size needs only the aspect ratio
    inputs = engine_inputs.inputs(request, mask_finder().known("faces", request.photo))
    return known_forecast(request.settings, (height, width), engine_inputs.styles_in(inputs), inputs["regions"])
