"""Progress in the title of the tab, and shortcuts; what a browser makes of them is in e2e/test_first_visit.py."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nst.ui.server import resources as server
from tests.support import fake_engine
from tests.support.studio_page import Others, finish, start, start_and_hold


@pytest.fixture
def titles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that the tab has been called, oldest first."""
    given: list[str] = []
    real = st.set_page_config

    def note(page_title: str, **others: object) -> None:
        given.append(page_title)
        real(page_title=page_title, **others)

    monkeypatch.setattr(st, "set_page_config", note)
    return given


def test_the_tab_counts_while_a_picture_is_painted(
    page: AppTest, script: fake_engine.Script, titles: list[str]
) -> None:
    page.run()
    assert titles[-1] == "NST Studio"
    script.hold_before = 26
    start_and_hold(page, script)
    assert titles[-1] == "25% · NST Studio"
    script.release()
    finish(page)
    page.run()
    assert titles[-1] == "NST Studio"


def test_the_tab_says_that_a_picture_waits(page: AppTest, titles: list[str]) -> None:
    others = Others(server.jobs(), 1)
    start(page)
    assert titles[-1] == "Waiting · NST Studio"
    others.let_go()


def test_start_and_stop_have_shortcuts_that_their_tooltips_name(page: AppTest, script: fake_engine.Script) -> None:
    begin = page.button(key="start")
    assert (begin.proto.shortcut, "Ctrl + Enter" in begin.help) == ("ctrl+enter", True)
    start_and_hold(page, script)
    stop = page.button(key="stop")
    assert (stop.proto.shortcut, "Ctrl + Shift + Enter" in stop.help) == ("ctrl+shift+enter", True)
