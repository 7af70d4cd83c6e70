"""How long the picture that the page stands for would take, said before Start."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from nst.errors import NstError, OutOfMemory
from nst.ui.server import forecasts
from nst.ui.state import format
from nst.ui.state.request import Order


def prospect(wanted: Callable[[], Order]) -> None:
    """A line under Start for what is wanted, once this machine's pace is known."""
    try:
        found = forecasts.of(wanted())
    except OutOfMemory as error:
        st.warning(str(error))
    except NstError:
        return  # Start says what is wrong
    else:
        if found is not None:
            st.caption(format.prospect(found.seconds))
