"""The contact sheet on the page: asked for, painted in the background, chosen from."""

import secrets

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nst.engines.variations import variants
from nst.errors import ModelError
from nst.settings.engines import FastSettings, OptimizeSettings
from nst.ui.actions import start
from nst.ui.inputs import form
from nst.ui.server import sessions
from tests.support import fake_engine
from tests.support.studio_page import APP, PATIENCE, entry, finish, read, start_and_hold

pytestmark = pytest.mark.slow


def ask(page: AppTest) -> None:
    """Ask for the looks, and wait until all are there."""
    page.button(key="show-looks").click().run()
    assert not page.exception
    assert page.session_state["variations"].job.ended.wait(PATIENCE)
    page.run()
    assert not page.exception


def looks(page: AppTest) -> dict[str, object]:
    """Buttons of the sheet by their key."""
    return {button.key: button for button in page.button if str(button.key).startswith("look-")}


def test_nothing_is_tried_before_it_is_asked_for(page: AppTest, script: fake_engine.Script) -> None:
    assert not looks(page)
    assert not script.calls


def test_there_are_looks_in_two_kinds_of_colors_with_their_names(page: AppTest) -> None:
    ask(page)
    found = looks(page)
    assert len(found) == 18
    assert all(not button.disabled for button in found.values())
    label = found["look-photo-0.5-2"].label
    assert label.startswith("![In the colors of your photo](data:image/jpeg;base64,")
    assert label.endswith(" Gentle, bold brush")
    assert len({button.label for button in found.values()}) == 18


def test_they_are_painted_in_one_go_and_small(page: AppTest, script: fake_engine.Script) -> None:
    ask(page)
    asked = [call["settings"] for call in script.calls]
    assert asked == [each.trial for each in variants(form.preset("balanced"))]
    assert {type(settings) for settings in asked} == {FastSettings}


def paint_so_many(page: AppTest, script: fake_engine.Script, count: int) -> None:
    """Ask for the looks, and hold the one after the first `count` of them."""
    script.hold_fast = True
    page.button(key="show-looks").click().run()
    job = page.session_state["variations"].job
    for number in range(count + 1):
        assert script.held.wait(PATIENCE)
        if number < count:
            script.held.clear()
            script.calls[number]["steered_by"].resume()
    assert not job.ended.is_set()
    page.run()
    assert not page.exception


def test_while_they_come_those_that_are_not_there_wait(page: AppTest, script: fake_engine.Script) -> None:
    paint_so_many(page, script, 2)
    assert [button.disabled for button in looks(page).values()] == [False] * 2 + [True] * 16
    assert any(text.value.startswith("2 of 18 variations are painted. ") for text in page.markdown)
    script.release()


def test_one_is_chosen_before_all_are_there(page: AppTest, script: fake_engine.Script) -> None:
    paint_so_many(page, script, 1)
    sheet = page.session_state["variations"]
    page.button(key="look-style-0.5-0.5").click().run()
    assert not page.exception
    script.calls[1]["steered_by"].resume()
    assert sheet.job.ended.wait(PATIENCE)
    assert len(sheet.pictures) == 2  # nobody waits for those that had not begun
    assert page.session_state["run"].request.settings.strength == 40
    assert entry(page, "setting-strength").value == 40
    assert not looks(page)


def test_a_click_takes_its_settings_and_starts(page: AppTest, script: fake_engine.Script) -> None:
    ask(page)
    page.button(key="look-photo-0.75-0.5").click().run()
    assert not page.exception
    assert entry(page, "look-colors").value == "photo"
    assert entry(page, "look-style_scale").value == 0.5
    assert entry(page, "setting-strength").value == 60
    assert script.held.wait(PATIENCE)
    wanted = OptimizeSettings(colors="photo", style_scale=0.5, strength=60, init="fast")
    assert script.calls[-1]["settings"] == wanted
    assert page.session_state["run"].request.settings == wanted
    assert not looks(page)


def test_instant_pictures_have_looks_of_their_own(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "quality").set_value("instant").run()
    ask(page)
    page.button(key="look-style-0.5-2").click().run()
    finish(page)
    assert script.calls[-1]["settings"] == FastSettings(strength=50, style_scale=2)
    assert entry(page, "quality").value == "instant"
    assert entry(page, "instant-strength").value == 50


def test_the_same_pictures_are_not_tried_twice_but_others_are(page: AppTest, script: fake_engine.Script) -> None:
    ask(page)
    page.session_state["variations-open"] = False  # as if it was closed
    entry(page, "setting-strength").set_value(30.0).run()
    ask(page)
    assert len(script.calls) == 18
    page.session_state["variations-open"] = False
    entry(page, "style").set_value("poppy-meadow").run()
    ask(page)
    assert len(script.calls) == 36


@pytest.mark.parametrize("at_once", [False, True])
def test_one_that_was_left_unfinished_begins_anew(page: AppTest, script: fake_engine.Script, at_once: bool) -> None:
    paint_so_many(page, script, 0)
    left = page.session_state["variations"].job
    left.stop()  # as it is when the sheet is closed
    page.session_state["variations-open"] = False
    if at_once:
        page.button(key="show-looks").click().run()  # while its last look is still being painted
        assert page.session_state["variations"].job is not left
    script.release()
    assert left.ended.wait(PATIENCE)
    ask(page)
    assert len(script.calls) == 1 + 18
    assert not any(button.disabled for button in looks(page).values())


def test_errors_are_shown_in_the_sheet(page: AppTest, script: fake_engine.Script) -> None:
    script.error = ModelError("The network fell asleep. Wake it.")
    ask(page)
    assert [read(error.value) for error in page.error] == ["The network fell asleep. Wake it."]
    assert all(button.disabled for button in looks(page).values())
    page.session_state["variations-open"], script.error = False, None
    ask(page)  # it is tried again
    assert not any(button.disabled for button in looks(page).values())


def test_published_recipes_have_no_strength_to_try(page: AppTest) -> None:
    entry(page, "recipe").set_value("tf-tutorial").run()
    assert "show-looks" not in {button.key for button in page.button}


def test_it_gives_way_to_a_run(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    assert "show-looks" not in {button.key for button in page.button}


def test_others_do_not_wait_for_all_of_it(
    page: AppTest, script: fake_engine.Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "current", lambda: st.session_state.setdefault("who", secrets.token_hex(4)))
    monkeypatch.setattr(start, "INSTANT_PATIENCE", 0.0)
    script.hold_fast = True
    page.button(key="show-looks").click().run()
    assert script.held.wait(PATIENCE)
    other = AppTest.from_file(str(APP), default_timeout=60).run()
    entry(other, "quality").set_value("instant").run()
    entry(other, "instant-strength").set_value(33.0).run()  # which none of the looks has
    other.button(key="start").click().run()
    assert not other.exception
    wanted = other.session_state["run"].request.settings
    script.release()
    finish(other)
    assert page.session_state["variations"].job.ended.wait(PATIENCE)
    assert [call["settings"] == wanted for call in script.calls] == [False, True, *[False] * 17]
    page.run()
    assert not page.exception
    assert not any(button.disabled for button in looks(page).values())
