"""Recipes written by nst stylize and read by nst recipe, with the fake engine."""

from __future__ import annotations

import shlex
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import pytest

from nst.errors import RecipeError
from nst.recipes import image_metadata
from nst.settings.engines import FastSettings, OptimizeSettings
from tests.support import fake_engine
from tests.support.cli_runs import asked, run
from tests.support.made_recipes import recipe
from tests.support.pictures import gradient

pytestmark = pytest.mark.usefixtures("engine", "folder")


def digest(path: str) -> str:
    return blake2b(Path(path).read_bytes(), digest_size=16).hexdigest()


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "avif"])
def test_a_result_says_what_it_was_made_with(suffix: str) -> None:
    Path("pictures").mkdir()
    Path("red.png").rename("pictures/red.png")
    line = f"stylize photo.png pictures/red.png blue.png -o out.{suffix} --steps 3 --seed 5 --style-weights 1,3"
    assert run(f"{line} --colors-from blue.png --init-image blue.png") == 0
    found = image_metadata.read(f"out.{suffix}")
    assert found.settings == OptimizeSettings(steps=3, seed=5, init="image")
    assert found.network == "fake"
    assert (found.content.name, found.content.digest) == ("photo.png", digest("photo.png"))
    assert [style.name for style in found.styles] == ["red.png", "blue.png"]
    assert found.styles[0].digest == digest("pictures/red.png")
    assert found.style_weights == (1, 3)
    assert found.color_style == found.init_image == found.styles[1]
    assert not found.masked


def test_regions_are_mentioned() -> None:
    assert run("stylize photo.png red.png -o out.png --engine fast --mask photo.png") == 0
    assert image_metadata.read("out.png").masked


def test_without_a_recipe_there_is_none() -> None:
    assert run("stylize photo.png red.png -o out.png --engine fast --no-recipe") == 0
    with pytest.raises(RecipeError):
        image_metadata.read("out.png")


def test_formats_without_a_place_for_it_are_written_all_the_same() -> None:
    assert run("stylize photo.png red.png -o out.bmp --engine fast") == 0
    with pytest.raises(RecipeError):
        image_metadata.read("out.bmp")


def test_stopped_run_names_its_iteration() -> None:
    fake_engine.script.ends_at = 2
    assert run("stylize photo.png red.png -o out.png --steps 9") == 0
    found = image_metadata.read("out.png")
    assert (found.settings, found.ended_at) == (OptimizeSettings(steps=9), 2)
    fake_engine.script.ends_at = None
    assert run("stylize photo.png red.png -o out.png --steps 9") == 0
    assert image_metadata.read("out.png").ended_at is None


def test_the_command_that_is_printed_asks_for_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    region_styles = "--engine fast --strength 33 --size original --seed 4 --noise-origin=-8,16"
    run(f"stylize photo.png red.png blue.png -o out.png {region_styles} --style-weights 2,1")
    before = asked()
    capsys.readouterr()
    assert run("recipe out.png") == 0
    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    assert err.startswith("Painted by nst ") and "with quick fake" in err and err.count("\n") == 1
    assert run(shlex.join(shlex.split(out)[1:])) == 0
    after = asked()
    names = ("content", "style", "style_weights", "settings")
    assert [after[name] for name in names] == [before[name] for name in names]
    assert after["settings"] == FastSettings(strength=33, size=None, seed=4, noise_origin=(-8, 16))


def test_notes_name_inputs_missing_in_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    image_metadata.write(gradient(), "page.png", recipe())
    assert run("recipe page.png") == 0
    _, err = capsys.readouterr()
    for said in (
        "with lite",
        "sky; everything else at strength 20",
        "at iteration 7",
        "recognizable by 55 of 100",
        "10% of the photo",
    ):
        assert said in err
    image_metadata.write(gradient(), "page.png", replace(recipe(), region=None))
    run("recipe page.png")
    assert "--mask or --region" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "said"), [("red.png", "'red.png' contains no settings"), ("none.png", "no such file")]
)
def test_a_picture_without_one_is_explained(file: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"recipe {file}") == 1
    out, err = capsys.readouterr()
    assert out == "" and said in err and err.count("\n") == 1
