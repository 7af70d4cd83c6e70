"""Layer laboratory on the page: users select extractor layers and view their effect on a small result."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from nst.images import samples
from nst.ui.actions import layer_experiment
from nst.ui.actions.layer_experiment import ALL, MINE
from nst.ui.inputs.image_picker import choices
from nst.ui.state import bound_widget, format
from nst.ui.state import session_state as session
from nst.ui.state.experiment import Experiment, Question
from nst.ui.state.format import literal
from nst.ui.state.pictures import ImageChoice, preview
from nst.ui.state.session_state import Entry
from nst.ui.state.show_errors import show_error, show_errors

# Labels of the layers of `lite`, named by the size of their features and numbered by depth.
LAYERS = {
    "block1_conv1": "Specks (layer 1)",
    "block1_conv2": "Grain (layer 2)",
    "block2_conv1": "Fine lines (layer 3)",
    "block2_conv2": "Thin strokes (layer 4)",
    "block3_conv1": "Strokes (layer 5)",
    "block3_conv2": "Broad strokes (layer 6)",
    "block3_conv3": "Swirls (layer 7)",
    "block4_conv1": "Patterns (layer 8)",
    "block4_conv2": "Shapes (layer 9)",
    "block4_conv3": "Large shapes (layer 10)",
}

_PACE = 0.4  # polling interval in seconds while an experiment runs
_CSS = """
.st-key-laboratory-pictures { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
.st-key-laboratory-pictures img { display: block; width: 100%; border-radius: .4rem; object-fit: cover; }
.st-key-laboratory-pictures [data-testid="stImageCaption"] { text-align: start; color: inherit; }
"""


def laboratory() -> None:
    """Draw the selection of layers, the button and the results, for the images selected in the studio."""
    photo = _selected("photo", samples.photos(), samples.DEFAULT_PHOTO)
    style = _selected("style", samples.styles(), samples.DEFAULT_STYLE)
    names = literal(photo.name), literal(style.name)
    st.markdown(f"Paints **{names[0]}** in the style of **{names[1]}**, as chosen in the studio.")
    styled = _layers("Take from the style", session.experiment_styled)
    held = _layers("Keep from the photo", session.experiment_held)
    if not held:
        st.caption("Nothing is kept from the photo, so the result shows only the style.")
    if st.button("Try", key="try-layers", type="primary", icon=":material/science:", disabled=not styled):
        _try(Question(photo, style, styled, held))
        st.rerun()
    if not styled:
        st.caption("Choose at least one layer of the style.")
    show_error(session.experiment_problem.value)
    experiment = session.experiment.value
    with st.container():  # always a container: the frontend fails on a late message that finds an element here
        if experiment is not None:
            pace = None if experiment.complete else _PACE
            st.fragment(_pictures, run_every=pace, key="laboratory-view")(experiment, experiment.complete)


def _layers(label: str, entry: Entry[list[str]]) -> tuple[str, ...]:
    """Draw the selection of layers, bound to `entry`, and return the selected layers, shallow to deep."""
    chosen = st.pills(
        label, list(LAYERS), selection_mode="multi", format_func=LAYERS.__getitem__, **bound_widget.default(entry)
    )
    return tuple(name for name in LAYERS if name in chosen)


def _selected(kind: str, known: Sequence[samples.Sample], default: str) -> ImageChoice:
    """Return the image selected in the studio gallery `kind`; the one with token `default` if none is selected."""
    options = choices(kind, known)
    return options.get(session.galleries[kind].selected.value, options[default])


def _try(question: Question) -> None:
    """Start an experiment. If this fails, store the error message for laboratory() to show."""
    with show_errors(session.experiment_problem):
        session.experiment.value = layer_experiment.begin(question, session.experiment.value)
        session.experiment_problem.value = None


def _pictures(experiment: Experiment, complete: bool) -> None:
    """Draw both results of an experiment, or the content image as a placeholder.

    Drawn as a fragment at intervals until the experiment is complete. `complete` is its state when the fragment was
    created. When the experiment ends, the whole page reruns.
    """
    if experiment.complete and not complete:
        st.rerun()
    question = experiment.question
    with st.container():  # always a container, for the same reason
        if error := experiment.job.progress.error:
            show_error(error)
        elif not experiment.complete:
            st.progress(experiment.share, "Painting…" if experiment.pictures else "Getting ready…")
    photo = preview(question.photo)
    width, height = photo.size
    shape = f".st-key-laboratory-pictures img {{ aspect-ratio: {width} / {height}; }}"
    st.html(f"<style>{_CSS}{shape}</style>")
    with st.container(key="laboratory-pictures"):
        for name, caption in ((MINE, _says(question)), (ALL, "All layers used by the studio")):
            there = experiment.pictures.get(name)
            alt = f"{question.photo.name} as {question.style.name}: {caption}" if there else question.photo.alt
            st.image(there or photo.uri, caption if there else "Your photo", width="stretch", alt=alt)


def _says(question: Question) -> str:
    """Return a sentence that names the selected layers."""
    styled = format.listed(LAYERS[name] for name in question.styled)
    held = format.listed(LAYERS[name] for name in question.held) if question.held else "nothing"
    return f"Your layers. Style from: {styled}. Kept from the photo: {held}."
