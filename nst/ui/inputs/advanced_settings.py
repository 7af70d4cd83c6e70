"""Advanced settings, for users who know the papers."""

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

_NOTE_EVERY = 3.0  # seconds
_AWAITS = "awaits-weights"  # session key: True once the session has seen VGG19's weights being downloaded
_RECIPES = {
    form.OURS: "Our own settings, with style strength and quality.",
    "gatys-2016": "Gatys, Ecker & Bethge, CVPR 2016. Needs VGG19.",
    "tf-tutorial": "The TensorFlow tutorial “Neural style transfer”. Needs VGG19.",
    "half-sum": "Content loss: half the sum of squares. Style loss: mean of squares. Needs VGG19.",
}


def advanced() -> None:
    """Draw all other settings in an expander, with sections for network, loss and optimizer.

    To speed up the page, a closed expander stays empty, unless _at_work() is true.
    """
    drawer = st.expander("Advanced", icon=":material/science:", key="advanced", on_change="rerun")
    if not drawer.open and not _at_work():
        return
    with drawer:
        st.session_state.setdefault("recipe", form.OURS)
        recipe = st.selectbox("Preset", **bound_widget.index("recipe", list(_RECIPES), _take_recipe))
        st.caption(_RECIPES[recipe])
        if form.instant():
            _one_go()
        else:
            _network()
            _balance()
            _descent()


def _at_work() -> bool:
    """Return True if the uploader of the init image must stay, or news of the weights is due.

    An uploader that is not drawn loses its file.
    """
    return bool(st.session_state.get(_AWAITS)) or form.optimize.value("init") == "image"


def init_image() -> bytes | None:
    """Return the uploaded init image if the settings use one, else None."""
    wanted = not form.instant() and not form.recolors() and form.optimize.value("init") == "image"
    file = st.session_state.get("init-upload") if wanted else None
    return file.getvalue() if file else None


def published() -> bool:
    """Return True if a published preset is selected."""
    return bool(st.session_state.get("recipe", form.OURS) != form.OURS)


def _take_recipe() -> None:
    recipe = st.session_state["recipe"]
    form.adopt(DEFAULT_PRESET if recipe == form.OURS else recipe)
    st.session_state["quality"] = DEFAULT_PRESET if recipe == form.OURS else None


def _one_go() -> None:
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
    """Show the download progress of VGG19's weights; announce their arrival to sessions that have seen the download."""
    state = st.session_state
    if work.note:
        st.caption(work.note)
    if work.fetching:
        state[_AWAITS] = True
    elif state.pop(_AWAITS, False) and work.arrived:
        st.toast(work.note, icon=":material/check_circle:")


def _layers(name: str, known: tuple[str, ...]) -> None:
    """Draw a selection of layers, and a weight for each selected layer."""
    state, key, about = st.session_state, form.optimize.key(name), form.optimize.fields[name].metadata
    state[key] = [layer for layer in state[key] if layer in known]
    words = {"help": about["help"], "placeholder": "default layers"}
    chosen = st.multiselect(about["label"], known, **words, **bound_widget.default(key))
    columns = st.columns(2) * len(chosen) if chosen else []  # empty columns would leave a gap
    for column, layer in zip(columns, chosen, strict=False):
        weight = form.optimize.key(f"{name}-{layer}")
        state.setdefault(weight, 1.0)
        column.number_input(f"Weight of {layer}", min_value=0.0, **bound_widget.value(weight))


def _balance() -> None:
    st.markdown("##### Loss")
    form.optimize.draw("formulation")
    if form.normalized():
        form.optimize.draw("style_loss")
        st.toggle("Use raw weights instead of strength", **bound_widget.value(form.optimize.key("raw")))
    if form.raw():
        _pair(*form.RAW)
    form.optimize.draw("tv_weight")


def _descent() -> None:
    st.markdown("##### Optimization")
    _pair("optimizer", "init")
    if form.optimize.value("init") == "image":
        st.file_uploader("Start image", FILE_TYPES, key="init-upload")
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
