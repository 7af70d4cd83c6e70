"""The photo shows through a finished picture as far as a slider says, and nothing is painted again."""

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

import nst
from nst.images import io as images
from nst.ui.actions import start as orders
from tests.support import fake_engine
from tests.support.pictures import saved
from tests.support.studio_page import (
    default_photo,
    downloads,
    entry,
    finish,
    on_easel,
    result_view,
    start,
    start_and_hold,
    upload,
)

SLIDER = "Blend with photo"


@pytest.fixture
def instant(page: AppTest) -> AppTest:
    """The page with a finished instant picture."""
    entry(page, "quality").set_value("instant").run()
    start(page)
    finish(page)
    return page


def sliders(page: AppTest) -> list[str]:
    return [slider.label for slider in page.slider]


def let_through(page: AppTest, share: int) -> None:
    next(slider for slider in page.slider if slider.label == SLIDER).set_value(share).run()
    assert not page.exception


def share(page: AppTest) -> int:
    return next(slider for slider in page.slider if slider.label == SLIDER).value


def result(page: AppTest) -> np.ndarray:
    """Return the engine's result, uint8 RGB (H, W, 3)."""
    return page.session_state["run"].job.progress.snapshot.image


def taken_home(page: AppTest, format: str = "PNG") -> np.ndarray:
    _, files = page.session_state["files"]
    return images.read(files[format]).rgb


def distance(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(int) - b).mean())


def test_there_is_nothing_to_blend_before_and_during_a_run(page: AppTest, script: fake_engine.Script) -> None:
    assert SLIDER not in sliders(page)
    start_and_hold(page, script)
    assert SLIDER not in sliders(page)


@pytest.mark.parametrize("engine", ["painted", "instant"])
def test_a_new_picture_is_as_it_was_painted(engine: str, request: pytest.FixtureRequest) -> None:
    page = request.getfixturevalue(engine)
    assert share(page) == 0
    assert np.array_equal(taken_home(page), result(page))


@pytest.mark.parametrize("engine", ["painted", "instant"])
def test_blend_is_shown_and_downloaded(engine: str, request: pytest.FixtureRequest, script: fake_engine.Script) -> None:
    page = request.getfixturevalue(engine)
    runs = len(script.calls)
    before = page.session_state["run"]
    let_through(page, 40)
    expected = nst.blend(images.fit(default_photo(), max(result(page).shape)), result(page), 60)
    assert np.array_equal(taken_home(page), expected)
    assert distance(result_view(page), expected) < 3 < distance(result_view(page), result(page))
    assert len(script.calls) == runs
    assert page.session_state["run"] is before


def test_the_whole_photo_and_back(painted: AppTest) -> None:
    let_through(painted, 100)
    assert np.array_equal(taken_home(painted), images.fit(default_photo(), max(result(painted).shape)))
    let_through(painted, 0)
    assert np.array_equal(taken_home(painted), result(painted))
    assert distance(result_view(painted), result(painted)) < 3


def test_blend_is_in_the_alt_text(painted: AppTest) -> None:
    let_through(painted, 25)
    assert on_easel(painted)["alt"].endswith(", with 25% of the photo")
    let_through(painted, 0)
    assert "photo" not in on_easel(painted)["alt"]


def test_the_next_picture_begins_without(painted: AppTest, script: fake_engine.Script) -> None:
    let_through(painted, 40)
    script.hold_before = 3
    start_and_hold(painted, script)
    latest = painted.session_state["run"].job.progress.snapshot.image
    assert np.abs(result_view(painted).mean((0, 1)) - latest.mean((0, 1))).max() < 3
    script.release()
    finish(painted)
    assert share(painted) == 0
    assert np.array_equal(taken_home(painted), result(painted))


def test_next_instant_picture_is_not_blended(instant: AppTest) -> None:
    let_through(instant, 40)
    entry(instant, "instant-strength").set_value(50.0).run()
    assert share(instant) == 0
    assert np.array_equal(taken_home(instant), result(instant))


def test_the_last_instant_picture_stays_while_the_next_is_made(
    instant: AppTest, script: fake_engine.Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_through(instant, 40)
    monkeypatch.setattr(orders, "INSTANT_PATIENCE", 0.01)
    script.hold_fast = True
    entry(instant, "instant-strength").set_value(0.0).run()
    assert not instant.exception
    assert SLIDER not in sliders(instant)
    script.release()
    finish(instant)
    assert share(instant) == 0


def test_result_of_a_stopped_run_can_be_blended(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    page.button(key="stop").click().run()
    finish(page)
    let_through(page, 70)
    expected = nst.blend(images.fit(default_photo(), max(result(page).shape)), result(page), 30)
    assert np.array_equal(taken_home(page), expected)


def test_a_picture_that_made_room_for_another_photo_stays_blended(painted: AppTest) -> None:
    let_through(painted, 40)
    blended = taken_home(painted)
    entry(painted, "photo").set_value("cat").run()
    assert not painted.exception
    assert SLIDER not in sliders(painted)
    assert downloads(painted) == ["Save picture"]
    assert np.array_equal(taken_home(painted), blended)
    entry(painted, "photo").set_value(painted.session_state["run"].request.photo.token).run()
    assert share(painted) == 40
    assert np.array_equal(taken_home(painted), blended)


def test_settings_that_are_changed_afterwards_leave_it(painted: AppTest) -> None:
    let_through(painted, 40)
    entry(painted, "setting-strength").set_value(85.0).run()
    assert share(painted) == 40


def test_transparency_is_kept(instant: AppTest) -> None:
    pixels = np.full((60, 90, 4), (200, 30, 30, 255), np.uint8)
    pixels[:, 45:, 3] = 0
    upload(instant, "photo", "cut.png", saved(Image.fromarray(pixels), "PNG"))
    finish(instant)
    let_through(instant, 50)
    _, files = instant.session_state["files"]
    opened = images.read(files["PNG"])
    alpha = instant.session_state["run"].job.progress.snapshot.alpha
    assert np.array_equal(opened.alpha, alpha)
    photo = images.resize(images.read(saved(Image.fromarray(pixels), "PNG")).bled, alpha.shape[::-1])
    expected = nst.blend(photo, result(instant), 50)
    assert np.array_equal(opened.rgb[alpha == 255], expected[alpha == 255])
