"""About page: explanation of the method in plain words, with images from our own runs."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from nst.models.extractors.lite import LITE
from nst.ui.result.layer_experiment import laboratory
from nst.ui.server import resources as server
from nst.ui.server.background import background
from nst.ui.state import link
from nst.ui.state import session_state as session
from nst.ui.widgets.figures import Figure, figures
from nst.ui.widgets.page_css import apply_css

_PHOTO = "bright houses along a calm harbor"
_PAINTING = "a night sky in curved strokes"
_CSS = """
.st-key-about { max-width: 50rem; margin-inline: auto; }
.st-key-about h1 { padding-block: .5rem 0; }
.st-key-about h2 { padding-block: 1.75rem .25rem; }
.st-key-about [data-testid="stMarkdown"] p { line-height: 1.65; max-width: 42rem; }
"""


class Chapter(NamedTuple):
    """Section of the page: heading, text and a row of figures. `key` identifies the row in style sheets."""

    key: str
    title: str
    text: str
    row: tuple[Figure, ...]


def _dots(layer: str) -> int:
    """Return the width of the receptive field of a `lite` layer, in pixels, which the page calls dots."""
    return 2 * LITE.reach(layer) + 1


CHAPTERS = (
    Chapter(
        "pair",
        "Content and style",
        "The new picture takes its *content* from your photo: houses, boats, water. It takes its *style* from the "
        "painting: colors, strokes, swirls. A computer sees neither, only rows of colored dots. In 2015 Leon Gatys, "
        "Alexander Ecker and Matthias Bethge found a way to measure both. This studio uses their method.",
        (
            Figure("photo", "Content: the photo", f"Photo: {_PHOTO}."),
            Figure("style", "Style: the painting", f"Painting: {_PAINTING} over a dark bay."),
            Figure("strength-80", "The result", f"The photo of {_PHOTO}, painted in curved strokes."),
        ),
    ),
    Chapter(
        "seen",
        "Inside a network",
        "A *network* consists of small pattern finders, arranged in layers. Finders of the second layer look at pieces "
        f"only {_dots('block1_conv2')} dots wide and find edges and grain. Each layer works on the output of the layer "
        f"before, so it covers larger pieces: {_dots('block2_conv2')} dots in the fourth layer, "
        f"{_dots('block3_conv2')} in the sixth, {_dots('block4_conv1')} in the eighth. The pictures below show our "
        "photo as seen by some of the finders. Bright spots mark places where a finder has found its pattern.",
        (
            Figure("seen-fine", "Layer 2: edges and grain", "The harbor as four drawings of its outlines in light."),
            Figure("seen-small", "Layer 4: lines and corners", "The harbor in four views: roof lines, walls, edges."),
            Figure("seen-middle", "Layer 6: windows, ripples", "Nine views of the harbor in soft spots of light."),
            Figure("seen-large", "Layer 8: parts of things", "Nine coarse views: few bright spots in the dark."),
        ),
    ),
    Chapter(
        "content",
        "Content: objects and their places",
        "How much of the photo is left deep in the network? To find out, we start with random noise and change it "
        "until one layer cannot tell it from the photo. The first layers remember nearly every dot. The eighth layer "
        "still knows the houses and their places, but not each window and each color. This leaves room for paint.",
        (
            Figure("content-fine", "Remembered by layer 2", "The harbor, almost as sharp as in the photo."),
            Figure("content-small", "Layer 4", "The harbor, hardly different from the photo."),
            Figure("content-middle", "Layer 6", "The harbor with softer windows and some haze."),
            Figure("content-large", "Layer 8", "The harbor in strange colors, blurred, with every house in place."),
        ),
    ),
    Chapter(
        "together",
        "Style: patterns that appear together",
        "Style does not depend on places in the picture. It depends on patterns that appear *together*: gold with "
        "round strokes, blue with long curves. For every pair of finders in a layer, we measure how often both find "
        "something in the same spot. The numbers form a table (experts call it a Gram matrix). A bright field means "
        "that two patterns often appear together. The table does not store any places. The painted harbor still "
        "shows a harbor, but its table now looks like the painting's.",
        (
            Figure("together-photo", "The photo's table", "A square of small fields, many of them bright."),
            Figure("together-style", "The painting's table", "A square of small fields with another pattern."),
            Figure("together-result", "The painted photo's", "A square of small fields, much like the painting's."),
        ),
    ),
    Chapter(
        "style",
        "Style in each layer",
        "Again we start with random noise, and change it until its table in one layer matches the painting's. No photo "
        "is used. The first layers know the colors and their grain. Deeper layers know strokes, then curves, then "
        "whole swirls and lights, but no longer the exact colors. The full style needs all of these layers.",
        (
            Figure("style-fine", "The style of layer 2", "Tiny crossed dabs in blue, green and gold."),
            Figure("style-small", "Layer 4", "Short curved strokes in blue, with small spots of gold."),
            Figure("style-middle", "Layer 6", "Long strokes that flow around golden lights."),
            Figure("style-large", "Layer 8", "Whole spirals and lights, in colors that are not quite the painting's."),
        ),
    ),
    Chapter(
        "loop",
        "Painting step by step",
        "The studio starts with your photo and measures two distances: to the content of the photo, and to the style "
        "of the painting. For every dot, it computes a small change of color that makes both distances shorter. It "
        "changes all dots and measures again, a hundred times. You can watch this in the studio. (*Instant* needs a "
        "single pass: another network has learned to predict the result.)",
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
        "Style strength: the balance",
        "The two goals conflict: every stroke hides part of the photo. *Style strength* sets the balance. At 0 your "
        "photo stays unchanged.",
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
    "Convolutional Neural Networks* (CVPR 2016). The pictures on this page were painted by this studio, with its "
    "built-in network and its sample pictures."
)


def about(home: st.Page) -> None:
    """Draw the page that explains the method. `home` is the studio page, for the link back."""
    apply_css()
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
            "Choose the layers for the style and for the photo. Layers with low numbers know small shapes, layers with "
            "high numbers large ones. The laboratory paints a small picture in a few seconds."
        )
        laboratory()
        st.header("Further reading", anchor=False)
        st.markdown(_PAPERS)
    background().begin()  # last, because the background work slows down everything after it


def _back(home: st.Page) -> None:
    """Draw the link to the studio, with its current run in the address if the run can be found."""
    handle = session.run.value
    found = handle is not None and server.findable(handle.job.token)
    way = link.way_to(handle.job.token) if handle is not None and found else None
    st.page_link(home, label="Back to the studio", icon=":material/arrow_back:", query_params=way)
