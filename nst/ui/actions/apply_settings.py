"""Filling of the form with the settings of an earlier result and, where available, with its input images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from math import log
from typing import Any

from nst.images import samples
from nst.models.weights import search
from nst.recipes.recipe import InputImage, Recipe
from nst.settings.engines import FastSettings, OptimizeSettings, Settings
from nst.settings.presets import PRESETS
from nst.ui.actions.request_recipe import input_image
from nst.ui.inputs import faces, form, image_picker, region_picker, style_mix
from nst.ui.inputs.setting_widgets import LADDERS, PAGE_LIMITS
from nst.ui.state import format
from nst.ui.state import session_state as session
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import Request, StyleMix

_SAMPLES = {"photo": samples.photos, "style": samples.styles}


@dataclass(frozen=True)
class Setup:
    """Settings and inputs of a result, to fill the form with.

    `photo` and `mix` are None if the images are not available in this session. `face_protection` is how
    recognizable faces stay, from 0 to 100; None without face protection.
    """

    settings: Settings
    photo: ImageChoice | None
    mix: StyleMix | None
    face_protection: float | None

    @classmethod
    def of(cls, request: Request) -> Setup:
        """Return the setup of a request. The region and the initial image of the request are left out."""
        return cls(request.settings, request.photo, request.mix, request.face_protection)


def apply(setup: Setup) -> list[str]:
    """Fill the form from `setup`. Return a sentence for each setting that the page can only approximate.

    Call before the page is drawn.
    """
    settings = _fitted(setup.settings)
    form.apply(settings)
    published = (name for name, preset in PRESETS.items() if name not in form.QUALITIES and preset == settings)
    if followed := next(published, None):
        session.preset.value, session.quality.value = followed, None
    if form.uses_strength():
        faces.apply(setup.face_protection)
    if setup.photo is not None:
        _choose("photo", setup.photo)
    if setup.mix is not None:
        for style in (*filter(None, [setup.mix.colors_of]), *reversed(setup.mix.styles)):  # the main style last
            _choose("style", style)
        style_mix.apply(setup.mix)
    return list(_changes(setup.settings, settings))


def apply_recipe(recipe: Recipe) -> list[str]:
    """Fill the form from a recipe. Return messages for the user about adjusted settings and missing inputs.

    Input images are found in the galleries by the hash of their files. Call before the page is drawn.
    """
    shares = recipe.style_weights or (1.0,) * len(recipe.styles)
    found = [(_find("style", style), share) for style, share in zip(recipe.styles, shares, strict=True)]
    here = [(style, share) for style, share in found if style is not None and share]
    styles, shares = tuple(style for style, _ in here), tuple(share for _, share in here)
    mix = StyleMix(styles, shares, _find("style", recipe.color_style)) if here else None
    setup = Setup(_available(recipe), _find("photo", recipe.content), mix, recipe.recognizable)
    said = [*_inputs(recipe), *apply(setup), *_not_in_form(recipe, setup.settings)]
    if recipe.region is not None:
        region = recipe.region
        region_picker.apply_kind(
            region.name, region.feather, region.outside_strength, _find("style", region.outside_style)
        )
    elif not recipe.masked:
        region_picker.apply_everywhere()
    return said


def _choose(kind: str, choice: ImageChoice) -> None:
    image_picker.choose(kind, choice, _SAMPLES[kind]())


def _find(kind: str, picture: InputImage | None) -> ImageChoice | None:
    """Return the image in the gallery `kind` whose file has the same hash as `picture`, or None."""
    if picture is None:
        return None
    choices = image_picker.choices(kind, _SAMPLES[kind]()).values()
    return next((choice for choice in choices if input_image(choice).digest == picture.digest), None)


def _fitted(settings: Settings) -> Settings:
    """Return the nearest settings that the page can represent. The fast engine gets its default stylizer."""
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
    """Return the one of `stops` nearest to `wanted` by ratio, because these scales are perceived logarithmically."""
    return min(stops, key=lambda stop: abs(log(stop / wanted)))


def _available(recipe: Recipe) -> Settings:
    """Return the settings of a recipe, with `auto` resolved as in the original run.

    If that network is not available on this machine, `auto` stays unresolved.
    """
    resolved = recipe.resolved
    return resolved if resolved.network in {recipe.settings.network, search.status().auto, "lite"} else recipe.settings


def _inputs(recipe: Recipe) -> Iterator[str]:
    """Yield sentences that name the input images of a recipe and list those missing in the galleries."""
    styles = [_name("style", style) for style in recipe.styles]
    if recipe.content:
        yield _name("photo", recipe.content) + (f" in the style of {format.listed(styles)}." if styles else ".")
    others = recipe.color_style, recipe.region and recipe.region.outside_style
    pictures = [("photo", recipe.content), *(("style", style) for style in (*recipe.styles, *others))]
    missing = [_name(kind, picture) for kind, picture in pictures if picture and _find(kind, picture) is None]
    if missing:
        yield f"Missing: {format.listed(dict.fromkeys(missing))}. Upload these pictures, or choose others."


def _name(kind: str, picture: InputImage) -> str:
    """Return the display name of an image in the gallery `kind`, or else its file name, as bold Markdown."""
    found = _find(kind, picture)
    return f"**{format.literal(found.name if found else picture.name)}**"


def _changes(wanted: Settings, fitted: Settings) -> Iterator[str]:
    for entry in fields(wanted):
        there, here = getattr(wanted, entry.name), getattr(fitted, entry.name)
        if there != here:
            unit = f" {entry.metadata['unit']}" if entry.metadata["unit"] else ""
            asked = "the photo's own" if there is None else f"{format.literal(format.value(there))}{unit}"
            used = f"{entry.metadata['label']}: {format.value(here)}{unit}"
            yield f"{used} is used instead of {asked}, which this page does not offer."


def _not_in_form(recipe: Recipe, settings: Settings) -> Iterator[str]:
    """Yield sentences about the entries of a recipe that the form cannot represent."""
    if settings != recipe.resolved:
        network = format.literal(recipe.network)
        yield f"The original used the network {network}, which is not available here. Another network is used."
    if isinstance(settings, OptimizeSettings) and settings.init == "image":
        yield "The original started from another picture. Choose one under *Advanced*."
    if recipe.masked and recipe.region is None:
        yield (
            "Only part of the photo was painted, and the settings do not include the mask. Choose the part under "
            "*Where to paint*."
        )
    if recipe.ended_at is not None:
        yield f"The original was stopped at iteration {recipe.ended_at}. Stop yours there for the same picture."
    if recipe.photo_share:
        yield f"The original was blended with {recipe.photo_share:g}% of the photo. Use *Blend with photo* afterwards."
