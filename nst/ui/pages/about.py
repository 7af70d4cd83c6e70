"""About page: explanation of the method in plain words, with images from our own runs."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from nst.models.extractors.lite import LITE
from nst.ui.result.layer_experiment import laboratory
from nst.ui.server import resources as server
from nst.ui.server.background import background
from nst.ui.state import link
from nst.ui.state.request import Painting
from nst.ui.widgets.figures import Figure, figures
from nst.ui.widgets.page_css import look

_PHOTO = "bright houses along a calm harbor"
_PAINTING = "a night sky in curved strokes"
_CSS = """
.st-key-about { max-width: 50rem; margin-inline: auto; }
.st-key-about h1 { padding-block: .5rem 0; }
.st-key-about h2 { padding-block: 1.75rem .25rem; }
.st-key-about [data-testid="stMarkdown"] p { line-height: 1.65; max-width: 42rem; }
"""


class Chapter(NamedTuple):
    """A section of the page: heading, text and figures."""

    key: str
    title: str
    text: str
    row: tuple[Figure, ...]


def _dots(layer: str) -> int:
    """Return the width of the receptive field of a layer's features, in pixels."""
    return 2 * LITE.reach(layer) + 1


CHAPTERS = (
    Chapter(
        "pair",
        "One picture says what, the other says how",
        "Your photo says *what* is in the new picture: houses, boats, water. The painting says *how* it looks: its "
        "colors, its strokes, its swirls. A computer has no idea of either. All it sees is rows of colored dots. "
        "In 2015 Leon Gatys, Alexander Ecker and Matthias Bethge found a way to ask it for both, and this studio "
        "is built on their idea.",
        (
            Figure("photo", "The photo: what", f"Photo: {_PHOTO}."),
            Figure("style", "The painting: how", f"Painting: {_PAINTING} over a dark bay."),
            Figure("strength-80", "What comes of both", f"The photo of {_PHOTO}, painted in curved strokes."),
        ),
    ),
    Chapter(
        "seen",
        "What a network sees",
        "A *network* is a chain of small pattern finders in layers. Those of the second layer look at a piece of only "
        f"{_dots('block1_conv2')} dots and find edges and grain. Each layer looks at what the one before it has found, "
        f"and so sees more of the picture: {_dots('block2_conv2')} dots in the fourth layer, "
        f"{_dots('block3_conv2')} in the sixth, {_dots('block4_conv1')} in the eighth. Here is our photo as some of "
        "these finders see it: bright is where one has found what it looks for.",
        (
            Figure("seen-fine", "Layer 2: edges and grain", "The harbor as four drawings of its outlines in light."),
            Figure("seen-small", "Layer 4: lines and corners", "The harbor in four views: roof lines, walls, edges."),
            Figure("seen-middle", "Layer 6: windows, ripples", "Nine views of the harbor in soft spots of light."),
            Figure("seen-large", "Layer 8: parts of things", "Nine coarse views: few bright spots in the dark."),
        ),
    ),
    Chapter(
        "content",
        "Content: what is where",
        "How much of the photo is still there, deep in the network? We can look. We begin with plain noise, and change "
        "it until one layer cannot tell it from the photo any more. The first layers remember nearly every "
        "dot. The eighth still knows that there are houses, and where, but no longer each window and each color. That "
        "is just right: it leaves room for paint.",
        (
            Figure("content-fine", "All that layer 2 remembers", "The harbor, almost as sharp as in the photo."),
            Figure("content-small", "Layer 4", "The harbor, hardly different from the photo."),
            Figure("content-middle", "Layer 6", "The harbor with softer windows and some haze."),
            Figure("content-large", "Layer 8", "The harbor in strange colors, blurred, with every house in place."),
        ),
    ),
    Chapter(
        "together",
        "Style: what goes together",
        "Style does not care where something is. It is about what comes *together*: where there is gold, there is a "
        "round stroke; where there is blue, there are long curves. So we take every two finders of a layer, and ask "
        "how often both find something at the same spot. The answers make a table, bright for two that go together. "
        "Where that was in the picture is forgotten. (The experts call the table a Gram matrix.) The painted harbor "
        "still shows a harbor, but look at its table: it has turned from the photo's into the painting's.",
        (
            Figure("together-photo", "The photo's table", "A square of small fields, many of them bright."),
            Figure("together-style", "The painting's table", "A square of small fields with another pattern."),
            Figure("together-result", "The painted photo's", "A square of small fields, much like the painting's."),
        ),
    ),
    Chapter(
        "style",
        "What each layer knows of a style",
        "We can look at that, too: noise once more, changed until one layer finds the painting's table in it. No "
        "photo this time. The first layers know the colors and their grain. Further down come strokes, then the "
        "way they bend, then whole swirls and lights, while the exact colors get lost. Only all of them together make "
        "the painting's hand.",
        (
            Figure("style-fine", "The style of layer 2", "Tiny crossed dabs in blue, green and gold."),
            Figure("style-small", "Layer 4", "Short curved strokes in blue, with small spots of gold."),
            Figure("style-middle", "Layer 6", "Long strokes that flow around golden lights."),
            Figure("style-large", "Layer 8", "Whole spirals and lights, in colors that are not quite the painting's."),
        ),
    ),
    Chapter(
        "loop",
        "Then it takes patience",
        "The studio begins with your photo and asks two questions. How far is this from the photo's content? How far "
        "from the painting's style? From the answers it works out, for every single dot, which small change of its "
        "color makes both distances a little shorter. It changes all of them, and asks again, a hundred times. That is "
        "what you watch on the easel. (The *Instant* quality does it in one go: another network has learned to guess "
        "how this ends.)",
        (
            Figure("photo", "Your photo", f"Photo: {_PHOTO}."),
            Figure("loop-1", "After 1 change", "The harbor with a first trace of strokes."),
            Figure("loop-5", "After 5", "The harbor with short strokes and some of the painting's blue."),
            Figure("loop-20", "After 20", "The harbor in clear strokes."),
            Figure("loop-100", "After 100", "The harbor as a finished painting."),
        ),
    ),
    Chapter(
        "strength",
        "Strength: who pulls harder",
        "The two wishes pull in different directions: every stroke takes something away from the photo. *Style "
        "strength* says which of them pulls harder. At 0 you have your photo back.",
        (
            Figure("strength-20", "Strength 20", "The harbor, still a photo, with a hint of brushwork."),
            Figure("strength-50", "Strength 50", "The harbor in soft strokes; every window can be seen."),
            Figure("strength-80", "Strength 80", "The harbor in curved strokes."),
            Figure("strength-100", "Strength 100", "The harbor almost dissolved in strokes."),
        ),
    ),
)
_PAPERS = (
    "L. Gatys, A. Ecker, M. Bethge: "
    "[A Neural Algorithm of Artistic Style](https://arxiv.org/abs/1508.06576) (2015), and *Image Style Transfer Using "
    "Convolutional Neural Networks* (CVPR 2016). The pictures on this page were painted by the studio itself, with the "
    "small network that comes with it and with sample pictures of its own."
)


def about(home: st.Page) -> None:
    """Draw the page. `home` is the studio page."""
    look()
    st.html(f"<style>{_CSS}</style>")
    with st.container(key="about"):
        _back(home)
        st.title("How a photo becomes a painting", anchor=False)
        for chapter in CHAPTERS:
            st.header(chapter.title, anchor=False)
            st.markdown(chapter.text)
            figures(chapter.key, chapter.row)
        st.header("Try it: the layer laboratory", anchor=False)
        st.markdown(
            "Choose which layers the style is taken from, and which ones hold on to the photo. Low numbers see "
            "small things, high numbers large ones. It paints a small picture, which takes a few seconds."
        )
        laboratory()
        st.header("To read more", anchor=False)
        st.markdown(_PAPERS)
    background().begin()  # last, because the background work slows down everything after it


def _back(home: st.Page) -> None:
    """Draw the link to the studio and its current run."""
    painting: Painting | None = st.session_state.get("painting")
    found = painting is not None and server.findable(painting.job.token)
    way = link.way_to(painting.job) if painting is not None and found else None
    st.page_link(home, label="Back to the studio", icon=":material/arrow_back:", query_params=way)
