"""How long the picture that the page stands for would take, said before Start."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from nst.errors import NstError, OutOfMemory
from nst.forecasts import Forecast, known_forecast
from nst.ui import parts, words
from nst.ui.background import background
from nst.ui.lookout import lookout
from nst.ui.painting import Order
from nst.ui.pictures import preview


def prospect(wanted: Callable[[], Order]) -> None:
    """A line under Start for what is wanted, once this machine's pace is known."""
    if not background().warm:
        return
    try:
        found = _forecast(wanted())
    except OutOfMemory as error:
        st.warning(str(error))
    except NstError:
        return  # Start says what is wrong
    else:
        if found is not None:
            st.caption(words.prospect(found.seconds))


def _forecast(order: Order) -> Forecast | None:
    """What is known; nothing of a picture as large as its photo, which would have to be read."""
    if order.settings.size is None:
        return None
    width, height = preview(order.photo).size  # of the photo's proportions, which are all that a given size needs
    inputs = parts.inputs(order, lookout().known("faces", order.photo))
    styles = len(inputs["style"]) if "style_weights" in inputs else 1
    return known_forecast(order.settings, (height, width), styles, inputs["regions"])
