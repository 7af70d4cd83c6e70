"""Runs on the page: pausing, changing settings, restoring, waiting in the queue."""

import re
import secrets
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nst.images import io as images
from nst.jobs.limits import Limits
from nst.jobs.queue import Job, State
from nst.system import cache_folder
from nst.ui.actions import request_recipe
from nst.ui.inputs import region_picker
from nst.ui.server import resources as server
from nst.ui.server import sessions
from nst.ui.state.page_mask import PageMask
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import RegionRequest
from tests.support import fake_engine
from tests.support.fake_mask_finder import Sights, box
from tests.support.studio_page import (
    APP,
    PATIENCE,
    Others,
    entry,
    finish,
    picture_file,
    read,
    result_view,
    start,
    start_and_hold,
    upload,
)


def job(page: AppTest) -> Job:
    found: Job = page.session_state["run"].job
    return found


def buttons(page: AppTest) -> list[str]:
    names = {"start", "pause", "resume", "stop"}
    return [button.label for button in page.button if button.key in names]


def pause(page: AppTest) -> None:
    page.button(key="pause").click().run()
    assert job(page).rests.wait(PATIENCE)
    page.run()
    assert not page.exception


def said(page: AppTest) -> str:
    """Return the texts beside the buttons and above the result view."""
    return " ".join([text.value for text in page.caption] + [bar.text for bar in page.progress])


def another_tab(token: str | None) -> AppTest:
    """The page at an address, in a session of its own."""
    page = AppTest.from_file(str(APP), default_timeout=60)
    if token is not None:
        page.query_params["run"] = token
    return page.run()


@pytest.fixture(autouse=True)
def own_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest gives all pages one session id."""
    monkeypatch.setattr(sessions, "current", lambda: st.session_state.setdefault("who", secrets.token_hex(4)))


# Pause and resume


def test_a_paused_picture_waits_and_goes_on_from_where_it_was(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    assert buttons(page) == ["Pause", "Stop here"]
    pause(page)
    assert job(page).progress.state is State.PAUSED
    assert buttons(page) == ["Resume", "Stop here"]
    assert "Paused at iteration 3 of 100." in said(page)
    script.hold_before = 6
    script.held.clear()
    page.button(key="resume").click().run()
    assert script.held.wait(PATIENCE)
    assert script.calls[-1]["resume"].step == 3
    page.run()
    assert buttons(page) == ["Pause", "Stop here"]
    assert "Iteration 5 of 100" in said(page)
    script.release()
    finish(page)
    assert job(page).progress.state is State.DONE


def test_a_paused_picture_can_be_kept_as_it_is(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    pause(page)
    page.button(key="stop").click().run()
    assert job(page).progress.state is State.STOPPED
    assert buttons(page) == ["Start painting"]
    assert any("3 of 100 iterations" in text.value for text in page.markdown)


def test_others_have_their_turn_while_a_picture_is_paused(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    others = Others(server.jobs(), 1)
    assert others.jobs[0].waiting
    pause(page)
    others.let_go()
    assert job(page).progress.state is State.PAUSED


def test_instant_runs_have_no_pause(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "look-colors").set_value("palette").run()
    others = Others(server.jobs(), 1)
    start(page)
    page.run()
    assert buttons(page) == ["Cancel"]
    page.button(key="stop").click().run()
    others.let_go()


def test_resume_on_a_full_server_gives_an_error_and_keeps_the_run(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    pause(page)
    first = Others(server.jobs(), 1)
    while first.jobs[0].waiting:
        assert not first.jobs[0].ended.wait(0.01)
    others = Others(server.jobs(), Limits().waiting)
    page.button(key="resume").click().run()
    assert "The studio is busy" in read(page.error[0].value)
    assert job(page).progress.state is State.PAUSED and buttons(page)[0] == "Resume"
    first.let_go()
    others.let_go()
    page.button(key="resume").click().run()
    assert not page.error
    script.release()


# The line


def test_waiting_visitors_see_the_expected_start(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)  # 98 steps are left, a tenth of a second each, and time passes
    second = another_tab(None)
    start(second)
    turn = r"Another picture is being painted. You are next. Yours starts in (a few|about 5|about 10) seconds\."
    assert re.search(turn, said(second))
    assert buttons(second) == ["Cancel"]
    second.button(key="stop").click().run()
    assert buttons(second) == ["Start painting"]
    assert any("Stopped before painting began" in text.value for text in second.markdown)


# Steering


def test_strength_can_be_turned_while_it_is_painted(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    assert "The picture follows" in said(page)
    assert "to the next picture" not in said(page)
    entry(page, "setting-strength").set_value(35.0).run()
    control = script.calls[-1]["control"]
    assert control.strength == 35
    assert not any(call["steered_by"].stopped for call in script.calls)  # no restart
    assert page.session_state["run"].request.settings.strength == 35
    assert "to the next picture" not in said(page)
    entry(page, "setting-steps").set_value(300).run()
    assert "Other changes apply to the next picture." in said(page)
    entry(page, "setting-strength").set_value(20.0).run()
    assert control.strength == 20


def test_nothing_is_told_to_a_run_before_a_dial_is_turned(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    page.run()
    control = script.calls[-1]["control"]
    assert control.strength is None and control.regions == {}


def test_the_rest_and_faces_are_dials_too(page: AppTest, script: fake_engine.Script, sights: Sights) -> None:
    sights.parts = {"subject": box(0.1, 0.1, 0.6, 0.9), "faces": box(0.2, 0.2, 0.4, 0.4)}
    entry(page, "place").set_value("subject").run()
    entry(page, "rest").set_value("same").run()
    start_and_hold(page, script)
    asked = [region.strength for region in script.calls[-1]["regions"]]
    assert asked == [40, None]  # the rest, the subject
    control = script.calls[-1]["control"]
    entry(page, "rest-strength").set_value(10).run()
    assert control.regions[0] == 10
    entry(page, "setting-strength").set_value(60.0).run()
    assert control.strength == 60 and control.regions == {0: 10}
    entry(page, "recognizable").set_value(90).run()
    assert control.recognizable == 90
    entry(page, "keep-faces").set_value(False).run()
    assert control.recognizable == 0
    assert "to the next picture" not in said(page)


def test_colors_can_be_turned_while_it_is_painted(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    assert "Change **Style strength** and **Colors** at any time" in said(page)
    entry(page, "look-colors").set_value("photo").run()
    control = script.calls[-1]["control"]
    assert (control.colors, control.color_amount) == ("photo", 100)
    entry(page, "look-color_amount").set_value(40.0).run()
    assert (control.colors, control.color_amount) == ("photo", 40)
    assert "to the next picture" not in said(page)
    entry(page, "look-colors").set_value("style").run()
    assert control.colors == "style"
    entry(page, "look-colors").set_value("matched").run()
    assert (control.colors, control.color_amount) == ("matched", 40)
    assert not script.calls[-1]["steered_by"].stopped and script.calls[-1]["settings"].colors == "style"  # no restart
    script.release()
    finish(page)
    settings = request_recipe.recipe_of(page.session_state["run"].request).settings
    assert (settings.colors, settings.color_amount) == ("matched", 40)


def test_colors_without_strokes_are_for_the_next_picture(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    entry(page, "look-colors").set_value("palette").run()
    control = script.calls[-1]["control"]
    assert control.colors is None and "Other changes apply to the next picture." in said(page)
    entry(page, "look-colors").set_value("photo").run()
    assert control.colors == "photo" and "to the next picture" not in said(page)


def test_the_colors_of_another_painting_are_for_the_next_picture(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "mix-colors").set_value("great-swell").run()
    start_and_hold(page, script)
    assert "Change **Style strength** at any time" in said(page)
    entry(page, "look-colors").set_value("photo").run()
    entry(page, "setting-strength").set_value(35.0).run()
    control = script.calls[-1]["control"]
    assert control.strength == 35 and control.colors in {None, "style"}
    assert page.session_state["run"].request.settings.colors == "style"
    assert "Other changes apply to the next picture." in said(page)


def test_raw_weights_cannot_be_turned_but_colors_can(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-raw").set_value(True).run()
    start_and_hold(page, script)
    assert "Change **Colors** at any time" in said(page)
    entry(page, "setting-style_weight").set_value(3.0).run()
    assert "Other changes apply to the next picture." in said(page)
    entry(page, "look-colors").set_value("photo").run()
    control = script.calls[-1]["control"]
    assert control.strength is None and control.colors == "photo"
    entry(page, "setting-raw").set_value(False).run()
    entry(page, "look-colors").set_value("matched").run()
    assert control.strength is None and control.colors == "matched"


def test_with_raw_weights_the_colors_of_another_painting_leave_nothing_to_turn(
    page: AppTest, script: fake_engine.Script
) -> None:
    entry(page, "setting-raw").set_value(True).run()
    entry(page, "mix-colors").set_value("great-swell").run()
    start_and_hold(page, script)
    assert "The picture follows" not in said(page)
    assert "Changes apply to the next picture." in said(page)


def test_settings_that_the_next_start_will_refuse_disturb_no_run(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    entry(page, "setting-content_layers").set_value(["block5_conv2"]).run()
    entry(page, "setting-content_layers-block5_conv2").set_value(0.0).run()
    assert not page.exception
    assert "Change **Style strength** and **Colors** at any time" in said(page)
    assert "Other changes apply to the next picture." in said(page)
    assert page.session_state["run"].job.progress.state is State.RUNNING


def test_changes_during_a_pause_apply_on_resume(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    pause(page)
    entry(page, "setting-strength").set_value(15.0).run()
    script.held.clear()
    script.hold_before = 6
    page.button(key="resume").click().run()
    assert script.held.wait(PATIENCE)
    assert script.calls[-1]["control"].strength == 15
    assert script.calls[-1]["settings"].strength != 15  # the checkpoint is of a run with what it began with


def test_a_second_tab_that_looks_on_turns_nothing_back(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    second = another_tab(job(page).token)
    entry(page, "setting-strength").set_value(35.0).run()
    second.run()
    assert script.calls[-1]["control"].strength == 35
    entry(second, "setting-strength").set_value(55.0).run()
    page.run()
    assert script.calls[-1]["control"].strength == 55


# The way back


def test_the_address_leads_back_to_the_run(page: AppTest, script: fake_engine.Script) -> None:
    upload(page, "photo", "holiday.png", picture_file((200, 20, 20)))
    entry(page, "style").set_value("great-swell").run()
    entry(page, "setting-strength").set_value(45.0).run()
    start_and_hold(page, script)
    assert page.query_params["run"] == job(page).token
    second = another_tab(job(page).token)
    assert not second.exception
    assert job(second) is job(page)
    assert buttons(second) == ["Pause", "Stop here"]
    np.testing.assert_array_equal(result_view(second), result_view(page))
    assert entry(second, "style").value == "great-swell"
    assert entry(second, "setting-strength").value == 45
    assert second.session_state["run"].request.photo == page.session_state["run"].request.photo
    second.button(key="stop").click().run()
    finish(page)
    assert job(page).progress.state is State.STOPPED
    finish(second)
    assert result_view(second).mean((0, 1)) == pytest.approx(result_view(page).mean((0, 1)), abs=2)


def test_instant_pictures_leave_the_address_alone(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "quality").set_value("instant").run()
    start(page)
    finish(page)
    assert "run" not in page.query_params


@pytest.mark.parametrize("token", ["nobody-knows", "../../etc", "x" * 5000])
def test_an_address_that_leads_nowhere_is_explained_once(script: fake_engine.Script, token: str) -> None:
    page = another_tab(token)
    assert not page.exception
    assert "is no longer available. Unfinished pictures are kept for 24 hours" in read(page.error[0].value)
    assert "run" not in page.query_params
    assert buttons(page) == ["Start painting"]


class Crash:
    """Killed server: only files on disk remain."""

    def __init__(self, tmp_path: Path, script: fake_engine.Script) -> None:
        self._runs, self._script = cache_folder.folder() / server.RUNS, script
        self._copy = tmp_path / "copy"

    def __call__(self) -> None:
        shutil.copytree(self._runs, self._copy)
        st.cache_resource.clear()
        assert self._script.closed.wait(PATIENCE)
        for thread in threading.enumerate():
            if thread.name.startswith("nst-worker"):
                thread.join(PATIENCE)
        shutil.rmtree(self._runs)
        self._copy.rename(self._runs)
        self._script.held.clear()

    def damage(self) -> None:
        for file in self._runs.rglob("*.npz"):
            file.write_bytes(file.read_bytes()[:100])


@pytest.fixture
def crash(tmp_path: Path, script: fake_engine.Script) -> Iterator[Crash]:
    yield Crash(tmp_path, script)


def go_on_after_save(page: AppTest, script: fake_engine.Script) -> None:
    """Release the run until its checkpoint; it waits before its fifth step."""
    job(page)._autosave._next = 0  # it is time for one
    script.held.clear()
    script.hold_before = 5
    script.calls[-1]["steered_by"].resume()
    assert script.held.wait(PATIENCE)


def test_a_run_survives_the_server(page: AppTest, script: fake_engine.Script, crash: Crash) -> None:
    upload(page, "photo", "holiday.png", picture_file((200, 20, 20)))
    start_and_hold(page, script)
    entry(page, "setting-strength").set_value(35.0).run()
    entry(page, "look-colors").set_value("photo").run()
    entry(page, "look-color_amount").set_value(70.0).run()
    go_on_after_save(page, script)
    token = job(page).token
    crash()
    later = another_tab(token)
    assert not later.exception
    assert job(later).progress.state is State.PAUSED
    assert buttons(later) == ["Resume", "Stop here"]
    assert "Paused at iteration 4 of 100. The studio was restarted" in said(later)
    assert entry(later, "setting-strength").value == 35
    assert entry(later, "look-colors").value == "photo" and entry(later, "look-color_amount").value == 70
    assert result_view(later).mean((0, 1)) == pytest.approx(
        [196, 25, 25], abs=12
    )  # the person's own photo, a bit painted
    script.hold_before = 8
    later.button(key="resume").click().run()
    assert script.held.wait(PATIENCE)
    assert script.calls[-1]["resume"].step == 4
    control = script.calls[-1]["control"]
    assert (control.strength, control.colors, control.color_amount) == (35, "photo", 70)  # turned after the start
    script.release()
    finish(later)
    assert job(later).progress.state is State.DONE
    assert [point.step for point in job(later).progress.history] == [*range(1, 101)]


def test_a_run_that_had_not_come_to_a_checkpoint_begins_again(
    page: AppTest, script: fake_engine.Script, crash: Crash
) -> None:
    start_and_hold(page, script)
    entry(page, "setting-strength").set_value(35.0).run()
    token = job(page).token
    crash()
    later = another_tab(token)
    assert "Paused before painting began. The studio was restarted" in said(later)
    script.hold_before = 3
    later.button(key="resume").click().run()
    assert script.held.wait(PATIENCE)
    assert script.calls[-1]["resume"] is None and script.calls[-1]["settings"].strength == 35


def test_a_result_survives_the_server(page: AppTest, script: fake_engine.Script, crash: Crash) -> None:
    script.hold_before = None
    start(page)
    finish(page)
    before, token = result_view(page), job(page).token
    crash()
    later = another_tab(token)
    assert job(later).progress.state is State.DONE
    assert buttons(later) == ["Start painting"]
    np.testing.assert_array_equal(result_view(later), before)


def moments(page: AppTest) -> list[int]:
    return [moment.step for moment in page.session_state["run"].previews.all]


def test_the_way_to_a_picture_survives_the_server(page: AppTest, script: fake_engine.Script, crash: Crash) -> None:
    start_and_hold(page, script)
    go_on_after_save(page, script)
    draft, token = page.session_state["run"].draft, job(page).token
    crash()
    later = another_tab(token)
    assert moments(later) == [0, 1, 2, 3, 4]
    found = later.session_state["run"].draft
    assert (found.step, found.total, found.final) == (0, 100, False)
    assert np.abs(found.image.astype(int) - draft.image).mean() < 2
    script.hold_before = None
    later.button(key="resume").click().run()
    finish(later)
    assert moments(later) == [*range(0, 99, 4), 99]  # from before and after the restart, evenly
    entry(later, "moment").set_value(0).run()
    color = draft.image.mean((0, 1))
    assert result_view(later).mean((0, 1)) == pytest.approx(color, abs=4)
    script.hold_before = 3
    script.held.clear()
    later.button(key="paint-on").click().run()  # a moment from before the restart is as good as any
    assert not later.exception and not later.error
    assert script.held.wait(PATIENCE)
    assert images.read(script.calls[-1]["init_image"]).rgb.mean((0, 1)) == pytest.approx(color, abs=2)


def test_a_damaged_run_is_explained_and_the_page_works(page: AppTest, script: fake_engine.Script, crash: Crash) -> None:
    start_and_hold(page, script)
    token = job(page).token
    crash()
    crash.damage()
    later = another_tab(token)
    assert not later.exception
    assert "were damaged and have been deleted" in read(later.error[0].value)
    assert "run" not in later.query_params
    script.hold_before = 3
    start_and_hold(later, script)
    assert not later.error


def test_a_run_that_was_paused_because_nobody_looked_goes_on_by_itself(
    page: AppTest, script: fake_engine.Script
) -> None:
    start_and_hold(page, script)
    job(page).pause(away=True)
    assert job(page).rests.wait(PATIENCE)
    script.hold_before = 6
    script.held.clear()
    page.run()
    assert script.held.wait(PATIENCE)
    assert script.calls[-1]["resume"].step == 3
    page.run()
    assert "Iteration 5 of 100" in said(page)


def test_limits_that_make_no_sense_are_said_on_the_page(
    script: fake_engine.Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NST_MAX_RUNNING", "many")
    st.cache_resource.clear()
    page = another_tab(None)
    start(page)
    assert "NST_MAX_RUNNING must be a whole number" in read(page.error[0].value)
    monkeypatch.delenv("NST_MAX_RUNNING")


def test_the_place_to_paint_comes_back(page: AppTest, script: fake_engine.Script, sights: Sights) -> None:
    sights.parts = {"subject": box(0.1, 0.1, 0.6, 0.9)}
    entry(page, "place").set_value("subject").run()
    entry(page, "rest").set_value("other").run()
    entry(page, "rest-style").set_value("great-swell").run()
    entry(page, "rest-strength").set_value(25).run()
    entry(page, "soft-edge").set_value(4.0).run()
    start_and_hold(page, script)
    second = another_tab(job(page).token)
    assert not second.exception
    assert entry(second, "place").value == "subject"
    assert entry(second, "rest-strength").value == 25
    assert entry(second, "soft-edge").value == 4.0
    assert entry(second, "rest-style").value == "great-swell"
    entry(second, "rest-strength").set_value(5).run()
    assert script.calls[-1]["control"].regions[0] == 5


def test_a_mask_of_one_s_own_comes_back_as_brushed(script: fake_engine.Script, monkeypatch: pytest.MonkeyPatch) -> None:
    mask = PageMask.of(np.full((4, 4), 255, np.uint8))
    given: list[tuple[str, PageMask]] = []
    monkeypatch.setattr(region_picker, "begin_with", lambda photo, mask: given.append((photo.token, mask)))
    with monkeypatch.context() as page:
        state: dict[str, object] = {}
        page.setattr(st, "session_state", state)
        photo = ImageChoice("harbor", "Harbor", "a harbor", b"a photo")
        region_picker.apply(RegionRequest("file", mask, 1.5), photo)
        assert (state["place"], state["soft-edge"], state["rest"]) == ("brush", 1.5, "stays")
        region_picker.apply(None, photo)
        assert state["place"] == "everywhere"
    assert given == [("harbor", mask)]
