"""Recipes of requests, for the metadata of saved files and for sharing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import streamlit as st

from nst.images.io import Source
from nst.recipes.recipe import PLACES, InputImage, Recipe, RecipeRegion, ended_at
from nst.run.snapshot import Snapshot
from nst.ui.server import engine_inputs
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import PHOTO_SHARE, RegionRequest, Request

KEEP = "keep-recipe"  # session key of keeps()


def recipe_of(request: Request) -> Recipe:
    """Return the recipe of a request."""
    mix, names = request.mix, _unnamed(request)
    return Recipe(
        settings=request.settings,
        content=ingredient(request.photo, names),
        styles=tuple(ingredient(style, names) for style in mix.styles),
        style_weights=mix.weights if len(mix.styles) > 1 else (),
        color_style=None if mix.colors_of is None else ingredient(mix.colors_of, names),
        init_image=None if request.init is None else InputImage.of(request.init, "the start image"),
        masked=request.area is not None,
        place=_place(request.area, names),
        recognizable=None if request.gentle is None else engine_inputs.recognizable(request.gentle),
    )


def _place(area: RegionRequest | None, names: Mapping[str, str]) -> RecipeRegion | None:
    """Return the region for the recipe, or None for a region that no recipe can name.

    A recipe can name only the regions in PLACES, which can be found in any content image. A drawn or uploaded mask
    belongs to one image.
    """
    if area is None or area.place not in PLACES:
        return None
    rest_style = None if area.rest_style is None else ingredient(area.rest_style, names)
    return RecipeRegion(name=area.place, feather=area.feather, rest_strength=area.rest_strength, rest_style=rest_style)


def keeps() -> bool:
    """Return True if saved results contain their recipe, which is the default."""
    wanted: bool = st.session_state.setdefault(KEEP, True)
    return wanted


def kept_recipe(request: Request, picture: Snapshot) -> Recipe | None:
    """Return the recipe to embed in a saved result, or None if disabled by the user."""
    if not keeps():
        return None
    share, ended = st.session_state[PHOTO_SHARE], ended_at(picture.step, picture.total)
    return replace(recipe_of(request), photo_share=share, network=picture.network, ended_at=ended)


def ingredient(choice: ImageChoice, names: Mapping[str, str] | None = None) -> InputImage:
    """Return the recipe entry of an image: samples by file name, the user's own images as in `names`, by token."""
    return _ingredient(choice.token, (names or {}).get(choice.token, choice.name), choice.source)


def _unnamed(request: Request) -> dict[str, str]:
    """Return neutral names of the user's own images, by token: their file names may be private."""
    own = dict.fromkeys(choice.token for choice in request.pictures[1:] if isinstance(choice.source, bytes))
    styles = {token: "Your style" + (f" {number}" if number > 1 else "") for number, token in enumerate(own, 1)}
    return styles | {request.photo.token: "Your photo"}


@st.cache_data(max_entries=200, show_spinner=False)
def _ingredient(token: str, name: str, _source: Source) -> InputImage:  # noqa: ARG001 (the cache key is the token)
    return InputImage.of(_source, _source.name if isinstance(_source, Path) else name)
