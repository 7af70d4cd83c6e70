"""Recipes as JSON: what we write is read again, and what strangers write is refused in plain words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nst.errors import RecipeError
from nst.recipes.json import LARGEST, from_json, to_json
from nst.recipes.recipe import LONGEST, MOST_STYLES, InputImage, Recipe, RecipeRegion
from nst.settings.engines import FastSettings, OptimizeSettings, Settings
from tests.support.made_recipes import SETTINGS, recipe


def written(**entries: Any) -> str:
    """A good recipe, but for some entries."""
    return json.dumps({**json.loads(to_json(recipe())), **entries})


def with_setting(name: str, value: Any, usual: Settings | None = None) -> str:
    known = json.loads(to_json(recipe(usual or OptimizeSettings())))
    return written(engine=known["engine"], settings={**known["settings"], name: value})


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_json_round_trip(settings: Settings) -> None:
    assert from_json(to_json(recipe(settings))) == recipe(settings)
    assert from_json(to_json(Recipe(settings=settings))) == Recipe(settings=settings)


def test_entries_have_the_names_of_earlier_versions() -> None:
    style = {"name": "waves.png", "digest": "a" * 32}
    region = {"name": "sky", "feather": 3.5, "rest_strength": 20.0, "rest_style": style}
    former = {"nst-recipe": 1, "engine": "fast", "settings": {}, "masked": True, "place": region, "gentle": 55.0}
    found = from_json(json.dumps(former))
    assert found.region == RecipeRegion(
        name="sky", feather=3.5, outside_strength=20.0, outside_style=InputImage("waves.png", "a" * 32)
    )
    assert found.recognizable == 45
    written_again = json.loads(to_json(found))
    assert (written_again["place"], written_again["recognizable"]) == (region, 45.0)
    assert not {"region", "gentle"} & written_again.keys()


def test_every_setting_is_written_but_paths() -> None:
    said = json.loads(to_json(Recipe(settings=OptimizeSettings())))
    assert said["settings"]["steps"] == OptimizeSettings().steps  # though it is as usual
    assert "weights" not in said["settings"]


def test_a_recipe_without_some_entries_is_as_usual_there() -> None:
    short = '{"nst-recipe": 1, "engine": "optimize", "settings": {"strength": 30}}'
    assert from_json(short).settings == OptimizeSettings(strength=30)


@pytest.mark.parametrize(("gentle", "recognizable"), [(30, 70), (0, 100), (None, None)])
def test_a_recipe_of_an_earlier_version_has_the_strength_on_faces(gentle: Any, recognizable: Any) -> None:
    former = f'{{"nst-recipe": 1, "engine": "optimize", "settings": {{}}, "gentle": {json.dumps(gentle)}}}'
    assert from_json(former).recognizable == recognizable


def test_the_largest_recipe_can_be_written_and_read() -> None:
    """Names take the most room where each letter is two escapes."""
    picture = InputImage("\N{ARTIST PALETTE}" * LONGEST, "f" * 32)
    large = Recipe(
        settings=OptimizeSettings(), content=picture, styles=(picture,) * MOST_STYLES, color_style=picture,
        init_image=picture, style_weights=(1.2345678901234567e-5,) * MOST_STYLES,
    )  # fmt: skip
    assert from_json(to_json(large)) == large


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "damaged"),
        ("{", "damaged"),
        ("null", "a group of entries, received None"),
        ("[]", "received a list"),
        ('"<script>alert(1)</script>"', "a group of entries"),
        ("{}", "format must be 1, received None"),
        ('{"nst-recipe": 2}', "newer version"),
        ('{"nst-recipe": true}', "format must be 1, received True"),
        ('{"nst-recipe": [1]}', "format must be 1, received a list"),
        ('{"nst-recipe": 1}', "must be a group of entries"),
        ('{"nst-recipe": 1, "settings": {}}', "engine must be one of optimize, fast"),
        ("[" * (LARGEST - 1), "damaged"),
        ('{"a":' * 8000 + "1", "damaged"),
        (" " * (LARGEST + 1), "the limit is"),
        ('{"nst-recipe": ' + "9" * 5000 + "}", "damaged"),
    ],
)
def test_invalid_recipe_is_refused(text: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said) as refusal:
        from_json(text, "the settings in 'x.png'")
    assert str(refusal.value).startswith("Cannot use the settings in 'x.png': ")
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"engine": "magic"}, "engine must be one of"),
        ({"engine": ["optimize"]}, "received a list"),
        ({"surprise": 1}, "unknown entry 'surprise'"),
        ({"settings": []}, "'settings' must be a group"),
        ({"content": "photo.jpg"}, "a picture must be a group"),
        ({"content": {"name": "x", "digest": "0" * 32, "path": "/etc"}}, "unknown .*'path'"),
        ({"content": {"name": "../../etc/passwd", "digest": "0" * 32}}, "not contain folders"),
        ({"content": {"name": "x"}}, "32 hexadecimal digits"),
        ({"styles": {"name": "x"}}, "'styles' must be a list"),
        ({"styles": [None]}, "a picture must be a group"),
        ({"style_weights": "1,2"}, "must be a list"),
        ({"style_weights": [1, "2"]}, "style_weights"),
        ({"masked": 1}, "true or false"),
        ({"place": "sky"}, "'place' must be a group"),
        ({"place": {}}, "a region must be one of"),
        ({"place": {"name": ["sky"]}}, "a region must be one of"),
        ({"place": {"name": "../mask.png"}}, "a region must be one of"),
        ({"place": {"name": "sky", "mask": "me.png"}}, "unknown .*'mask'"),
        ({"place": {"name": "sky", "feather": True}}, "'feather' must be a number from 0 to 25"),
        ({"place": {"name": "sky", "rest_strength": 101}}, "'rest_strength' must be a number from 0 to 100"),
        ({"place": {"name": "sky", "rest_style": {"name": "a/b.png", "digest": "0" * 32}}}, "not contain folders"),
        ({"gentle": "50"}, "'gentle' must be a number"),
        ({"recognizable": "50"}, "'recognizable' must be a number"),
        ({"network": {"a": 1}}, "'network' must be a text"),
    ],
)
def test_bad_entries_are_refused(entries: dict[str, Any], said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        from_json(written(**entries))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("strength", 101, "between 0 and 100"),
        ("strength", "70", "'strength' must be a number, received '70'"),
        ("strength", True, "'strength' must be a number"),
        ("strength", [70], "received a list"),
        ("strength", float("nan"), "'NaN' is not a valid number"),
        ("strength", float("-inf"), "'-Infinity' is not a valid number"),
        ("seed", 10**400, "'seed' must be a number"),
        ("tv_weight", 1e300, "'tv_weight' must be a number"),
        ("steps", 50.5, "whole number"),
        ("steps", 10**9, "between 1 and"),
        ("steps", None, "'steps' must be a number"),
        ("size", 8193, "between 32 and 8192"),
        ("colors", "<img src=x onerror=alert(1)>", "colors must be one of"),
        ("colors", "x" * 5000, "at most 80 characters"),
        ("colors", {"a": "b"}, "received a group of entries"),
        ("network", None, "must be a text"),
        ("weights", "/etc/passwd", "names a file"),
        ("weights", None, "names a file"),
        ("surprise", 1, "unknown setting 'surprise'"),
        ("content_layers", "block1_conv1", "must be a list"),
        ("content_layers", [["block1_conv1"]], "pairs of a VGG19 layer"),
        ("content_layers", [["../../x", 1]], "pairs of a VGG19 layer"),
        ("content_layers", [[["block1_conv1"], 1]], "pairs of a VGG19 layer"),
        ("content_layers", [["block1_conv1", "1"]], "content_layers"),
        ("content_layers", [["block1_conv1", -1]], "of 0 or more"),
        ("content_layers", [["block1_conv1", 1]] * 2, "none twice"),
        ("content_layers", [], "at least one layer"),
        ("content_weight", 5, "cannot be combined"),
    ],
)
def test_bad_settings_are_refused(name: str, value: Any, said: str) -> None:
    with pytest.raises(RecipeError, match=said) as refusal:
        from_json(with_setting(name, value))
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("3,4", "'noise_origin' must be a list"),
        ([1], "two whole numbers"),
        ([1, 2, 3], "two whole numbers"),
        ([1.5, 2], "two whole numbers"),
        ([True, 2], "two whole numbers"),
        ([[1], 2], "two whole numbers"),
        ([0, 10**400], "must be within"),
        ([1] * 5000, "two whole numbers"),
        ({"x": 1, "y": 2}, "received a group of entries"),
    ],
)
def test_bad_places_are_refused(value: Any, said: str) -> None:
    with pytest.raises(RecipeError, match=said) as refusal:
        from_json(with_setting("noise_origin", value, FastSettings()))
    assert len(str(refusal.value)) < 400


def test_a_recipe_of_an_earlier_version_is_read() -> None:
    """The old recipe has another network name, no seed and no noise origin."""
    known = json.loads(to_json(recipe(SETTINGS["fast"])))
    settings = {name: each for name, each in known["settings"].items() if name not in {"seed", "noise_origin"}}
    found = from_json(json.dumps({**known, "network": "micro", "settings": {**settings, "network": "micro"}}))
    assert found.settings == FastSettings(strength=42.5, size=None, colors="photo")
    assert found.settings.network == "fast"


def test_former_names_of_settings_are_read() -> None:
    """Version 0.1 called them freedom and least_gain."""
    known = json.loads(to_json(recipe(OptimizeSettings(init_noise=30, min_improvement=0.5))))
    settings = known["settings"]
    settings |= {"freedom": settings.pop("init_noise"), "least_gain": settings.pop("min_improvement")}
    assert from_json(json.dumps(known)).settings == OptimizeSettings(init_noise=30, min_improvement=0.5)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(name=st.sampled_from(sorted(json.loads(to_json(recipe())))), value=anything)
def test_whatever_an_entry_is_it_is_taken_or_refused(name: str, value: Any) -> None:
    try:
        from_json(written(**{name: value}))
    except RecipeError as refusal:
        assert len(str(refusal)) < 500


@pytest.mark.parametrize("usual", [OptimizeSettings(), FastSettings()], ids=["optimize", "fast"])
@given(data=st.data(), value=anything)
def test_whatever_a_setting_is_it_is_taken_or_refused(usual: Settings, data: st.DataObject, value: Any) -> None:
    name = data.draw(st.sampled_from(sorted(json.loads(to_json(recipe(usual)))["settings"])))
    try:
        taken = from_json(with_setting(name, value, usual)).settings
    except RecipeError as refusal:
        assert len(str(refusal)) < 500
    else:
        kind = type(getattr(usual, name))
        assert value is None or kind is type(None) or isinstance(getattr(taken, name), kind | tuple)
