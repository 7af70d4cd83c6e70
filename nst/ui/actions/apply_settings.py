"""Apply the settings of another result to the form, along with its input images where available."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from math import log
from typing import Any

import streamlit as st

from nst.images import samples
from nst.models.weights import search
from nst.recipes.recipe import InputImage, Recipe
from nst.settings.engines import FastSettings, OptimizeSettings, Settings
from nst.settings.presets import PRESETS
from nst.ui.actions.request_recipe import ingredient
from nst.ui.inputs import faces, form, image_picker, region_picker, style_mix
from nst.ui.inputs.setting_widgets import LADDERS, PAGE_LIMITS
from nst.ui.state import format
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import Request, StyleMix

_SAMPLES = {"photo": samples.photos, "style": samples.styles}


@dataclass(frozen=True)
class Setup:
    """Settings and inputs of a result. `photo` and `mix` are None if the images are not available in this session."""

    settings: Settings
    photo: ImageChoice | None
    mix: StyleMix | None
    gentle: float | None

    @classmethod
    def of(cls, request: Request) -> Setup:
        """Return the setup of a request, without its region and initial image."""
        return cls(request.settings, request.photo, request.mix, request.gentle)


def take(setup: Setup) -> list[str]:
    """Fill the form from `setup` and return sentences about adjusted settings. Call before the page is drawn."""
    settings, state = _fitted(setup.settings), st.session_state
    form.take(settings)
    published = (name for name, preset in PRESETS.items() if name not in form.QUALITIES and preset == settings)
    if followed := next(published, None):
        state["recipe"], state["quality"] = followed, None
    if form.uses_strength():
        faces.take(setup.gentle)
    if setup.photo is not None:
        _choose("photo", setup.photo)
    if setup.mix is not None:
        for style in (*filter(None, [setup.mix.colors_of]), *reversed(setup.mix.styles)):  # the main style last
            _choose("style", style)
        style_mix.take(setup.mix)
    return list(_changes(setup.settings, settings))


def take_recipe(recipe: Recipe) -> list[str]:
    """Fill the form from a recipe and return messages for the user.

    Input images are matched by file hash. Call before the page is drawn.
    """
    shares = recipe.style_weights or (1.0,) * len(recipe.styles)
    found = [(_find("style", style), share) for style, share in zip(recipe.styles, shares, strict=True)]
    here = [(style, share) for style, share in found if style is not None and share]
    styles, shares = tuple(style for style, _ in here), tuple(share for _, share in here)
    mix = StyleMix(styles, shares, _find("style", recipe.color_style)) if here else None
    setup = Setup(
        _available(recipe),
        _find("photo", recipe.content),
        mix,
        None if recipe.recognizable is None else 100 - recipe.recognizable,
    )
    said = [*_made_from(recipe), *take(setup), *_besides(recipe, setup.settings)]
    if recipe.place is not None:
        place = recipe.place
        region_picker.take_place(place.name, place.feather, place.rest_strength, _find("style", place.rest_style))
    elif not recipe.masked:
        region_picker.take_everywhere()
    return said


def _choose(kind: str, choice: ImageChoice) -> None:
    image_picker.choose(kind, choice, _SAMPLES[kind]())


def _find(kind: str, picture: InputImage | None) -> ImageChoice | None:
    """Return the gallery image with the same file hash, or None."""
    if picture is None:
        return None
    choices = image_picker.choices(kind, _SAMPLES[kind]()).values()
    return next((choice for choice in choices if ingredient(choice).digest == picture.digest), None)


def _fitted(settings: Settings) -> Settings:
    """Return the nearest settings that the page can represent, with the default stylizer for the fast engine."""
    changes: dict[str, Any] = {}
    for name in PAGE_LIMITS.keys() & {entry.name for entry in fields(settings)}:
        (low, high), wanted = PAGE_LIMITS[name], getattr(settings, name)
        changes[name] = high if wanted is None else min(max(wanted, low), high)
    for name, stops in LADDERS.items():
        changes[name] = _nearest(stops, getattr(settings, name))
    if isinstance(settings, FastSettings):
        changes["network"] = FastSettings.network
    return replace(settings, **changes)


def _nearest(stops: tuple[float, ...], wanted: float) -> float:
    """Return the stop nearest to `wanted` by ratio, because these scales are perceived logarithmically."""
    return min(stops, key=lambda stop: abs(log(stop / wanted)))


def _available(recipe: Recipe) -> Settings:
    """Return the resolved settings of the recipe.

    Return the original settings if `auto` resolved to a network that is not available on this machine.
    """
    resolved = recipe.resolved
    return resolved if resolved.network in {recipe.settings.network, search.status().auto, "lite"} else recipe.settings


def _made_from(recipe: Recipe) -> Iterator[str]:
    """Yield sentences that name the input images and list the missing ones."""
    styles = [_name("style", style) for style in recipe.styles]
    if recipe.content:
        yield _name("photo", recipe.content) + (f" in the style of {format.listed(styles)}." if styles else ".")
    others = recipe.color_style, recipe.place and recipe.place.rest_style
    pictures = [("photo", recipe.content), *(("style", style) for style in (*recipe.styles, *others))]
    missing = [_name(kind, picture) for kind, picture in pictures if picture and _find(kind, picture) is None]
    if missing:
        yield f"Missing: {format.listed(dict.fromkeys(missing))}. Upload these pictures, or choose others."


def _name(kind: str, picture: InputImage) -> str:
    """Return the name of an image on the page, or else its file name, as bold Markdown."""
    found = _find(kind, picture)
    return f"**{format.literal(found.name if found else picture.name)}**"


def _changes(wanted: Settings, fitted: Settings) -> Iterator[str]:
    for entry in fields(wanted):
        there, here = getattr(wanted, entry.name), getattr(fitted, entry.name)
        if there != here:
            unit = f" {entry.metadata['unit']}" if entry.metadata["unit"] else ""
            asked = "the photo's own" if there is None else f"{format.literal(f'{there}')}{unit}"
            yield f"{entry.metadata['label']}: {here}{unit} is used instead of {asked}, which this page does not offer."


def _besides(recipe: Recipe, settings: Settings) -> Iterator[str]:
    """Yield sentences about recipe entries that the form cannot represent."""
    if settings != recipe.resolved:
        network = format.literal(recipe.network)
        yield f"The original used the network {network}, which is not available here. Another network is used."
    if isinstance(settings, OptimizeSettings) and settings.init == "image":
        yield "The original started from another picture. Choose one under *Advanced*."
    if recipe.masked and recipe.place is None:
        yield (
            "Only part of the photo was painted, and the settings do not include the mask. Choose the part under "
            "*Where to paint*."
        )
    if recipe.ended_at is not None:
        yield f"The original was stopped at iteration {recipe.ended_at}. Stop yours there for the same picture."
    if recipe.photo_share:
        yield f"The original was blended with {recipe.photo_share:g}% of the photo. Use *Blend with photo* afterwards."
