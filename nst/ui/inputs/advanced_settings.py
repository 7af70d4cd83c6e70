"""Advanced settings: preset, network, loss and optimizer. For users who know the papers."""

from __future__ import annotations

import streamlit as st

from nst.models.extractors.lite import LITE
from nst.models.extractors.vgg19 import VGG19
from nst.models.weights import search
from nst.settings.engines import ADAM
from nst.settings.presets import DEFAULT_PRESET
from nst.ui.inputs import form
from nst.ui.inputs.image_picker import FILE_TYPES
from nst.ui.server.background import Background, background
from nst.ui.state import bound_widget
from nst.ui.state import session_state as session

_NOTE_EVERY = 3.0  # seconds
_INIT_UPLOAD = "init-upload"  # key of the uploader of the init image
_PRESETS = {
    session.OURS: "Our own settings, with style strength and quality.",
    "gatys-2016": "Gatys, Ecker & Bethge, CVPR 2016. Needs VGG19.",
    "tf-tutorial": "The TensorFlow tutorial “Neural style transfer”. Needs VGG19.",
    "half-sum": "Content loss: half the sum of squares. Style loss: mean of squares. Needs VGG19.",
}


def advanced() -> None:
    """Draw the other settings in an expander, with sections for network, loss and optimizer.

    To speed up the page, nothing is drawn inside a closed expander, except while it holds an init image or must
    announce the arrival of VGG19's weights.
    """
    drawer = st.expander("Advanced", icon=":material/science:", key="advanced", on_change="rerun")
    if not drawer.open and not _at_work():
        return
    with drawer:
        preset = st.selectbox("Preset", **bound_widget.index(session.preset, list(_PRESETS), _apply_preset))
        st.caption(_PRESETS[preset])
        if form.instant():
            _instant()
        else:
            _network()
            _loss()
            _optimization()


def _at_work() -> bool:
    """Return True if the expander must be drawn even when closed.

    True while init="image" is selected, because an uploader that is not drawn loses its file, and while the end of the
    download of VGG19's weights must be announced.
    """
    return session.awaits_weights.value or bool(form.optimize.value("init") == "image")


def init_image() -> bytes | None:
    """Return the file of the uploaded init image, or None if there is none or the settings do not use one."""
    wanted = not form.instant() and not form.recolors() and form.optimize.value("init") == "image"
    file = session.widget_value(_INIT_UPLOAD) if wanted else None
    return file.getvalue() if file else None


def published() -> bool:
    """Return True if a published preset is selected, such as "gatys-2016"."""
    return session.preset.value != session.OURS


def _apply_preset() -> None:
    form.adopt(session.preset.value if published() else DEFAULT_PRESET)
    session.quality.value = None if published() else DEFAULT_PRESET


def _instant() -> None:
    st.caption("Instant paints in a single pass with a small built-in network. The other qualities have more settings.")
    form.fast.draw("precision")


def _network() -> None:
    st.markdown("##### Network")
    form.optimize.draw("network")
    if form.optimize.value("network") == "auto":
        status = search.status()
        st.caption(f"auto currently uses {'the built-in network' if status.auto == LITE.name else 'VGG19'}.")
    work = background()
    st.fragment(_weights_note, run_every=_NOTE_EVERY if work.fetching else None, key="weights-note")(work)
    architecture = LITE if form.optimize.value("network") == LITE.name else VGG19
    for name in form.LAYERS:
        _layers(name, architecture.layers)
    _pair("pooling", "precision")


def _weights_note(work: Background) -> None:
    """Draw the progress of the download of VGG19's weights.

    When the download is finished, announce this in each session that has shown the progress.
    """
    if work.note:
        st.caption(work.note)
    if work.fetching:
        session.awaits_weights.value = True
    elif session.awaits_weights.value:
        session.awaits_weights.value = False
        if work.arrived:
            st.toast(work.note, icon=":material/check_circle:")


def _layers(name: str, known: tuple[str, ...]) -> None:
    """Draw the selection of layers for the setting `name` out of `known`, and a weight for each selected layer."""
    entry, about = form.optimize.entry(name), form.optimize.fields[name].metadata
    entry.value = [layer for layer in entry.value if layer in known]
    words = {"help": about["help"], "placeholder": "default layers"}
    chosen = st.multiselect(about["label"], known, **words, **bound_widget.default(entry))
    columns = st.columns(2) * len(chosen) if chosen else []  # empty columns would leave a gap
    for column, layer in zip(columns, chosen, strict=False):
        weight = form.layer_weight(name, layer)
        column.number_input(f"Weight of {layer}", min_value=0.0, **bound_widget.value(weight))


def _loss() -> None:
    st.markdown("##### Loss")
    form.optimize.draw("formulation")
    if form.normalized():
        form.optimize.draw("style_loss")
        st.toggle("Use raw weights instead of strength", **bound_widget.value(form.raw_entry()))
    if form.raw():
        _pair(*form.RAW)
    form.optimize.draw("tv_weight")


def _optimization() -> None:
    st.markdown("##### Optimization")
    _pair("optimizer", "init")
    if form.optimize.value("init") == "image":
        st.file_uploader("Start image", FILE_TYPES, key=_INIT_UPLOAD)
    if form.optimize.value("init") != "noise":
        form.optimize.draw("init_noise")
    if form.optimize.value("init") == "noise" or form.optimize.value("init_noise"):
        form.optimize.draw("seed")
    if form.optimize.value("optimizer") == "adam":
        for name in ADAM:
            form.optimize.draw(name)
    form.optimize.draw("levels")
    _pair("preview_every", "min_improvement")


def _pair(first: str, second: str) -> None:
    for column, name in zip(st.columns(2), (first, second), strict=True):
        with column:
            form.optimize.draw(name)
