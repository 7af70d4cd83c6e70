"""Face protection: on by default, silent without faces, absent with published presets."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from nst.ui.server import forecasts
from nst.ui.server.background import background
from nst.ui.server.mask_finder import mask_finder
from nst.ui.state.pictures import ImageChoice
from tests.support import fake_engine
from tests.support.fake_mask_finder import Sights, box
from tests.support.studio_page import PATIENCE, entry, finish, labels, start, start_and_hold

FACE = box(0.4, 0.2, 0.6, 0.5)


@pytest.fixture
def portrait(sights: Sights) -> None:
    """Photos with a face in them."""
    sights.parts["faces"] = FACE


def captions(page: AppTest) -> list[str]:
    return [caption.value for caption in page.caption if "face" in caption.value]


def look_ahead(page: AppTest) -> None:
    """Until what there is to be found is known to the page."""
    mask_finder().ask("faces", ImageChoice("harbor-town", "", "", b"")).result(PATIENCE)
    page.run()
    assert not page.exception


@pytest.mark.usefixtures("portrait")
def test_faces_are_protected_and_the_page_says_so(page: AppTest, script: fake_engine.Script) -> None:
    assert entry(page, "keep-faces").value
    start_and_hold(page, script)
    call = script.calls[-1]
    assert call["regions"] == () and call["protection"].recognizable == 50
    script.release()
    finish(page)
    assert set(captions(page)) == {"1 face found and kept recognizable."}


@pytest.mark.usefixtures("portrait")
def test_how_recognizable_is_a_persons_choice(page: AppTest, script: fake_engine.Script) -> None:
    assert "How recognizable" not in labels(page)
    look_ahead(page)
    entry(page, "recognizable").set_value(30).run()
    start_and_hold(page, script)
    assert script.calls[-1]["protection"].recognizable == 30


@pytest.mark.usefixtures("portrait")
def test_it_can_be_turned_off(page: AppTest, script: fake_engine.Script) -> None:
    look_ahead(page)
    assert "How recognizable" in labels(page)
    entry(page, "keep-faces").set_value(False).run()
    assert "How recognizable" not in labels(page)
    start_and_hold(page, script)
    assert script.calls[-1]["regions"] == () and script.calls[-1]["protection"] is None
    assert captions(page) == []


def test_without_faces_nothing_is_said_and_nothing_changes(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    assert script.calls[-1]["regions"] == () and script.calls[-1]["protection"] is None
    script.release()
    finish(page)
    assert captions(page) == [] and "How recognizable" not in labels(page)


def test_several_faces_are_counted(page: AppTest, script: fake_engine.Script, sights: Sights) -> None:
    sights.parts["faces"] = box(0.1, 0.1, 0.3, 0.4) + box(0.6, 0.1, 0.8, 0.4)
    entry(page, "quality").set_value("instant").run()
    start(page)
    finish(page)
    assert set(captions(page)) == {"2 faces found and kept recognizable."}


@pytest.mark.usefixtures("portrait")
def test_a_warm_server_looks_ahead(page: AppTest, sights: Sights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecasts, "known_forecast", lambda *_: None)
    assert sights.asked == []  # the first paint waits for nothing
    background().warm = True
    page.run()
    look_ahead(page)
    assert [(part, photo) for part, photo, _ in sights.asked] == [("faces", "harbor-town")]
    assert set(captions(page)) == {"1 face found and kept recognizable."}


@pytest.mark.usefixtures("portrait")
def test_published_recipes_are_followed_to_the_letter(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "recipe").set_value("half-sum").run()
    assert not page.checkbox
    start_and_hold(page, script)
    assert script.calls[-1]["regions"] == () and script.calls[-1]["protection"] is None
