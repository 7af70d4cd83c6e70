"""Button for a new run that starts from an existing result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from nst.images import io as images
from nst.run.snapshot import Snapshot
from nst.settings.engines import OptimizeSettings
from nst.ui.actions import start
from nst.ui.inputs import form
from nst.ui.state import session_state as session
from nst.ui.state.request import Request
from nst.ui.state.show_errors import show_errors

_HELP = "Paints again, starting from this picture, with the current style and settings."


def keep_refining(picture: Snapshot, wanted: Callable[[], Request] | None) -> None:
    """Draw the button for a run that starts from `picture`, if the current settings support an initial image.

    `wanted` returns the current request; the button is disabled if `wanted` is None because an input is missing.
    """
    if form.instant() or form.recolors():
        return
    options: dict[str, Any] = {"icon": ":material/brush:", "help": _HELP}
    if st.button("Keep refining", key="paint-on", disabled=wanted is None, **options) and wanted is not None:
        _begin(picture, wanted)
        st.rerun()


def _begin(picture: Snapshot, wanted: Callable[[], Request]) -> None:
    """Submit the request with `picture` as the initial image. An error is shown in place of the result."""
    with show_errors(session.problem):
        request = wanted()
        assert isinstance(request.settings, OptimizeSettings), "the button is drawn for these settings only"
        settings = replace(request.settings, init="image")
        start.begin(replace(request, settings=settings, init=images.encode(picture.image, "png")))
