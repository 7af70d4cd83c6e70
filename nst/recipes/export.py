"""Export of a recipe as a command line, as Python code and as the query string of a link; import from a link.

A link holds the settings and references to sample images, but nothing about a user's own images.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import Field, fields
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from nst.engines.registry import ENGINES
from nst.errors import InputError, RecipeError
from nst.images import samples
from nst.images.samples import Sample
from nst.recipes.json import settings_from
from nst.recipes.recipe import (
    FORMER_PROTECTION,
    InputImage,
    Recipe,
    RecipeRegion,
    number,
    recognizable_of,
    shown,
)
from nst.settings.engines import FORMER_NAMES, Settings
from nst.settings.fields import ORIGINAL, flag, parse_layers, parse_place

LINKED = "recipe"  # query parameter that marks a link with a recipe; its value is the name of the engine

_SET = "set-"  # prefix of settings, to distinguish them from unrelated query parameters
_ALWAYS = ("strength", "steps", "size")  # included even at their defaults, because defaults may change
_PHOTO, _STYLE, _WEIGHTS, _COLORS, _KEPT = "photo", "style", "weights", "colors-from", "recognizable"
_PLACE, _FEATHER, _REST, _REST_STYLE = "place", "feather", "rest", "rest-style"
_WORD = re.compile(r"[\w.-]+")  # a single word in any shell, without quotes
_QUOTABLE = re.compile(r"[\w.,+=@() -]+")  # a single word in any shell, in double quotes


def as_command(recipe: Recipe) -> str:
    """Return the command line `nst stylize ...` that repeats the recipe with images of the recipe's file names."""
    words = ["nst", "stylize", *(_argument(name) for name in _pictures(recipe)), "-o", "result.png"]
    words += ["--engine", recipe.engine]
    if _mixed(recipe):
        words += [flag("style_weights"), ",".join(map(_text, recipe.style_weights))]
    if recipe.color_style is not None:
        words += ["--colors-from", _argument(recipe.color_style.name)]
    if recipe.init_image is not None:
        words += ["--init-image", _argument(recipe.init_image.name)]
    for name, value in _changes(recipe.resolved).items():
        text = _text(value)
        words += [f"{flag(name)}={text}"] if text.startswith("-") else [flag(name), text]
    return " ".join(words)


def as_python(recipe: Recipe) -> str:
    """Return Python code that repeats the recipe with images of the recipe's file names and saves result.png."""
    photo, *styles = map(_literal, _pictures(recipe))
    arguments = [photo, styles[0] if len(styles) == 1 else f"[{', '.join(styles)}]", "settings"]
    if _mixed(recipe):
        arguments.append(f"style_weights={list(recipe.style_weights)}")
    for name in ("color_style", "init_image"):
        picture = getattr(recipe, name)
        if picture is not None:
            arguments.append(f"{name}={_literal(picture.name)}")
    changes = ", ".join(f"{name}={_literal(value)}" for name, value in _changes(recipe.resolved).items())
    return (
        "from PIL import Image\n\nimport nst\n\n"
        f"settings = nst.{type(recipe.settings).__name__}({changes})\n"
        f"result = nst.stylize({', '.join(arguments)})\n"
        'Image.fromarray(result.picture).save("result.png")'
    )


def as_query(recipe: Recipe) -> str:
    """Return the recipe as the query string of a link, without the question mark; from_query() is the inverse."""
    pairs = [(LINKED, recipe.engine)]
    if photo := sample_of(_PHOTO, recipe.content):
        pairs.append((_PHOTO, photo.slug))
    weights = recipe.style_weights or (1.0,) * len(recipe.styles)
    known = [
        (style.slug, weight)
        for picture, weight in zip(recipe.styles, weights, strict=True)
        if (style := sample_of(_STYLE, picture)) and weight
    ]
    pairs += [(_STYLE, slug) for slug, _ in known]
    if len(known) > 1:
        pairs.append((_WEIGHTS, ",".join(_text(weight) for _, weight in known)))
    if colors := sample_of(_STYLE, recipe.color_style):
        pairs.append((_COLORS, colors.slug))
    if recipe.recognizable is not None:
        pairs.append((_KEPT, _text(recipe.recognizable)))
    if recipe.region is not None:
        pairs += _region_pairs(recipe.region)
    usual = {name: getattr(recipe.settings, name, None) for name in _ALWAYS}
    said = {name: value for name, value in usual.items() if value is not None} | _changes(recipe.settings)
    return urlencode(pairs + [(_SET + name, _text(value)) for name, value in said.items()])


def from_query(query: Mapping[str, Sequence[str]]) -> Recipe:
    """Return the recipe in the query parameters of an untrusted link; unrelated parameters are ignored.

    Raises RecipeError if a value is invalid.
    """
    try:
        return _read(query)
    except InputError as error:
        raise RecipeError(f"Cannot use the settings in this link: {error}") from error


def sample_of(kind: str, picture: InputImage | None) -> Sample | None:
    """Return the bundled sample image with the hash of `picture`; None if there is none, or if `picture` is None.

    `kind` is "photo" or "style".
    """
    return None if picture is None else _samples(kind).get(picture.digest)


@lru_cache(maxsize=2)
def _samples(kind: str) -> dict[str, Sample]:
    """Return the bundled photos or styles (`kind` is "photo" or "style") by the hash of their file."""
    found = samples.photos() if kind == _PHOTO else samples.styles()
    return {InputImage.of(sample.path, sample.path.name).digest: sample for sample in found}


def _read(query: Mapping[str, Sequence[str]]) -> Recipe:
    engine = _one(query, LINKED)
    known = {entry.name: entry for entry in fields(ENGINES[engine][0])} if engine in ENGINES else {}
    given = {key.removeprefix(_SET): _one(query, key) for key in query if key.startswith(_SET)}
    asked = {FORMER_NAMES.get(name, name): text for name, text in given.items()}
    values = {name: _typed(known[name], text) if name in known else text for name, text in asked.items()}
    weights = _one(query, _WEIGHTS).split(",") if _WEIGHTS in query else []
    return Recipe(
        settings=settings_from(engine, values),
        content=_picture(_PHOTO, _one(query, _PHOTO)) if _PHOTO in query else None,
        styles=tuple(_picture(_STYLE, slug) for slug in query.get(_STYLE, ())),
        style_weights=tuple(_number(weight, _WEIGHTS) for weight in weights),
        color_style=_picture(_STYLE, _one(query, _COLORS)) if _COLORS in query else None,
        recognizable=_recognizable(query),
        masked=_PLACE in query,
        region=_region(query) if _PLACE in query else None,
    )


def _recognizable(query: Mapping[str, Sequence[str]]) -> float | None:
    """Return the face protection; links of earlier versions have the strength on faces."""
    if FORMER_PROTECTION in query:
        asked = _number(_one(query, FORMER_PROTECTION), FORMER_PROTECTION)
        return recognizable_of(number(asked, FORMER_PROTECTION, 0, 100))
    return _number(_one(query, _KEPT), _KEPT) if _KEPT in query else None


def _region(query: Mapping[str, Sequence[str]]) -> RecipeRegion:
    return RecipeRegion(
        name=_one(query, _PLACE),
        feather=_number(_one(query, _FEATHER), _FEATHER),
        outside_strength=_number(_one(query, _REST), _REST),
        outside_style=_picture(_STYLE, _one(query, _REST_STYLE)) if _REST_STYLE in query else None,
    )


def _region_pairs(region: RecipeRegion) -> list[tuple[str, str]]:
    pairs = [(_PLACE, region.name), (_FEATHER, _text(region.feather)), (_REST, _text(region.outside_strength))]
    style = sample_of(_STYLE, region.outside_style)
    return pairs + ([(_REST_STYLE, style.slug)] if style else [])


def _one(query: Mapping[str, Sequence[str]], key: str) -> str:
    if len(query.get(key, ())) != 1:
        raise RecipeError(f"'{key[:40]}' must be given once, received {len(query.get(key, ()))}.")
    return query[key][0]


def _picture(kind: str, slug: str) -> InputImage:
    for digest, sample in _samples(kind).items():
        if sample.slug == slug:
            return InputImage(sample.path.name, digest)
    raise RecipeError(f"there is no sample {kind} named {shown(slug)}.")


def _typed(entry: Field[Any], text: str) -> Any:
    """Convert the text of a query parameter to the value that JSON would hold for the setting `entry`.

    Raises InputError if the text is no such value.
    """
    kind = entry.metadata["kind"]
    if text == ORIGINAL and entry.metadata["optional"]:
        return None
    if kind == "layers":
        return [list(pair) for pair in parse_layers(text[:1000], entry.name) or ()]
    if kind == "position":
        return list(parse_place(text, entry.name))
    if kind in {"choice", "path"}:
        return text
    found = _number(text, entry.name)
    return int(found) if kind == "whole" and found.is_integer() else found


def _number(text: str, name: str) -> float:
    try:
        return number(float(text), name)
    except ValueError as error:
        raise RecipeError(f"'{name}' must be a number, received {shown(text)}.") from error


def _changes(settings: Settings) -> dict[str, Any]:
    """Return the values of the settings that differ from their defaults, by name.

    A value of None is omitted if the declared default is None and is resolved on construction: other settings imply
    None there, as raw weights imply strength=None.
    """
    usual = type(settings)()
    values = ((entry, getattr(settings, entry.name)) for entry in fields(settings))
    return {
        entry.name: value
        for entry, value in values
        if value != getattr(usual, entry.name) and not (value is None and entry.default is None)
    }


def _pictures(recipe: Recipe) -> Iterator[str]:
    """Yield the file names of the content image and then of the style images, or placeholders for unknown ones."""
    yield recipe.content.name if recipe.content else "photo.jpg"
    yield from [style.name for style in recipe.styles] or ["painting.jpg"]


def _mixed(recipe: Recipe) -> bool:
    return len(recipe.styles) > 1 and bool(recipe.style_weights)


def _text(value: Any) -> str:
    """Return the value of a setting as text for flags and links."""
    if value is None:
        return ORIGINAL
    if isinstance(value, tuple):
        return ",".join(":".join(map(_text, part)) if isinstance(part, tuple) else _text(part) for part in value)
    return str(value).removesuffix(".0")


def _argument(name: str) -> str:
    """Return a file name quoted for the shell, as a single word that cannot be mistaken for a flag."""
    safe = f"./{name}" if name.startswith("-") else name
    if _WORD.fullmatch(safe):
        return safe
    return f'"{safe}"' if _QUOTABLE.fullmatch(safe) else shlex.quote(safe)


def _literal(value: Any) -> str:
    """Return a value as a Python literal; strings are in double quotes where possible."""
    if isinstance(value, str) and "\\" not in repr(value) and '"' not in value:
        return f'"{value}"'
    return repr(value)
