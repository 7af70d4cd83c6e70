"""The page without a browser: what it shows, and what it asks of the engine."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nst.errors import Diverged
from nst.images import io as images
from nst.images import samples
from nst.jobs.job import NO_MEMORY
from nst.jobs.queue import BUG
from nst.settings.engines import OptimizeSettings
from nst.settings.presets import PRESETS
from nst.ui.inputs import form
from nst.ui.server import resources as server
from tests.support import fake_engine
from tests.support.studio_page import (
    APP,
    PATIENCE,
    Others,
    aspect,
    default_photo,
    downloads,
    entries,
    entry,
    finish,
    in_the_browser,
    labels,
    picture_file,
    read,
    result_view,
    start,
    start_and_hold,
    upload,
)


def test_a_first_visit_has_a_pair_chosen_and_shows_the_photo(page: AppTest) -> None:
    assert entry(page, "photo").value == samples.DEFAULT_PHOTO
    assert entry(page, "style").value == samples.DEFAULT_STYLE
    assert aspect(result_view(page)) == pytest.approx(aspect(default_photo()), rel=0.01)
    assert page.button(key="start").label == "Start painting"
    assert not page.error


def test_start_at_once_paints_the_chosen_pair_with_the_default_settings(
    page: AppTest, script: fake_engine.Script
) -> None:
    start_and_hold(page, script)
    asked = script.calls[-1]
    assert Path(asked["content"]).stem == samples.DEFAULT_PHOTO
    assert Path(asked["style"]).stem == samples.DEFAULT_STYLE
    assert asked["settings"] == form.preset("balanced")
    draft = page.session_state["run"].draft
    assert np.array_equal(asked["init_image"], draft.image)  # there is a picture at once, and the run starts from it


def test_the_photo_waits_on_the_easel_until_the_first_frame(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-init").set_value("content").run()
    before = result_view(page)
    script.hold_before = 1
    start_and_hold(page, script)
    assert np.array_equal(result_view(page), before)
    assert page.progress[0].text == "Getting ready…"
    assert "start" not in {button.key for button in page.button}


def test_a_live_frame_is_the_latest_snapshot_in_the_shape_of_the_photo(
    page: AppTest, script: fake_engine.Script
) -> None:
    start_and_hold(page, script)
    frame = result_view(page)
    assert aspect(frame) == pytest.approx(aspect(default_photo()), rel=0.05)
    latest = page.session_state["run"].job.progress.snapshot
    assert latest.step == 2
    assert np.abs(frame.mean((0, 1)) - latest.image.mean((0, 1))).max() < 4
    assert page.progress[0].text == "Iteration 2 of 100 · less than a second so far · about 10 seconds left"
    assert page.get("vega_lite_chart")


def test_stop_keeps_the_picture_and_offers_it(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    assert not downloads(page)
    page.button(key="stop").click().run()
    finish(page)
    assert script.closed.is_set()
    assert downloads(page) == ["Save picture"]
    assert any("3 of 100 iterations" in text.value for text in page.markdown)
    assert page.button(key="start").label == "Start painting"


def test_the_result_is_on_the_easel_at_full_size(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "quality").set_value("draft").run()
    script.hold_before = None
    start(page)
    finish(page)
    assert max(result_view(page).shape) == PRESETS["draft"].size
    assert any("iterations · Built-in network" in read(text.value) for text in page.markdown)


def test_a_photo_chosen_afterwards_goes_on_the_easel_and_the_result_is_kept(
    page: AppTest, script: fake_engine.Script
) -> None:
    script.hold_before = None
    start(page)
    finish(page)
    entry(page, "photo").set_value("cat").run()
    cat = images.read(next(sample for sample in samples.photos() if sample.slug == "cat").source()).rgb
    assert aspect(result_view(page)) == pytest.approx(aspect(cat), rel=0.01)
    assert len(page.image) == 1
    assert downloads(page) == ["Save picture"]


def test_a_message_of_the_engine_is_shown_verbatim_beside_the_last_good_picture(
    page: AppTest, script: fake_engine.Script
) -> None:
    entry(page, "setting-init").set_value("content").run()  # a draft would meet the error first
    script.hold_before, script.error_at, script.error = None, 3, Diverged("The picture fell apart. Lower the strength.")
    start(page)
    finish(page)
    assert [read(error.value) for error in page.error] == ["The picture fell apart. Lower the strength."]
    assert downloads(page)
    assert page.button(key="start")


@pytest.mark.parametrize("error", [MemoryError(), ImportError("libtensorflow.so.2: failed to map segment")])
def test_a_lack_of_memory_is_told_in_one_message(page: AppTest, script: fake_engine.Script, error: Exception) -> None:
    script.hold_before, script.error = None, error
    start(page)
    finish(page)
    assert [read(error.value) for error in page.error] == [NO_MEMORY]
    assert page.button(key="start")


def test_a_bug_is_told_in_plain_words(page: AppTest, script: fake_engine.Script) -> None:
    script.hold_before, script.error = None, RuntimeError("tensor 0x7f is on fire")
    start(page)
    finish(page)
    assert [read(error.value) for error in page.error] == [BUG]


def test_an_upload_is_added_to_the_gallery_and_painted(page: AppTest, script: fake_engine.Script) -> None:
    red, blue = picture_file((200, 20, 20)), picture_file((20, 20, 200))
    upload(page, "photo", "holiday.png", red)
    upload(page, "style", "canvas.png", blue)
    assert result_view(page).mean((0, 1)) == pytest.approx([200, 20, 20], abs=4)
    start_and_hold(page, script)
    assert (script.calls[-1]["content"], script.calls[-1]["style"]) == (red, blue)


def test_a_bad_upload_is_explained_and_loses_nothing(page: AppTest) -> None:
    entry(page, "photo").set_value("cat").run()
    entry(page, "style").set_value("great-swell").run()
    upload(page, "photo", "letter.png", b"Dear Sir or Madam")
    assert (
        len(page.error) == 1
        and "'letter.png'" in read(page.error[0].value)
        and "not a picture" in read(page.error[0].value)
    )
    assert (entry(page, "photo").value, entry(page, "style").value) == ("cat", "great-swell")
    upload(page, "photo", "good.png", picture_file((1, 2, 3)))
    assert not page.error


def test_uploads_are_called_by_their_file_names(page: AppTest) -> None:
    upload(page, "photo", "letter.png", b"Dear Sir or Madam")
    for shade in range(2):
        upload(page, "photo", "my.holiday.png", picture_file((shade, 0, 0)))
    assert [each.name for each in page.session_state["photo-own"]] == ["my.holiday.png", "my.holiday (2).png"]


def test_only_the_latest_uploads_are_kept(page: AppTest) -> None:
    for shade in range(5):
        upload(page, "photo", "many.png", picture_file((shade, 0, 0)))
    assert len(page.session_state["photo-own"]) == 3
    assert entry(page, "photo").value == page.session_state["photo-own"][-1].token


@pytest.mark.parametrize("quality", ["draft", "best"])
def test_a_quality_is_its_preset(page: AppTest, script: fake_engine.Script, quality: str) -> None:
    entry(page, "quality").set_value(quality).run()
    start_and_hold(page, script)
    assert script.calls[-1]["settings"] == form.preset(quality)


def test_the_quality_follows_the_sliders(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-steps").set_value(250).run()
    assert entry(page, "quality").value is None
    entry(page, "setting-steps").set_value(PRESETS["balanced"].steps).run()
    assert entry(page, "quality").value == "balanced"
    entry(page, "setting-strength").set_value(85.0).run()
    entry(page, "setting-size").set_value(320).run()
    start_and_hold(page, script)
    assert script.calls[-1]["settings"] == OptimizeSettings(strength=85, size=320, init="fast")


def test_a_browser_that_has_not_heard_of_a_change_takes_nothing_back(page: AppTest, script: fake_engine.Script) -> None:
    browser = in_the_browser(page)
    entry(browser, "quality").set_value("draft").run()
    browser.button(key="start").click().run()
    assert script.held.wait(PATIENCE)
    assert script.calls[-1]["settings"] == form.preset("draft")
    assert entry(page, "quality").value == "draft"


def test_a_browser_that_comes_back_to_another_session_speaks_of_widgets_that_are_gone(page: AppTest) -> None:
    entry(page, "photo").set_value("cat").run()
    later = AppTest.from_file(str(APP), default_timeout=60)
    later._run(in_the_browser(page).get_widget_states())
    assert entry(later, "photo").value == later.session_state["photo"] == samples.DEFAULT_PHOTO


def test_a_slider_that_is_gone_says_nothing_of_the_quality(page: AppTest) -> None:
    browser = in_the_browser(page)
    entry(browser, "quality").set_value("instant").run()
    browser.run()
    assert entry(page, "quality").value == "instant"


def test_iterations_are_those_that_were_asked_for_last(page: AppTest, script: fake_engine.Script) -> None:
    browser = in_the_browser(page)
    entry(browser, "setting-steps").set_value(250).run()
    browser.button(key="start").click().run()
    assert script.held.wait(PATIENCE)
    assert script.calls[-1]["settings"] == replace(form.preset("balanced"), steps=250)
    assert entry(page, "quality").value is None


def test_an_upload_stays_chosen_when_a_browser_has_not_heard_of_it(page: AppTest) -> None:
    browser = in_the_browser(page)
    upload(page, "photo", "red.png", picture_file((255, 0, 0)))
    browser.run()
    assert entry(page, "photo").value == page.session_state["photo-own"][0].token


def test_a_widget_goes_on_where_nothing_but_the_person_has_changed_it(page: AppTest) -> None:
    first = entry(page, "setting-strength").key
    entry(page, "setting-strength").set_value(35.0).run()
    entry(page, "quality").set_value("draft").run()
    assert (entry(page, "setting-strength").key, entry(page, "setting-strength").value) == (first, 35)


@pytest.mark.parametrize("recipe", ["gatys-2016", "tf-tutorial", "half-sum"])
def test_a_published_recipe_reaches_the_engine_as_it_is(page: AppTest, script: fake_engine.Script, recipe: str) -> None:
    entry(page, "recipe").set_value(recipe).run()
    assert not page.exception
    assert "Style strength" not in labels(page)
    assert {"Content weight", "Style weight"} <= labels(page)
    start_and_hold(page, script)
    assert script.calls[-1]["settings"] == PRESETS[recipe]


def test_a_published_recipe_stays_whatever_else_is_changed(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "recipe").set_value("tf-tutorial").run()
    entry(page, "photo").set_value("cat").run()
    entry(page, "style").set_value("great-swell").run()
    start_and_hold(page, script)
    assert script.calls[-1]["settings"] == PRESETS["tf-tutorial"]


def test_strength_comes_back_with_our_own_recipe(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "recipe").set_value("tf-tutorial").run()
    entry(page, "recipe").set_value("NST Studio").run()
    assert "Style strength" in labels(page)
    assert not {"Content weight", "Style weight", "Epsilon"} & labels(page)
    start_and_hold(page, script)
    assert script.calls[-1]["settings"] == form.preset("balanced")


def test_raw_weights_take_the_place_of_strength(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-raw").set_value(True).run()
    assert "Style strength" not in labels(page)
    entry(page, "setting-style_weight").set_value(500.0).run()
    start_and_hold(page, script)
    asked = script.calls[-1]["settings"]
    assert (asked.strength, asked.content_weight, asked.style_weight) == (None, 1.0, 500.0)


def test_the_page_names_the_network_in_use(page: AppTest, script: fake_engine.Script) -> None:
    assert any(read(text.value) == "auto currently uses the built-in network." for text in page.caption)
    entry(page, "setting-network").set_value("vgg19").run()
    assert not any("auto currently" in text.value for text in page.caption)
    entry(page, "setting-network").set_value("auto").run()
    script.hold_before = None
    start(page)
    finish(page)
    assert any("iterations · Built-in network" in read(text.value) for text in page.markdown)


def test_layers_are_chosen_with_weights(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-network").set_value("lite").run()
    entry(page, "setting-style_layers").set_value(["block1_conv1", "block3_conv1"]).run()
    entry(page, "setting-style_layers-block3_conv1").set_value(0.5).run()
    start_and_hold(page, script)
    assert script.calls[-1]["settings"].style_layers == (("block1_conv1", 1.0), ("block3_conv1", 0.5))
    assert script.calls[-1]["settings"].content_layers is None


def test_layers_that_another_network_lacks_are_let_go(page: AppTest) -> None:
    entry(page, "setting-network").set_value("vgg19").run()
    entry(page, "setting-content_layers").set_value(["block5_conv2", "block4_conv1"]).run()
    entry(page, "setting-network").set_value("lite").run()
    assert entry(page, "setting-content_layers").value == ["block4_conv1"]


def test_a_third_picture_can_be_the_start(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-init").set_value("image").run()
    third = picture_file((0, 99, 0))
    page.file_uploader(key="init-upload").upload("third.png", third, "image/png").run()
    page.session_state["advanced"] = False  # the file is not lost when the expander is closed
    page.run()
    start_and_hold(page, script)
    assert script.calls[-1]["init_image"] == third


def test_advanced_settings_are_drawn_when_they_are_opened(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-min_improvement").set_value(0.5).run()
    page.session_state["advanced"] = False
    page.run()
    assert not {"recipe", "setting-optimizer"} & dict(entries(page)).keys()
    start_and_hold(page, script)
    assert script.calls[-1]["settings"].min_improvement == 0.5
    page.session_state["advanced"] = True
    page.run()
    assert entry(page, "setting-min_improvement").value == 0.5


def test_adams_settings_are_shown_where_adam_is(page: AppTest, script: fake_engine.Script) -> None:
    assert "Learning rate" not in labels(page)
    entry(page, "setting-optimizer").set_value("adam").run()
    entry(page, "setting-learning_rate").set_value(0.05).run()
    start_and_hold(page, script)
    assert script.calls[-1]["settings"] == OptimizeSettings(optimizer="adam", learning_rate=0.05, init="fast")


def test_a_run_that_ends_early_by_itself_is_a_result(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-min_improvement").set_value(0.5).run()
    script.ends_at, script.note, script.hold_before = 4, "There was little more to gain.", None
    start(page)
    finish(page)
    assert script.calls[-1]["settings"].min_improvement == 0.5
    (facts,) = (text for text in page.markdown if "4 of 100 iterations" in text.value)
    assert script.note in read(facts.value)
    assert downloads(page)


def test_settings_that_make_no_sense_are_told_and_start_nothing(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-style_layers").set_value(["block1_conv1"]).run()
    entry(page, "setting-style_layers-block1_conv1").set_value(0.0).run()
    start(page)
    assert "at least one layer a weight above 0" in read(page.error[0].value)
    assert not script.calls
    entry(page, "setting-style_layers-block1_conv1").set_value(1.0).run()
    start_and_hold(page, script)
    assert not page.error


def test_position_in_the_queue_is_shown(page: AppTest, script: fake_engine.Script) -> None:
    others = Others(server.jobs(), 2)
    start(page)
    assert page.progress[0].text in {
        "Other pictures are being painted. You are number 2 in line.",
        "Another picture is being painted. You are next.",
    }
    assert not [caption for caption in page.caption if "at any time" in caption.value]  # there is nothing to follow yet
    others.let_go()
    assert script.held.wait(PATIENCE)


def test_a_full_studio_says_so(page: AppTest) -> None:
    jobs = server.jobs()
    others = Others(jobs, 1)
    started = threading.Event()
    while others.jobs[0].waiting:
        assert not started.wait(0.01)
    for number in range(8):
        jobs.submit(f"waiting {number}", lambda control, resume: iter(()), payload=None)
    start(page)
    assert "The studio is busy" in read(page.error[0].value)
    others.let_go()


def test_the_first_paint_does_not_wait_for_tensorflow() -> None:
    code = f"""
import sys
from streamlit.testing.v1 import AppTest
from nst.ui.server.background import Background
Background.begin = lambda self: None
page = AppTest.from_file({str(APP)!r}, default_timeout=60).run()
assert not page.exception
print([name for name in ("tensorflow", "keras", "skimage", "h5py") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=APP.parent)
    assert run.stdout.strip() == "[]"
