"""History of a session: keep, open, reuse, compare, delete and limit pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nst.ui.result import history
from nst.ui.state.history_entry import HistoryEntry
from tests.support import fake_engine
from tests.support.studio_page import downloads, entries, entry, finish, picture_file, start, start_and_hold, upload

pytestmark = pytest.mark.slow

CHOICE = "history-choice"


def paint(page: AppTest, **dials: float) -> None:
    """A finished picture, as the dials say."""
    for name, value in dials.items():
        entry(page, f"setting-{name}").set_value(value)
    start(page)
    finish(page)


def kept(page: AppTest) -> list[HistoryEntry]:
    return page.session_state["history"]


def numbers(page: AppTest) -> list[int]:
    return [each.number for each in kept(page)]


def offered(page: AppTest) -> list[str]:
    """Return the thumbnails' captions, latest first."""
    return next((widget.options for key, widget in entries(page) if key == CHOICE), [])


def choose(page: AppTest, number: int) -> None:
    entry(page, CHOICE).set_value(number).run()
    assert not page.exception


def press(page: AppTest, what: str) -> None:
    page.button(key=f"history-{what}").click().run()
    assert not page.exception


def keys(page: AppTest) -> set[str]:
    return {button.key for button in page.button}


@pytest.fixture
def quick(page: AppTest, script: fake_engine.Script) -> AppTest:
    """The page, with pictures that are painted at once."""
    script.hold_before = None
    entry(page, "quality").set_value("draft").run()
    return page


def test_there_is_no_history_before_the_first_picture(page: AppTest, script: fake_engine.Script) -> None:
    assert "Your pictures" not in [each.value for each in page.header]
    start_and_hold(page, script)
    assert kept(page) == [] and not offered(page)


def test_finished_pictures_are_kept_the_latest_first(quick: AppTest) -> None:
    paint(quick)
    paint(quick, strength=30.0)
    quick.run()
    assert numbers(quick) == [1, 2]
    assert [option.rpartition(") ")[2] for option in offered(quick)] == [f"{n} · Night over the Bay" for n in (2, 1)]
    assert all(option.startswith("![Harbor town in the style of") for option in offered(quick))
    assert [each.handle.request.settings.strength for each in kept(quick)] == [80, 30]
    assert entry(quick, CHOICE).value is None and not {"history-show", "history-use"} & keys(quick)


def test_a_picture_that_was_stopped_is_kept_without_what_its_run_would_need(
    page: AppTest, script: fake_engine.Script
) -> None:
    start_and_hold(page, script)
    page.session_state["run"].job.stop()
    finish(page)
    assert page.session_state["run"].job.progress.snapshot.checkpoint is not None
    (picture,) = kept(page)
    assert picture.end.checkpoint is None
    assert np.array_equal(picture.end.image, page.session_state["run"].job.progress.snapshot.image)


def test_a_run_without_a_picture_is_not_kept(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-init").set_value("content").run()
    script.hold_before = 1
    start_and_hold(page, script)
    script.error, script.error_at = RuntimeError("broken"), 1
    page.session_state["run"].job.stop()
    script.release()
    assert kept(page) == []


def test_instant_pictures_that_are_turned_at_the_dials_are_one(page: AppTest) -> None:
    entry(page, "quality").set_value("instant").run()
    start(page)
    finish(page)
    for strength in (70.0, 40.0, 10.0):
        entry(page, "instant-strength").set_value(strength).run()
    assert numbers(page) == [1]
    assert kept(page)[0].handle.request.settings.strength == 10
    entry(page, "style").set_value("great-swell").run()
    assert numbers(page) == [1, 2]


@pytest.mark.parametrize("shape", [(13, 256, 3), (256, 13, 4), (1, 40, 3)])
def test_a_narrow_picture_is_kept_among_others(quick: AppTest, shape: tuple[int, ...]) -> None:
    paint(quick)
    job = quick.session_state["run"].job
    narrow = np.full(shape, 200, np.uint8)
    end = replace(job.progress.snapshot, image=narrow[..., :3], alpha=narrow[..., 3] if shape[2] == 4 else None)
    (picture,) = kept(quick)
    finished = picture.handle.job
    finished = replace(finished, progress=replace(finished.progress, snapshot=end))
    kept(quick)[0] = replace(picture, handle=replace(picture.handle, job=finished))
    paint(quick, strength=30.0)
    quick.run()
    assert not quick.exception
    assert numbers(quick) == [1, 2] and len(offered(quick)) == 2
    choose(quick, 1)
    press(quick, "compare")


def test_a_panorama_is_painted_and_kept(quick: AppTest) -> None:
    upload(quick, "photo", "panorama.png", picture_file((200, 30, 30), (2000, 100)))
    entry(quick, "setting-size").set_value(256).run()
    paint(quick)
    assert kept(quick)[0].end.image.shape == (13, 256, 3)
    upload(quick, "photo", "b.png", picture_file((2, 2, 2)))
    paint(quick)
    assert numbers(quick) == [1, 2] and len(offered(quick)) == 2


def test_show_it_again_brings_back_picture_settings_and_choices(quick: AppTest) -> None:
    paint(quick, strength=30.0)
    first = quick.session_state["run"].job.progress.snapshot.image
    entry(quick, "photo").set_value("coffee").run()
    entry(quick, "style").set_value("great-swell").run()
    entry(quick, "mix").set_value(["iris-pond"]).run()
    paint(quick, strength=90.0)
    choose(quick, 1)
    press(quick, "show")
    assert np.array_equal(quick.session_state["run"].job.progress.snapshot.image, first)
    assert entry(quick, "photo").value == "harbor-town" and entry(quick, "mix").value == []
    assert entry(quick, "setting-strength").value == 30
    assert "Save picture" in downloads(quick)
    assert numbers(quick) == [1, 2]  # nothing was painted, and nothing is there twice


def test_an_instant_picture_is_shown_again_as_it_was(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "quality").set_value("instant").run()
    entry(page, "instant-strength").set_value(20.0).run()
    start(page)
    finish(page)
    entry(page, "style").set_value("great-swell").run()
    painted = len(script.calls)
    choose(page, 1)
    press(page, "show")
    assert len(script.calls) == painted  # the form stands for it, so that there is nothing to follow
    assert page.session_state["run"].request == kept(page)[0].handle.request


def test_its_settings_are_used_and_the_easel_is_left_alone(quick: AppTest) -> None:
    paint(quick, strength=30.0)
    paint(quick, strength=90.0)
    shown = quick.session_state["run"]
    choose(quick, 1)
    press(quick, "use")
    assert entry(quick, "setting-strength").value == 30
    assert quick.session_state["run"] is shown


def test_a_photo_that_had_given_way_comes_back(quick: AppTest) -> None:
    upload(quick, "photo", "first.png", picture_file((200, 30, 30)))
    token = entry(quick, "photo").value
    paint(quick)
    for shade in range(3):
        upload(quick, "photo", f"{shade}.png", picture_file((0, 0, shade)))
    assert token not in [choice.token for choice in quick.session_state["photo-own"]]
    choose(quick, 1)
    press(quick, "show")
    assert entry(quick, "photo").value == token
    assert quick.session_state["run"].request.photo.token == token


def test_while_one_is_painted_no_other_takes_its_place(quick: AppTest, script: fake_engine.Script) -> None:
    paint(quick)
    script.hold_before = 3
    script.held.clear()
    start_and_hold(quick, script)
    choose(quick, 1)
    assert quick.button(key="history-show").disabled
    assert not quick.button(key="history-use").disabled


def test_deleted_pictures_stay_deleted(quick: AppTest) -> None:
    paint(quick)
    paint(quick)
    choose(quick, 2)
    press(quick, "delete")
    assert numbers(quick) == [1]
    quick.run()
    assert numbers(quick) == [1]  # though it is still on the easel
    choose(quick, 1)
    press(quick, "delete")
    assert not offered(quick)
    paint(quick)
    assert numbers(quick) == [3]


def test_two_are_compared_by_picture_and_by_what_differs(quick: AppTest) -> None:
    paint(quick)
    choose(quick, 1)
    assert quick.button(key="history-compare").disabled
    paint(quick, strength=30.0)
    choose(quick, 2)
    before = len(quick.image)
    press(quick, "compare")
    assert len(quick.image) == before + 2
    said = " ".join(each.value for each in quick.markdown)
    assert "Style strength: **30** in number 2, **80** in number 1" in said
    assert "Iterations" not in said.split("Style strength")[1]


def test_oldest_picture_is_removed_with_a_message(quick: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST", 2)
    for _ in range(3):
        paint(quick)
    quick.run()
    assert numbers(quick) == [2, 3]
    assert any("Number 1 was removed: the latest 2 pictures are kept" in each.value for each in quick.caption)


def test_the_size_is_bounded_too_but_the_latest_stays(quick: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    paint(quick)
    (only,) = kept(quick)
    assert only.bytes >= only.end.image.nbytes > 100_000
    monkeypatch.setattr(history, "MOST_BYTES", int(2.5 * only.bytes))
    for _ in range(3):
        paint(quick)
    assert numbers(quick) == [3, 4]
    monkeypatch.setattr(history, "MOST_BYTES", 1)
    paint(quick)
    assert numbers(quick) == [5]


def test_kept_bytes_are_counted(quick: AppTest) -> None:
    paint(quick)
    (picture,) = kept(quick)
    files = sum(len(moment.file) for moment in picture.handle.previews.before(picture.end.step))
    draft = picture.handle.draft.image.nbytes
    assert files > 0 and draft > 0
    assert picture.bytes == picture.end.image.nbytes + draft + files
    assert replace(picture, number=9).bytes == picture.bytes
