"""Settings saved in pictures, loaded from pictures and links, and copied as text."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from streamlit.testing.v1 import AppTest

from nst.cli import build_parser, flags
from nst.images import samples
from nst.recipes import image_metadata
from nst.recipes.recipe import InputImage, Recipe, RecipeRegion
from nst.settings.engines import FastSettings, OptimizeSettings
from nst.settings.presets import PRESETS
from nst.ui.inputs import form
from tests.support import fake_engine
from tests.support.fake_mask_finder import Sights, box
from tests.support.pictures import gradient, saved
from tests.support.studio_page import APP, entry, finish, picture_file, start, start_and_hold, upload


def sample(slug: str) -> InputImage:
    path = next(each.path for each in [*samples.photos(), *samples.styles()] if each.slug == slug)
    return InputImage.of(path, path.name)


def unfold(page: AppTest) -> None:
    """Open the drawer for sharing, as a click does."""
    page.session_state["sharing"] = True
    page.run()
    assert not page.exception


def drop(page: AppTest, file: bytes, name: str = "found.png") -> None:
    """Drop a picture where settings are taken from."""
    unfold(page)
    upload(page, "settings", name, file)


def drop_recipe(page: AppTest, recipe: Recipe) -> None:
    drop(page, image_metadata.encode(gradient(), "png", recipe))


def visit(query: dict[str, object]) -> AppTest:
    """A first visit by a link."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def noted(page: AppTest) -> str:
    """Return the message about loaded settings."""
    return " ".join(info.value for info in page.info)


def asked(page: AppTest, script: fake_engine.Script) -> dict:
    """Press Start and return the engine's arguments; the run waits."""
    start_and_hold(page, script)
    return script.calls[-1]


def saved_png(page: AppTest) -> bytes:
    """The picture that the page offers."""
    return page.session_state["files"][1]["PNG"]


def text(page: AppTest) -> str:
    unfold(page)
    return next(code.value for code in page.code)


def copy_as(page: AppTest, form: str) -> str:
    unfold(page)
    page.segmented_control(key="copy-as").set_value(form).run()
    assert not page.exception
    return text(page)


# Into pictures


def test_a_picture_that_is_saved_says_what_it_was_made_with(page: AppTest, script: fake_engine.Script) -> None:
    script.hold_before = None
    entry(page, "quality").set_value("draft").run()
    entry(page, "mix").set_value(["great-swell"]).run()
    start(page)
    finish(page)
    found = image_metadata.read(saved_png(page))
    assert found.settings == script.calls[-1]["settings"]
    assert (found.network, found.recognizable, found.masked, found.photo_share) == ("fake", 50, False, 0)
    assert found.content == sample(samples.DEFAULT_PHOTO)
    assert found.styles == (sample(samples.DEFAULT_STYLE), sample("great-swell"))
    assert found.style_weights == (50, 50)


def test_how_much_of_the_photo_shows_through_is_said_too(page: AppTest) -> None:
    entry(page, "quality").set_value("instant").run()
    start(page)
    finish(page)
    entry(page, "photo-share").set_value(30).run()
    assert image_metadata.read(saved_png(page)).photo_share == 30


def test_a_picture_that_was_stopped_says_where(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    page.session_state["run"].job.stop()
    finish(page)
    file = saved_png(page)
    assert image_metadata.read(file).ended_at == page.session_state["run"].job.progress.snapshot.step
    drop(page, file)
    assert "The original was stopped at iteration" in noted(page)


def test_of_a_persons_own_pictures_only_the_hash_is_said(page: AppTest) -> None:
    own = picture_file((200, 10, 30))
    upload(page, "photo", "my-secret-holiday.png", own)
    entry(page, "quality").set_value("instant").run()
    start(page)
    finish(page)
    file = saved_png(page)
    assert b"holiday" not in file
    assert image_metadata.read(file).content == InputImage.of(own, "Your photo")


def test_own_styles_are_told_apart_without_their_names(page: AppTest) -> None:
    for shade in (1, 2):
        upload(page, "style", f"secret-{shade}.png", picture_file((shade, 9, 9)))
    first = page.session_state["style-own"][0].token
    entry(page, "mix").set_value([first]).run()
    entry(page, "quality").set_value("instant").run()
    start(page)
    finish(page)
    assert [style.name for style in image_metadata.read(saved_png(page)).styles] == ["Your style", "Your style 2"]


def test_recipe_can_be_left_out_of_saved_pictures(page: AppTest) -> None:
    entry(page, "quality").set_value("instant").run()
    start(page)
    finish(page)
    page.session_state["take-home"] = True  # what a click on the drawer does
    page.run()
    box = next(each for each in page.checkbox if each.label == "Save the settings in the file")
    assert box.value
    assert b"nst-recipe" in saved_png(page)
    box.set_value(False).run()
    assert b"nst-recipe" not in saved_png(page) and b"nst-studio" not in saved_png(page)
    next(each for each in page.checkbox if each.label == box.label).set_value(True).run()
    assert b"nst-recipe" in saved_png(page)


# Out of pictures


@pytest.mark.parametrize("format", ["png", "jpeg", "webp", "avif"])
def test_a_picture_brings_its_settings_and_sample_pictures(
    page: AppTest, script: fake_engine.Script, format: str
) -> None:
    settings = OptimizeSettings(
        strength=35, steps=90, size=384, colors="matched", color_amount=40, style_scale=2, tv_weight=7.5, init="noise",
        optimizer="adam", learning_rate=0.05, style_layers="block1_conv1:0.5,block3_conv1", seed=4, network="lite",
    )  # fmt: skip
    given = Recipe(
        settings=settings,
        content=sample("landscape"),
        styles=(sample("great-swell"), sample("iris-pond")),
        style_weights=(20, 60),
        recognizable=75,
    )
    drop(page, image_metadata.encode(gradient(), format, given), f"found.{format}")
    assert not page.error
    assert "**Mountain lake** in the style of **Great Swell** and **Iris Pond**." in noted(page)
    assert entry(page, "photo").value == "landscape" and entry(page, "style").value == "great-swell"
    assert entry(page, "mix").value == ["iris-pond"]
    call = asked(page, script)
    assert call["settings"] == settings
    assert [Path(style).stem for style in call["style"]] == ["great-swell", "iris-pond"]
    assert call["style_weights"] == [20, 60]
    assert page.session_state["run"].request.face_protection == 75


def test_an_instant_picture_makes_the_page_instant(page: AppTest) -> None:
    settings = FastSettings(strength=45, size=640, style_scale=0.5)
    drop_recipe(page, Recipe(settings=settings, content=sample("coffee"), styles=(sample("great-swell"),)))
    assert entry(page, "quality").value == "instant"
    start(page)
    finish(page)
    assert page.session_state["run"].request.settings == settings
    assert page.session_state["run"].request.face_protection is None


@pytest.mark.parametrize("name", ["gatys-2016", "tf-tutorial"])
def test_a_published_recipe_is_recognized(page: AppTest, name: str) -> None:
    drop_recipe(page, Recipe(settings=PRESETS[name]))
    assert entry(page, "recipe").value == name
    assert page.session_state["quality"] is None


@pytest.mark.parametrize("name", ["draft", "balanced", "best"])
def test_our_qualities_are_recognized(page: AppTest, name: str) -> None:
    drop_recipe(page, Recipe(settings=form.preset(name)))
    assert entry(page, "quality").value == name


def test_unavailable_values_become_the_nearest_with_a_message(page: AppTest, script: fake_engine.Script) -> None:
    drop_recipe(page, Recipe(settings=OptimizeSettings(size=4096, steps=5000, style_scale=1.5, init="noise")))
    said = noted(page).replace("\\", "")
    assert "Picture size: 1024 px is used instead of 4096 px" in said
    assert "Iterations: 1000 is used instead of 5000" in said
    assert "Brush size: 1.414 is used instead of 1.5, which" in said
    settings = asked(page, script)["settings"]
    assert (settings.size, settings.steps, settings.style_scale) == (1024, 1000, 2**0.5)


def test_a_place_that_is_found_in_photos_comes_with_the_settings(page: AppTest, sights: Sights) -> None:
    sights.parts = {"sky": box(0, 0, 1, 0.4)}
    place = RecipeRegion(name="sky", feather=25, outside_strength=30, outside_style=sample("iris-pond"))
    given = Recipe(settings=OptimizeSettings(), styles=(sample("great-swell"),), masked=True, region=place)
    drop_recipe(page, given)
    assert entry(page, "place").value == "sky"
    assert "Where to paint" not in noted(page)
    start(page)
    area = page.session_state["run"].request.region
    assert (area.name, area.outside_strength, area.outside_style.token) == ("the sky", 30, "iris-pond")
    assert area.feather == 10  # the most that the page has
    page.session_state["run"].job.stop()
    drop_recipe(page, replace(given, masked=False, region=None))
    assert entry(page, "place").value == "everywhere"


def test_a_link_says_where_to_paint_but_no_mask_of_one_s_own(page: AppTest, sights: Sights) -> None:
    sights.parts = {"subject": box(0.1, 0.1, 0.6, 0.9)}
    entry(page, "place").set_value("subject").run()
    entry(page, "rest").set_value("same").run()
    entry(page, "soft-edge").set_value(4.5).run()
    query = parse_qs(text(page).partition("?")[2], strict_parsing=True)
    assert not [each for each in page.caption if "The painted region is not included" in each.value]
    other = visit(query)
    assert entry(other, "place").value == "subject"
    assert (entry(other, "rest").value, entry(other, "rest-strength").value) == ("same", 40)
    assert entry(other, "soft-edge").value == 4.5
    assert text(other) == text(page)
    page.button(key="correct").click().run()  # what was found, to go on with by hand
    assert "place=" not in text(page)
    assert [each for each in page.caption if "The painted region is not included" in each.value]


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"content": InputImage("beach.jpg", "1" * 32)}, "Missing: **beach.jpg**"),
        ({"content": InputImage("beach.jpg", "1" * 32), "styles": (InputImage("me.png", "2" * 32),)}, "**me.png**"),
        ({"masked": True}, "Where to paint"),
        ({"photo_share": 20.0}, "blended with 20% of the photo"),
        ({"settings": OptimizeSettings(init="image")}, "The original started from another picture"),
        ({"network": "vgg19"}, "used the network vgg19, which is not available here"),
        ({"settings": FastSettings(network="magenta")}, "Network: fast is used instead of magenta"),
        ({"settings": FastSettings(size=None)}, "used instead of the photo's own"),
    ],
)
def test_missing_inputs_of_a_recipe_are_listed(page: AppTest, entries: dict, said: str) -> None:
    before = entry(page, "photo").value, entry(page, "style").value
    drop_recipe(page, Recipe(**{"settings": OptimizeSettings(), **entries}))
    assert said in noted(page).replace("\\", "")
    assert (entry(page, "photo").value, entry(page, "style").value) == before


def test_a_picture_of_the_persons_own_is_found_again(page: AppTest) -> None:
    own = picture_file((200, 10, 30))
    upload(page, "photo", "beach.png", own)
    token = entry(page, "photo").value
    entry(page, "photo").set_value("coffee").run()
    drop_recipe(page, Recipe(settings=OptimizeSettings(), content=InputImage.of(own, "beach.png")))
    assert entry(page, "photo").value == token
    assert "Missing" not in noted(page)


def test_the_note_goes_once_it_is_read(page: AppTest) -> None:
    drop_recipe(page, Recipe(settings=OptimizeSettings()))
    assert noted(page)
    page.button(key="settings-noted").click().run()
    assert not noted(page) and not page.exception


def test_a_picture_without_settings_is_explained_and_changes_nothing(page: AppTest) -> None:
    before = page.session_state["setting-strength"]
    drop(page, saved(Image.fromarray(gradient()), "JPEG"), "holiday.jpg")
    (error,) = page.error
    assert "'holiday.jpg' contains no settings" in error.value.replace("\\", "")
    assert page.session_state["setting-strength"] == before
    drop(page, b"no picture at all", "x.png")
    assert "it is not a picture" in page.error[0].value.replace("\\", "")
    drop_recipe(page, Recipe(settings=OptimizeSettings(strength=11)))
    assert not page.error
    assert page.session_state["setting-strength"] == 11


HOSTILE = "![x](http://evil.example/x.png) [free](https://evil.example) <b onclick=x> :red[y] $z$ **w** `v`"


def test_nothing_of_strangers_is_shown_as_anything_but_text(page: AppTest) -> None:
    named = InputImage(re.sub(r"[/\\]", "", HOSTILE)[:80], "1" * 32)
    drop_recipe(page, Recipe(settings=OptimizeSettings(), content=named, styles=(named,)))
    info = PngInfo()
    entries = {"nst-recipe": 1, "engine": "optimize", "settings": {HOSTILE[:30]: 1}}
    info.add_itxt("nst-recipe", json.dumps(entries))
    before = noted(page)
    drop(page, saved(Image.fromarray(gradient()), "PNG", pnginfo=info), HOSTILE.replace("/", "") + ".png")
    for shown in (before, page.error[0].value):
        bare = re.sub(r"\\.", "", shown)  # what is left once all that is escaped is gone
        assert not re.search(r"[!\[\]<$`]|:\w+\[", bare), bare
        assert not re.search(r"https?:|https?\.|www\.", re.sub(r"\\", "", shown))


# As text


def test_the_link_brings_another_visitor_to_the_same(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "photo").set_value("coffee").run()
    entry(page, "mix").set_value(["iris-pond"]).run()
    entry(page, "setting-strength").set_value(35.0).run()
    entry(page, "keep-faces").set_value(False).run()
    query = parse_qs(text(page).partition("?")[2], strict_parsing=True)
    other = visit(query)
    assert "Settings loaded from the link" in noted(other)
    assert text(other) == text(page)
    call = asked(other, script)
    assert call["settings"] == replace(form.preset("balanced"), strength=35)
    assert Path(call["content"]).stem == "coffee"
    assert [Path(style).stem for style in call["style"]] == [samples.DEFAULT_STYLE, "iris-pond"]
    assert other.session_state["run"].request.face_protection is None


def test_a_link_with_nonsense_is_explained_and_the_page_is_as_ever(script: fake_engine.Script) -> None:
    page = visit({"recipe": "optimize", "set-strength": "700", "photo": "coffee"})
    (error,) = page.error
    assert "Cannot use the settings in this link" in error.value and "between 0 and 100" in error.value
    assert entry(page, "photo").value == samples.DEFAULT_PHOTO
    assert page.session_state["setting-strength"] == PRESETS["balanced"].strength


def test_other_parameters_of_an_address_are_nothing_to_the_page(script: fake_engine.Script) -> None:
    page = visit({"utm_source": "mail", "photo": "coffee"})
    assert not page.error and not page.info
    assert entry(page, "photo").value == samples.DEFAULT_PHOTO


def test_an_address_that_leads_back_to_a_run_brings_that_alone(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    token = page.session_state["run"].job.token
    other = visit({"recipe": "optimize", "set-strength": "35", "run": token})
    assert not other.info
    assert other.session_state["run"].job.token == token
    assert other.session_state["setting-strength"] == PRESETS["balanced"].strength


def test_a_link_counts_once_and_not_against_what_a_person_does_then(script: fake_engine.Script) -> None:
    page = visit({"recipe": "optimize", "set-strength": "35"})
    assert page.session_state["setting-strength"] == 35
    entry(page, "setting-strength").set_value(60.0).run()
    page.run()
    assert page.session_state["setting-strength"] == 60


def test_own_pictures_are_not_in_the_link_and_that_is_said(page: AppTest) -> None:
    assert not [each for each in page.caption if "your own pictures" in each.value]
    upload(page, "photo", "beach.png", picture_file((1, 2, 3)))
    assert "photo=" not in text(page)
    assert [each for each in page.caption if "The link does not include your own pictures" in each.value]


def test_the_command_line_and_python_ask_for_the_same(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-strength").set_value(35.0).run()
    command = shlex.split(copy_as(page, "Command line"))
    program = copy_as(page, "Python")
    settings = asked(page, script)["settings"]
    args = build_parser().parse_args(command[1:])
    assert flags.settings(args) == settings
    assert (args.content, args.styles) == ("harbor-town.jpg", ["night-over-the-bay.jpg"])
    assert "strength=35.0" in program and '"harbor-town.jpg", "night-over-the-bay.jpg"' in program
    compile(program, "copied", "exec")
