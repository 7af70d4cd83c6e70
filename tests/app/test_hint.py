"""The steps of a first visit; that they can be put away is held in a browser (tests/e2e/test_first_visit.py)."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from nst.ui.widgets import hint


def test_the_page_brings_them(page: AppTest) -> None:
    assert "nst-hint" in {each.proto.component_name for each in page.get("bidi_component")}


def test_first_steps_name_the_start_button(page: AppTest) -> None:
    steps = (Path(hint.__file__).parent / "hint.html").read_text()
    assert steps.count("<li>") == 3
    assert f"<b>{page.button(key='start').label}</b>" in steps
