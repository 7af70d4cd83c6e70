"""Recipes of requests, for the metadata of saved image files and for sharing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import streamlit as st

from nst.images.io import Source
from nst.recipes.recipe import REGIONS, InputImage, Recipe, RecipeRegion, ended_at
from nst.run.snapshot import Snapshot
from nst.ui.state import session_state as session
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import RegionRequest, Request


def recipe_of(request: Request) -> Recipe:
    """Return the recipe of a request. The user's own images get neutral names, because file names may be private."""
    mix, names = request.mix, _unnamed(request)
    return Recipe(
        settings=request.settings,
        content=input_image(request.photo, names),
        styles=tuple(input_image(style, names) for style in mix.styles),
        style_weights=mix.weights if len(mix.styles) > 1 else (),
        color_style=None if mix.colors_of is None else input_image(mix.colors_of, names),
        init_image=None if request.init is None else InputImage.of(request.init, "the start image"),
        masked=request.region is not None,
        region=_region(request.region, names),
        recognizable=request.face_protection,
    )


def _region(region: RegionRequest | None, names: Mapping[str, str]) -> RecipeRegion | None:
    """Return the region as stored in a recipe, or None for a brushed or uploaded mask.

    A recipe can name only the regions in REGIONS, which can be found in any content image. A brushed or uploaded mask
    fits only one image.
    """
    if region is None or region.kind not in REGIONS:
        return None
    outside_style = None if region.outside_style is None else input_image(region.outside_style, names)
    return RecipeRegion(
        name=region.kind, feather=region.feather, outside_strength=region.outside_strength, outside_style=outside_style
    )


def kept_recipe(request: Request, picture: Snapshot) -> Recipe | None:
    """Return the recipe to embed in the image file of the result `picture`, or None if disabled by the user."""
    if not session.keeps_recipe.value:
        return None
    share, ended = session.photo_share.value, ended_at(picture.step, picture.total)
    return replace(recipe_of(request), photo_share=share, network=picture.network, ended_at=ended)


def input_image(choice: ImageChoice, names: Mapping[str, str] | None = None) -> InputImage:
    """Return the recipe entry of an image: its name and the hash of its file.

    A sample is named by its file, any other image by `names`, which maps tokens to names, or else by its display name.
    """
    return _input_image(choice.token, (names or {}).get(choice.token, choice.name), choice.source)


def _unnamed(request: Request) -> dict[str, str]:
    """Return neutral names, such as "Your style 2", for the images of a request, by token."""
    own = dict.fromkeys(choice.token for choice in request.pictures[1:] if isinstance(choice.source, bytes))
    styles = {token: "Your style" + (f" {number}" if number > 1 else "") for number, token in enumerate(own, 1)}
    return styles | {request.photo.token: "Your photo"}


@st.cache_data(max_entries=200, show_spinner=False)
def _input_image(token: str, name: str, _source: Source) -> InputImage:  # noqa: ARG001 (the cache key is the token)
    return InputImage.of(_source, _source.name if isinstance(_source, Path) else name)
