"""Search in a gallery, by words and mood."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from nst.images.samples import MOODS, Sample

MANY = 12  # samples; smaller galleries need no search

_NONE_FOUND = 'No match. Try "swirls" or "mosaic", or upload a painting.'


def search(kind: str, samples: Sequence[Sample]) -> set[str]:
    """Draw the search widgets and return the slugs of the samples that do not match.

    With fewer than MANY samples, draw nothing and return an empty set.
    """
    if len(samples) < MANY:
        return set()
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
    passed_over = {sample.slug for sample in samples if not sample.answers(query) or (mood and mood not in sample.mood)}
    if len(passed_over) == len(samples):
        st.caption(_NONE_FOUND)
    return passed_over
