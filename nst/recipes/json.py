"""JSON serialization of recipes. Input is untrusted: unknown entries, wrong types and excessive sizes are rejected."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import Field, asdict, fields
from typing import Any

from nst.engines.registry import ENGINES
from nst.errors import InputError, RecipeError
from nst.models.extractors.vgg19 import VGG19
from nst.recipes.recipe import (
    FORMER_PROTECTION,
    PATHS,
    InputImage,
    Recipe,
    RecipeRegion,
    check_word,
    number,
    recognizable_of,
    shown,
)
from nst.settings.engines import FORMER_NAMES, Settings
from nst.settings.fields import LayerWeights, parse_place

VERSION = 1  # format version
LARGEST = 40_960  # maximum length in characters, which fits in a JPEG; most recipes have about one thousand

# Names in files where they differ from those of the fields: files of all versions have the same.
_NAMES = {"region": "place"}
_REGION_NAMES = {"outside_strength": "rest_strength", "outside_style": "rest_style"}

_MARK = "nst-recipe"  # key of the format version
_UPDATE = "If it is from a newer version, update NST Studio."


def to_json(recipe: Recipe) -> str:
    """Return a recipe as ASCII JSON.

    All settings except paths are included, also those at their defaults, because defaults may change between versions.
    """
    entries = asdict(recipe)
    for name in PATHS:
        entries["settings"].pop(name, None)
    if recipe.region is not None:
        entries["region"] = _renamed(entries["region"], _REGION_NAMES)
    entries = _renamed(entries, _NAMES)
    return json.dumps({_MARK: VERSION, "engine": recipe.engine, **entries}, allow_nan=False)


def from_json(text: str, label: str = "the settings") -> Recipe:
    """Parse a recipe from untrusted JSON. Raises RecipeError if it is invalid; the message calls the text `label`."""
    try:
        if len(text) > LARGEST:
            raise RecipeError(f"they have {len(text):,} characters; the limit is {LARGEST:,}.")
        return _recipe(_parse(text))
    except InputError as error:
        raise RecipeError(f"Cannot use {label}: {error}") from error


def settings_from(engine: Any, given: Mapping[str, Any]) -> Settings:
    """Return settings of the engine named `engine` from untrusted values; missing settings get their defaults.

    Raises InputError if the engine or a setting is unknown, a setting is a path, or a value is invalid.
    """
    if not isinstance(engine, str) or engine not in ENGINES:
        raise RecipeError(f"engine must be one of {', '.join(ENGINES)}, received {shown(engine)}. {_UPDATE}")
    kind, given = ENGINES[engine][0], {FORMER_NAMES.get(name, name): value for name, value in given.items()}
    for name in PATHS:
        if name in given:
            raise RecipeError(f"'{name}' names a file on this machine, which is not allowed in shared settings.")
    known = {entry.name: entry for entry in fields(kind)}
    _only_known(given, known, "setting")
    return kind(**{name: _value(known[name], value) for name, value in given.items()})


def _parse(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RecipeError("they are damaged. Use another copy of the picture.") from error
    entries = _group(found, "a recipe")
    version = entries.pop(_MARK, None)
    if version != VERSION or isinstance(version, bool):
        raise RecipeError(f"format must be {VERSION}, received {shown(version)}. {_UPDATE}")
    return entries


def _no_number(constant: str) -> Any:
    raise RecipeError(f"'{constant}' is not a valid number.")


def _recipe(entries: dict[str, Any]) -> Recipe:
    engine, settings = entries.pop("engine", None), entries.pop("settings", None)
    if FORMER_PROTECTION in entries:
        gentle = entries.pop(FORMER_PROTECTION)
        entries["recognizable"] = None if gentle is None else recognizable_of(number(gentle, FORMER_PROTECTION, 0, 100))
    made = _fields(entries, Recipe, _NAMES)
    for name in {"content", "color_style", "init_image"} & entries.keys():
        made[name] = None if entries[name] is None else _input_image(entries[name])
    if made.get("region") is not None:
        made["region"] = _region(made["region"])
    for name in {"styles", "style_weights"} & entries.keys():
        each = _input_image if name == "styles" else lambda weight: weight
        made[name] = tuple(map(each, _list(entries[name], f"'{name}'")))
    return Recipe(settings=settings_from(engine, _group(settings, "'settings'")), **made)


def _region(entry: Any) -> RecipeRegion:
    found = _fields(_group(entry, "'place'"), RecipeRegion, _REGION_NAMES)
    style = found.get("outside_style")
    return RecipeRegion(**{"name": "", **found, "outside_style": None if style is None else _input_image(style)})


def _input_image(entry: Any) -> InputImage:
    found = _group(entry, "a picture")
    _only_known(found, [entry.name for entry in fields(InputImage)], "entry")
    return InputImage(found.get("name", ""), found.get("digest", ""))


def _renamed(entries: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in entries.items()}


def _fields(
    entries: Mapping[str, Any], kind: type[Recipe] | type[RecipeRegion], names: Mapping[str, str]
) -> dict[str, Any]:
    """Rename the entries of a recipe file to the field names of `kind`.

    `names` maps field names to names in files where they differ. Raises RecipeError if an entry is unknown.
    """
    known = {names.get(entry.name, entry.name): entry.name for entry in fields(kind)}
    _only_known(entries, known, "entry")
    return {known[name]: value for name, value in entries.items()}


def _group(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RecipeError(f"{name} must be a group of entries, received {shown(value)}.")
    return value


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise RecipeError(f"{name} must be a list, received {shown(value)}.")
    return value


def _only_known(given: Collection[str], known: Collection[str], what: str) -> None:
    for name in given:
        if name not in known:
            raise RecipeError(f"unknown {what} {shown(name)}. {_UPDATE}")


def _value(entry: Field[Any], value: Any) -> Any:
    """Return the value of the setting `entry`, converted from JSON.

    Raises InputError if the type of the value is wrong. The settings class checks its range later.
    """
    kind = entry.metadata["kind"]
    if value is None and entry.metadata["optional"]:
        return None
    if kind == "layers":
        return _layers(value, f"'{entry.name}'")
    if kind == "position":
        return parse_place(_list(value, f"'{entry.name}'"), entry.name)
    if kind == "choice":
        check_word(value, f"'{entry.name}'")
        return value
    plain = number(value, entry.name)
    return value if kind == "whole" else plain


def _layers(value: Any, name: str) -> LayerWeights:
    """Convert a list of [layer, weight] pairs from JSON.

    Raises RecipeError if a pair is invalid, or if a layer is not one of VGG19, which include all layers of lite.
    """
    for pair in _list(value, name):
        if not isinstance(pair, list) or len(pair) != 2 or pair[0] not in VGG19.layers:
            raise RecipeError(f"{name} must be pairs of a VGG19 layer and its weight; received {shown(pair)}.")
    return tuple((layer, number(weight, name.strip("'"), 0)) for layer, weight in value)
