"""How long the picture that the page stands for would take, said before Start."""

from __future__ import annotations

import streamlit as st

from nst.errors import NstError, OutOfMemory
from nst.forecasts import known_forecast
from nst.ui import words
from nst.ui.background import background
from nst.ui.components import form
from nst.ui.pictures import Choice, preview


def prospect(photo: Choice) -> None:
    """A line under Start, once this machine's pace is known."""
    if not background().warm:
        return
    width, height = preview(photo).size  # of the photo's proportions, which are all that a given size needs
    try:
        settings = form.settings()
        found = None if settings.size is None else known_forecast(settings, (height, width))
    except OutOfMemory as error:
        st.warning(str(error))
    except NstError:
        return  # Start says what is wrong
    else:
        if found is not None:
            st.caption(words.prospect(found.seconds))
