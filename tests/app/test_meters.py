"""The two meters and the chart."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nst.optimization.strength import weights_of
from tests.support import fake_engine
from tests.support.fake_mask_finder import Sights
from tests.support.studio_page import entry, finish, start, start_and_hold


def told(page: AppTest) -> dict[str, float]:
    """Return the meters' values by name."""
    names = ("Photo kept", "Style matched")
    return {name: bar.value for bar in page.progress for name in names if bar.text.startswith(name)}


def expected(step: int, weight: float) -> tuple[float, float]:
    """For the fake engine's losses, step / 10 and 10 / step."""
    return 100 / (1 + step / 10), 100 * (1 - (10 / step / weight) ** 0.5)


def test_meters_are_shown_during_a_run(page: AppTest, script: fake_engine.Script) -> None:
    script.hold_before = 41
    start_and_hold(page, script)
    asked = script.calls[-1]["settings"]
    kept, matched = expected(40, weights_of(asked, asked.strength).style)
    assert told(page) == {"Photo kept": pytest.approx(kept, abs=1), "Style matched": pytest.approx(matched, abs=1)}
    assert 5 < matched < 95


def test_meters_follow_the_selected_step(page: AppTest, script: fake_engine.Script) -> None:
    script.hold_before = None
    start(page)
    finish(page)
    at_the_end = told(page)
    entry(page, "moment").set_value(20).run()
    kept, _ = expected(20, 1)
    assert told(page)["Photo kept"] == pytest.approx(kept, abs=1)
    assert told(page)["Style matched"] < at_the_end["Style matched"]


def test_a_part_of_the_picture_is_measured_as_a_part(page: AppTest, script: fake_engine.Script, sights: Sights) -> None:
    sky = np.zeros((60, 90), np.float32)
    sky[:15] = 1
    sights.parts["sky"] = sky
    entry(page, "place").set_value("sky").run()
    script.hold_before = 41
    start_and_hold(page, script)
    asked = script.calls[-1]["settings"]
    _, matched = expected(40, weights_of(asked, asked.strength).style / 4)  # so much of it is sky
    assert told(page)["Style matched"] == pytest.approx(matched, abs=2)


@pytest.mark.parametrize("quality", ["instant"])
def test_a_picture_made_in_one_go_has_none(page: AppTest, quality: str) -> None:
    entry(page, "quality").set_value(quality).run()
    start(page)
    finish(page)
    assert told(page) == {}
    assert not page.get("vega_lite_chart")


def test_nor_has_a_published_recipe_but_it_has_the_chart(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "recipe").set_value("gatys-2016").run()
    start_and_hold(page, script)
    assert told(page) == {}
    assert page.get("vega_lite_chart")
