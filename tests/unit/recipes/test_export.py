"""Recipes as commands, as Python and as links: each says the same as the recipe."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest
from PIL import Image

import nst
from nst.cli import build_parser, flags
from nst.errors import RecipeError
from nst.images import samples
from nst.recipes.export import as_command, as_python, as_query, from_query, sample_of
from nst.recipes.recipe import InputImage, Recipe, RecipeRegion
from nst.run.snapshot import Snapshot
from nst.settings.engines import FastSettings, OptimizeSettings, Settings
from tests.support.made_recipes import FULL, NIGHT, PHOTO, SETTINGS, WAVES, recipe

QUERY = {"recipe": ["optimize"]}
SKY = {"place": ["sky"], "feather": ["2"], "rest": ["0"]}


def sample(slug: str) -> InputImage:
    path = next(each.path for each in [*samples.photos(), *samples.styles()] if each.slug == slug)
    return InputImage.of(path, path.name)


# Commands


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_the_command_line_understands_the_command(settings: Settings) -> None:
    said = shlex.split(as_command(recipe(settings)))
    assert said[0] == "nst"
    args = build_parser().parse_args(said[1:])
    assert (args.content, args.styles) == ("harbor.jpg", ["waves.png", "night & day.jpg"])
    assert (args.style_weights, args.colors_from, args.init_image) == ([30, 12.5], "night & day.jpg", "start.png")
    if settings is not FULL:  # the others have nothing to start from
        args.init_image = None
    assert flags.settings(args) == recipe(settings).resolved


def test_defaults_are_not_in_the_command() -> None:
    plain = Recipe(settings=OptimizeSettings(strength=70), content=PHOTO, styles=(WAVES,), style_weights=(5,))
    assert as_command(plain) == "nst stylize harbor.jpg waves.png -o result.png --engine optimize --strength 70"
    assert as_command(Recipe(settings=FastSettings())) == (
        "nst stylize photo.jpg painting.jpg -o result.png --engine fast"
    )


@pytest.mark.parametrize(
    "name",
    ["-o", "--output=x", "a b", "$(reboot)", "`reboot`", "a'b", 'a"b', "a;b", "a|b>c", "%PATH%", "ä ö", "*", "~"],
)
def test_a_name_is_one_word_and_no_flag_whatever_it_is(name: str) -> None:
    named = replace(recipe(), content=InputImage(name, "0" * 32))
    word = shlex.split(as_command(named))[2]
    assert word in {name, f"./{name}"}
    assert not word.startswith("-")
    assert "$" not in as_command(named).split("'")[0]  # not where a shell would look at it
    args = build_parser().parse_args(shlex.split(as_command(named))[1:])
    assert Path(args.content) == Path(name)


# Python


def ran(program: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> dict[str, Any]:
    """Return the arguments passed to stylize() by the program."""
    asked: dict[str, Any] = {}

    def stylize(content: Any, style: Any, settings: Any, **more: Any) -> Snapshot:
        asked.update(content=content, style=style, settings=settings, **more)
        return Snapshot(np.zeros((8, 8, 3), np.uint8), 1, 1, None, 0.0, "fake", (8, 8))

    monkeypatch.setattr(nst, "stylize", stylize)
    monkeypatch.chdir(folder)
    exec(compile(program, "recipe", "exec"), {})
    with Image.open(folder / "result.png") as result:
        assert result.size == (8, 8)
    return asked


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_the_program_asks_for_the_same(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert ran(as_python(recipe(settings)), monkeypatch, tmp_path) == {
        "content": "harbor.jpg",
        "style": ["waves.png", "night & day.jpg"],
        "settings": recipe(settings).resolved,
        "style_weights": [30, 12.5],
        "color_style": "night & day.jpg",
        "init_image": "start.png",
    }


@pytest.mark.parametrize("name", ['"); import os; ("', "'''", "a{b}", '"', "ä"])
def test_a_name_is_a_literal_whatever_it_is(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named = Recipe(settings=FastSettings(), content=InputImage(name, "0" * 32), styles=(WAVES,))
    asked = ran(as_python(named), monkeypatch, tmp_path)
    assert asked == {"content": name, "style": "waves.png", "settings": FastSettings()}


# Links


def linked(recipe: Recipe) -> dict[str, list[str]]:
    return parse_qs(as_query(recipe), strict_parsing=True)


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_a_link_has_the_settings_and_the_samples(settings: Settings) -> None:
    photo, swell, pond = sample("landscape"), sample("great-swell"), sample("iris-pond")
    whole = Recipe(
        settings=settings, content=photo, styles=(swell, pond), style_weights=(70, 30), color_style=pond,
        recognizable=25, masked=True,
        region=RecipeRegion(name="sky", feather=1.5, outside_strength=30, outside_style=swell),
    )  # fmt: skip
    assert from_query(linked(whole)) == whole
    plain = replace(whole, region=RecipeRegion(name="alpha"))
    assert from_query(linked(plain)) == plain
    assert from_query(linked(replace(whole, masked=False, region=None))).region is None


def test_a_link_of_an_earlier_version_has_the_strength_on_faces() -> None:
    assert from_query({"recipe": ["fast"], "gentle": ["30"]}).recognizable == 70
    assert from_query({"recipe": ["fast"]}).recognizable is None


def test_a_link_has_nothing_of_a_persons_own_pictures() -> None:
    swell = sample("great-swell")
    mixed = replace(recipe(), styles=(WAVES, swell, NIGHT), style_weights=(1, 2, 3))
    assert not any(word in as_query(mixed) for word in ("harbor.jpg", "waves", "night", "0000", "start", "lite"))
    found = from_query(linked(mixed))
    assert (found.settings, found.content, found.styles, found.style_weights) == (FULL, None, (swell,), ())


def test_a_link_says_what_most_decides_even_if_it_is_as_usual() -> None:
    usual = OptimizeSettings()
    assert linked(Recipe(settings=usual)) == {
        "recipe": ["optimize"],
        "set-strength": [f"{usual.strength:g}"],
        "set-steps": [f"{usual.steps}"],
        "set-size": [f"{usual.size}"],
    }


def test_a_link_of_an_earlier_version_is_read() -> None:
    query = {"recipe": ["fast"], "set-network": ["micro"], "set-strength": ["30"]}
    assert from_query(query).settings == FastSettings(strength=30)
    query = {"recipe": ["optimize"], "set-freedom": ["30"], "set-least_gain": ["0.5"]}
    assert from_query(query).settings == OptimizeSettings(init_noise=30, min_improvement=0.5)


def test_unknown_query_parameters_are_ignored() -> None:
    query = {**QUERY, "utm_source": ["mail"], "run": ["a", "b"], "set-strength": ["30"]}
    assert from_query(query).settings == OptimizeSettings(strength=30)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"recipe": ["magic"]}, "engine must be one of optimize, fast"),
        ({"recipe": ["optimize", "fast"]}, "'recipe' must be given once"),
        ({"recipe": []}, "'recipe' must be given once"),
        ({"set-strength": ["70", "80"]}, "'set-strength' must be given once"),
        ({"set-strength": ["700"]}, "between 0 and 100"),
        ({"set-strength": ["nan"]}, "must be a number"),
        ({"set-strength": ["1e999"]}, "must be a number"),
        ({"set-strength": ["<b>"]}, "must be a number"),
        ({"set-steps": ["12.5"]}, "whole number"),
        ({"set-steps": ["9" * 6000]}, "must be a number"),
        ({"set-steps": [""]}, "must be a number"),
        ({"set-colors": ["x" * 9999]}, "at most 80 characters"),
        ({"set-colors": ["![x](http://evil.example/x.png)"]}, "colors must be one of"),
        ({"set-weights": ["/etc/passwd"]}, "names a file"),
        ({"set-surprise": ["1"]}, "unknown .*'surprise'"),
        ({"set-content_layers": [""]}, "content_layers"),
        ({"set-content_layers": ["block1_conv1:-1"]}, "content_layers"),
        ({"set-content_layers": ["passwd"]}, "pairs of a VGG19 layer"),
        ({"recipe": ["fast"], "set-noise_origin": ["1"]}, "two whole numbers"),
        ({"recipe": ["fast"], "set-noise_origin": ["9" * 6000]}, "two whole numbers"),
        ({"set-noise_origin": ["1,2"]}, "unknown .*'noise_origin'"),
        ({"photo": ["../../etc/passwd"]}, "no sample photo"),
        ({"photo": ["x" * 9999]}, "no sample photo"),
        ({"style": ["great-swell", "nothing"]}, "no sample style named 'nothing'"),
        ({"style": ["great-swell"] * 50}, "at most"),
        ({"style": ["great-swell"], "weights": ["1,2"]}, "one per style"),
        ({"style": ["great-swell"], "weights": ["x"]}, "'weights' must be a number"),
        ({"gentle": ["-5"]}, "from 0 to 100"),
        ({"recognizable": ["101"]}, "from 0 to 100"),
        ({"colors-from": ["nothing"]}, "no sample style"),
        ({"place": ["sky"]}, "'feather' must be given once"),
        ({**SKY, "place": ["/etc/passwd"]}, "a region must be one of subject, background, sky, alpha"),
        ({**SKY, "place": ["sky", "subject"]}, "'place' must be given once"),
        ({**SKY, "feather": ["26"]}, "from 0 to 25"),
        ({**SKY, "rest": ["nan"]}, "'rest' must be a number"),
        ({**SKY, "rest-style": ["../me.png"]}, "no sample style"),
    ],
)
def test_a_bad_link_is_refused(query: dict[str, list[str]], said: str) -> None:
    with pytest.raises(RecipeError, match=said) as refusal:
        from_query({**QUERY, **query})
    assert str(refusal.value).startswith("Cannot use the settings in this link: ")
    assert len(str(refusal.value)) < 400


def test_samples_are_known_by_what_is_in_their_file() -> None:
    swell = sample("great-swell")
    renamed = sample_of("style", InputImage("renamed.png", swell.digest))
    assert renamed is not None and renamed.slug == "great-swell"
    assert sample_of("photo", swell) is None
    assert sample_of("style", WAVES) is None and sample_of("style", None) is None
