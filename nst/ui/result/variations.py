"""Contact sheet: small style variations in a dialog; a click on one starts a run with its settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from typing import Any

import streamlit as st

from nst.engines.variations import Variation
from nst.ui.actions import start, variations
from nst.ui.inputs import form
from nst.ui.state import session_state as session
from nst.ui.state.pictures import preview, thumbnail
from nst.ui.state.request import Request
from nst.ui.state.show_errors import show_error, show_errors
from nst.ui.state.variation_sheet import VariationSheet

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
    """Draw the button that opens the contact sheet, and the sheet in a dialog while open.

    Draw nothing if the settings have no strength. `wanted` returns the current request.
    """
    if not form.uses_strength():
        return
    if st.button("Compare variations", key="show-looks", icon=":material/grid_view:", type="tertiary", help=_HELP):
        _open(wanted)
    sheet = session.variation_sheet.value
    if sheet is not None and session.variations_open.value:
        _dialog(sheet, wanted)


def _open(wanted: Callable[[], Request]) -> None:
    """Submit the variations, unless those of the last sheet fit the request, and open the dialog.

    An error is shown in place of the result.
    """
    with show_errors(session.problem):
        request, last = wanted(), session.variation_sheet.value
        if last is None or last.request != variations.common(request) or last.broken:
            session.variation_sheet.value = variations.begin(request)
        session.problem.value, session.variations_open.value = None, True


def _close() -> None:
    """Mark the dialog as closed and stop the job of its variations, to free the machine for other jobs."""
    session.variations_open.value = False
    if sheet := session.variation_sheet.value:
        sheet.job.stop()


@st.dialog("Variations of your picture", width="large", on_dismiss=_close)
def _dialog(sheet: VariationSheet, wanted: Callable[[], Request]) -> None:
    width, height = preview(sheet.request.photo).size
    shape = f'[class*="st-key-looks-in-"] button img {{ aspect-ratio: {width} / {height}; }}'
    st.html(f"<style>{_CSS}{shape}</style>")
    st.fragment(_variations, run_every=None if sheet.complete else _PACE, key="looks")(sheet, wanted, sheet.complete)


def _variations(sheet: VariationSheet, wanted: Callable[[], Request], complete: bool) -> None:
    """Draw all variations, grouped by color setting.

    Drawn as a fragment at intervals until the sheet is complete. `complete` is its state when the fragment was created.
    When the sheet becomes complete, the whole page reruns.
    """
    if sheet.complete and not complete:
        st.rerun()
    if error := sheet.job.progress.error:
        show_error(error)
    else:
        so_far = "" if sheet.complete else f"{len(sheet.pictures)} of {len(sheet.variants)} variations are painted. "
        st.markdown(so_far + _READY)
    with st.container(key="looks-groups"):
        for colors, variants in groupby(sheet.variants, lambda variant: variant.colors):
            with st.container(key=f"looks-group-{colors}", gap="small"):
                st.subheader(_COLORS[colors], anchor=False)
                with st.container(key=f"looks-in-{colors}"):
                    for variant in variants:
                        _variation(sheet, variant, wanted)


def _variation(sheet: VariationSheet, variant: Variation, wanted: Callable[[], Request]) -> None:
    """Draw a button with the result of a variation, or with the pale content image as a placeholder."""
    picture = sheet.pictures.get(variant)
    name = f"{_STRENGTHS[variant.strength]}, {_BRUSHES[variant.brush]}"
    alt, uri = (_COLORS[variant.colors], picture) if picture else ("Not painted yet", thumbnail(sheet.request.photo))
    key = f"look-{variant.colors}-{variant.strength:g}-{variant.brush:g}"
    taken: dict[str, Any] = {"on_click": _paint, "args": (variant, wanted)}
    if st.button(f"![{alt}]({uri}) {name}", key=key, disabled=picture is None, width="stretch", **taken):
        st.rerun()


def _paint(variant: Variation, wanted: Callable[[], Request]) -> None:
    """Set the form to the settings of a variation and submit the request. Call before the page is drawn."""
    _close()
    form.apply(variant.settings)
    with show_errors(session.problem):
        start.begin(replace(wanted(), settings=variant.settings))
