"""Contact sheet of style variations: small results in a dialog; a click on a variation starts the run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from typing import Any

import streamlit as st

from nst.engines.variations import Variation
from nst.errors import NstError
from nst.ui.actions import start, variations
from nst.ui.actions.variations import VariationSheet
from nst.ui.inputs import form
from nst.ui.state.format import literal
from nst.ui.state.pictures import preview, thumbnail
from nst.ui.state.request import PROBLEM, Request

_OPEN, _SHEET = "looks-open", "looks"  # session keys: dialog open, current sheet
_PACE = 0.4  # polling interval in seconds until the sheet is complete
_COLORS = {"style": "In the colors of the style", "photo": "In the colors of your photo"}
_STRENGTHS = {0.5: "Gentle", 0.75: "Medium", 1.0: "Strong"}
_BRUSHES = {0.5: "fine brush", 1.0: "normal brush", 2.0: "bold brush"}
_HELP = "Small previews with different strengths, brushes and colors."
_READY = "Choose one to paint it in full size."
_CSS = """
.st-key-looks-groups {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem;
}
[class*="st-key-looks-in-"] { display: grid; grid-template-columns: repeat(3, 1fr); gap: .6rem; }
[class*="st-key-looks-in-"] button { height: 100%; padding: .35rem .35rem .5rem; }
[class*="st-key-looks-in-"] button div, [class*="st-key-looks-in-"] button span { width: 100%; }
[class*="st-key-looks-in-"] button p { font-size: .8rem; line-height: 1.25; white-space: normal; }
[class*="st-key-looks-in-"] button img {
  display: block; width: 100%; height: auto; max-height: none; object-fit: cover; margin: 0 0 .35rem;
  border-radius: .4rem;
}
[class*="st-key-looks-in-"] button img[alt="Not painted yet"] { opacity: .35; filter: grayscale(1); }
"""


def contact_sheet(wanted: Callable[[], Request]) -> None:
    """Draw the button if the settings have a strength, and the dialog while open."""
    if not form.uses_strength():
        return
    state = st.session_state
    if st.button("Compare variations", key="show-looks", icon=":material/grid_view:", type="tertiary", help=_HELP):
        _open(wanted)
    if state.get(_OPEN):
        _dialog(state[_SHEET], wanted)


def _open(wanted: Callable[[], Request]) -> None:
    """Submit the variations, unless the last sheet fits the request; show errors in place of the result."""
    state = st.session_state
    try:
        request = wanted()
        last: VariationSheet | None = state.get(_SHEET)
        if last is None or last.request != variations.common(request) or last.broken:
            state[_SHEET] = variations.begin(request)
        state[PROBLEM], state[_OPEN] = None, True
    except NstError as error:
        state[PROBLEM] = str(error)


def _close() -> None:
    """Close the dialog and stop the job, to free the machine for other jobs."""
    st.session_state[_OPEN] = False
    st.session_state[_SHEET].job.stop()


@st.dialog("Variations of your picture", width="large", on_dismiss=_close)
def _dialog(sheet: VariationSheet, wanted: Callable[[], Request]) -> None:
    width, height = preview(sheet.request.photo).size
    shape = f'[class*="st-key-looks-in-"] button img {{ aspect-ratio: {width} / {height}; }}'
    st.html(f"<style>{_CSS}{shape}</style>")
    st.fragment(_looks, run_every=None if sheet.complete else _PACE, key="looks")(sheet, wanted, sheet.complete)


def _looks(sheet: VariationSheet, wanted: Callable[[], Request], complete: bool) -> None:
    """Draw all variations, grouped by color setting. Drawn as a fragment, at intervals until the sheet is complete.

    `complete` is the state when the fragment was created. When the sheet is complete, the whole page reruns.
    """
    if sheet.complete and not complete:
        st.rerun()
    if error := sheet.job.progress.error:
        st.error(literal(error))
    else:
        so_far = "" if sheet.complete else f"{len(sheet.pictures)} of {len(sheet.variants)} variations are painted. "
        st.markdown(so_far + _READY)
    with st.container(key="looks-groups"):
        for colors, variants in groupby(sheet.variants, lambda variant: variant.colors):
            with st.container(key=f"looks-group-{colors}", gap="small"):
                st.subheader(_COLORS[colors], anchor=False)
                with st.container(key=f"looks-in-{colors}"):
                    for variant in variants:
                        _look(sheet, variant, wanted)


def _look(sheet: VariationSheet, variant: Variation, wanted: Callable[[], Request]) -> None:
    """Draw a variation as a button with its result, or with the pale content image as a placeholder."""
    picture = sheet.pictures.get(variant)
    name = f"{_STRENGTHS[variant.strength]}, {_BRUSHES[variant.brush]}"
    alt, uri = (_COLORS[variant.colors], picture) if picture else ("Not painted yet", thumbnail(sheet.request.photo))
    key = f"look-{variant.colors}-{variant.strength:g}-{variant.brush:g}"
    taken: dict[str, Any] = {"on_click": _take, "args": (variant, wanted)}
    if st.button(f"![{alt}]({uri}) {name}", key=key, disabled=picture is None, width="stretch", **taken):
        st.rerun()


def _take(variant: Variation, wanted: Callable[[], Request]) -> None:
    """Apply a variation to the form and submit the request. Call before the page is drawn."""
    state = st.session_state
    _close()
    form.take(variant.settings)
    try:
        start.begin(replace(wanted(), settings=variant.settings))
        state[PROBLEM] = None
    except NstError as error:
        state[PROBLEM] = str(error)
