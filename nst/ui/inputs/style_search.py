"""Search in a gallery of samples, by words (nst.images.sample_search) and by mood."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from nst.images import sample_search
from nst.images.samples import MOODS, Sample
from nst.ui.state import format

MANY = 12  # samples; smaller galleries need no search

_NONE_FOUND = 'No match. Try "swirls", "mosaic" or "monet", or upload a painting.'


def search(kind: str, samples: Sequence[Sample]) -> list[str]:
    """Draw the search widgets of the gallery `kind`. Return the slugs of the samples that match, best first.

    With fewer than MANY samples, draw nothing and return the slugs of all.
    """
    if len(samples) < MANY:
        return [sample.slug for sample in samples]
    with st.container(key=f"search-{kind}", horizontal=True, vertical_alignment="center", gap="small"):
        mood = st.pills(
            "Mood", MOODS, key=f"{kind}-mood", format_func=str.capitalize, label_visibility="collapsed", wrap=True
        )
        query = st.text_input(
            f"Search {kind}s",
            key=f"{kind}-query",
            placeholder=f"Search {kind}s",
            icon=":material/search:",
            live=True,
            label_visibility="collapsed",
            width=140,
        )
    found = [sample for sample in sample_search.find(samples, query) if not mood or mood in sample.mood]
    if not found:
        st.caption(_NONE_FOUND)
    for line in manners(found, query):
        st.caption(format.literal(line))
    return [sample.slug for sample in found]


def manners(found: Sequence[Sample], query: str) -> list[str]:
    """Return a sentence for each artist named in `query`, listing the samples in that artist's manner.

    Only the samples in `found` are listed.
    """
    names: dict[str, list[str]] = {}
    for sample in found:
        if artist := sample_search.artist(sample, query):
            names.setdefault(artist, []).append(sample.name)
    return [f"In the manner of {artist}: {', '.join(styles)}" for artist, styles in names.items()]
