"""Forecast shown under Start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from streamlit.testing.v1 import AppTest

from nst.errors import OutOfMemory, WeightsUnavailable
from nst.forecast.forecast import Forecast
from nst.run.regions import Region
from nst.settings.engines import FastSettings, Settings
from nst.ui.server import forecasts
from nst.ui.server.background import background
from tests.support import fake_engine
from tests.support.fake_mask_finder import Sights, box
from tests.support.studio_page import entry, read, start_and_hold


class Asked(NamedTuple):
    """Arguments of a forecast."""

    settings: Settings
    shape: tuple[int, int]
    styles: int
    regions: int


@pytest.fixture
def asked(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    """A warm server whose forecasts are a tenth of a second an iteration; and what it was asked."""
    found: list[Asked] = []

    def forecast(settings: Settings, shape: tuple[int, int], styles: int, regions: Sequence[Region]) -> Forecast:
        found.append(Asked(settings, shape, styles, len(regions)))
        seconds = 0.1 if isinstance(settings, FastSettings) else settings.steps / 10
        return Forecast(seconds, 10**9, (512, 384), tiles=False)

    monkeypatch.setattr(forecasts, "known_forecast", forecast)
    background().warm = True
    page.run()
    return found


def captions(page: AppTest) -> list[str]:
    return [caption.value for caption in page.caption if caption.value.startswith("About ")]


def test_a_cold_server_says_nothing(page: AppTest) -> None:
    assert captions(page) == []


def test_the_line_follows_the_sliders(page: AppTest, asked: list[Asked]) -> None:
    assert captions(page) == ["About 10 seconds"]
    (height, width) = asked[-1].shape
    assert width > height  # as the photo is
    entry(page, "setting-steps").set_value(100).run()
    assert captions(page) == ["About 10 seconds"]
    assert asked[-1].settings.size == 512


def test_every_style_and_every_region_counts(page: AppTest, asked: list[Asked], sights: Sights) -> None:
    assert asked[-1].styles == 1
    entry(page, "mix").set_value(["great-swell", "iris-pond"]).run()
    assert asked[-1].styles == 3
    sights.parts["sky"] = box(0, 0, 1, 0.5)
    entry(page, "place").set_value("sky").run()
    entry(page, "rest").set_value("other").run()
    assert (asked[-1].styles, asked[-1].regions) == (4, 2)
    entry(page, "rest").set_value("same").run()
    assert asked[-1].styles == 3


@pytest.mark.usefixtures("asked")
def test_it_gives_way_to_the_progress(page: AppTest, script: fake_engine.Script) -> None:
    start_and_hold(page, script)
    assert captions(page) == []


@pytest.mark.usefixtures("asked")
def test_lack_of_memory_is_shown_before_start(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Forecast:
        raise OutOfMemory("A picture of 8192 x 6144 pixels needs 9 GB.")

    monkeypatch.setattr(forecasts, "known_forecast", refuse)
    page.run()
    assert [read(warning.value) for warning in page.warning] == ["A picture of 8192 x 6144 pixels needs 9 GB."]


@pytest.mark.usefixtures("asked")
def test_invalid_settings_show_no_forecast(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Forecast:
        raise WeightsUnavailable("Cannot read the weights file.")

    monkeypatch.setattr(forecasts, "known_forecast", refuse)
    page.run()
    assert not page.exception and captions(page) == []
    assert page.button(key="start")


@pytest.mark.usefixtures("asked")
def test_a_machine_that_was_not_measured_says_nothing(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecasts, "known_forecast", lambda *_: None)
    page.run()
    assert captions(page) == []
