"""Forecast of the current request, shown before Start."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from nst.errors import NstError, OutOfMemory
from nst.ui.server import forecasts
from nst.ui.state import format
from nst.ui.state.request import Request


def prospect(wanted: Callable[[], Request]) -> None:
    """Draw the forecast of the run time, or a warning if too little memory is free for the run.

    `wanted` returns the current request. Draw nothing before this machine is calibrated.
    """
    try:
        found = forecasts.of(wanted())
    except OutOfMemory as error:
        st.warning(format.literal(str(error)))
    except NstError:
        return  # Start shows the error
    else:
        if found is not None:
            st.caption(format.prospect(found.seconds))
