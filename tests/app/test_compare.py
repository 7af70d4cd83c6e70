"""A picture and its photo on the easel, without a browser: what is sent to be compared."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.support import fake_engine
from tests.support.studio_page import (
    aspect,
    default_photo,
    entry,
    finish,
    on_easel,
    result_view,
    start,
    start_and_hold,
)


def distance(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.mean((0, 1)) - b.mean((0, 1))).max())


def test_a_photo_that_waits_is_compared_with_nothing(page: AppTest) -> None:
    shown = on_easel(page)
    assert shown["picture"] and shown["alt"]
    assert not shown["photo"]


def test_a_live_frame_is_beside_its_photo(page: AppTest, script: fake_engine.Script) -> None:
    script.hold_before = 41
    start_and_hold(page, script)
    assert distance(result_view(page, "photo"), default_photo()) < 2
    assert on_easel(page)["alt"].endswith(", iteration 40")
    assert on_easel(page)["photoAlt"]
    assert distance(result_view(page), result_view(page, "photo")) > 10
    assert aspect(result_view(page)) == pytest.approx(aspect(result_view(page, "photo")), rel=0.03)


@pytest.mark.parametrize("quality", ["instant", "draft"])
def test_every_result_is_beside_its_photo(page: AppTest, script: fake_engine.Script, quality: str) -> None:
    script.hold_before = None
    entry(page, "quality").set_value(quality).run()
    start(page)
    finish(page)
    assert distance(result_view(page, "photo"), default_photo()) < 2
    assert distance(result_view(page), result_view(page, "photo")) > 10
