"""Draft, then refine: a run that starts from the fast engine's picture."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nst.settings.engines import FastSettings
from tests.support import fake_engine
from tests.support.studio_page import downloads, entry, finish, result_view, start_and_hold


@pytest.fixture
def drafting(page: AppTest) -> AppTest:
    """The page with "fast" chosen as the start."""
    entry(page, "setting-init").set_value("fast").run()
    assert not page.exception
    return page


def drafted(page: AppTest) -> np.ndarray:
    """The draft of the session's painting."""
    return page.session_state["run"].draft.image


def on_easel(page: AppTest, picture: np.ndarray) -> bool:
    """Return True if the result view shows the picture, by mean color; the fake engine's color changes every step."""
    return bool(np.abs(result_view(page).mean((0, 1)) - picture.mean((0, 1))).max() < 2)


def test_the_draft_is_shown_before_the_first_step(drafting: AppTest, script: fake_engine.Script) -> None:
    script.hold_before = 1
    start_and_hold(drafting, script)
    assert isinstance(script.calls[0]["settings"], FastSettings)
    assert on_easel(drafting, drafted(drafting))
    assert drafting.progress[0].text == "Draft · refining…"
    assert not drafting.get("vega_lite_chart")
    assert not downloads(drafting)


def test_it_stays_while_the_refinement_is_coarse(drafting: AppTest, script: fake_engine.Script) -> None:
    script.coarse_steps, script.hold_before = 50, 41
    start_and_hold(drafting, script)
    latest = drafting.session_state["run"].job.progress.snapshot
    assert latest.step == 40
    assert not on_easel(drafting, latest.image)
    assert on_easel(drafting, drafted(drafting))
    assert drafting.progress[0].text == "Draft · refining… 4 seconds so far · about 5 seconds left"
    assert drafting.get("vega_lite_chart")


def test_it_gives_way_to_a_refinement_that_is_as_clear(drafting: AppTest, script: fake_engine.Script) -> None:
    script.coarse_steps, script.hold_before = 30, 41
    start_and_hold(drafting, script)
    assert on_easel(drafting, drafting.session_state["run"].job.progress.snapshot.image)
    assert drafting.progress[0].text == "Iteration 40 of 100 · 4 seconds so far · about 5 seconds left"


@pytest.mark.parametrize(("dial", "value"), [("setting-strength", 35.0), ("look-colors", "photo")])
def test_it_does_not_hide_what_a_person_turns(
    drafting: AppTest, script: fake_engine.Script, dial: str, value: object
) -> None:
    script.coarse_steps, script.hold_before = 50, 41
    start_and_hold(drafting, script)
    latest = drafting.session_state["run"].job.progress.snapshot
    assert not on_easel(drafting, latest.image)
    entry(drafting, dial).set_value(value).run()
    assert on_easel(drafting, latest.image)
    assert drafting.progress[0].text.startswith("Iteration 40 of 100")


def test_stopped_run_keeps_its_result_not_the_draft(drafting: AppTest, script: fake_engine.Script) -> None:
    script.coarse_steps, script.hold_before = 100, 41
    start_and_hold(drafting, script)
    drafting.button(key="stop").click().run()
    finish(drafting)
    assert on_easel(drafting, drafting.session_state["run"].job.progress.snapshot.image)
    assert any("41 of 100 iterations" in text.value for text in drafting.markdown)


def test_other_starts_have_no_draft(page: AppTest, script: fake_engine.Script) -> None:
    entry(page, "setting-init").set_value("noise").run()
    start_and_hold(page, script)
    assert page.session_state["run"].draft is None
    assert len(script.calls) == 1
