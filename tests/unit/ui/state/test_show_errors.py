"""Errors on the page, as literal text."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nst.errors import InputError
from nst.ui.state.session_state import Entry
from nst.ui.state.show_errors import show_errors
from tests.support.studio_page import read

NASTY = "Cannot read '**bold** ![](http://x.y/z.png) :red[a].png'."


def page() -> None:
    from nst.errors import InputError
    from nst.ui.state.show_errors import show_errors
    from tests.unit.ui.state.test_show_errors import NASTY

    with show_errors(icon=":material/error:") as shown:
        raise InputError(NASTY)
    st.caption(shown.message == NASTY)
    with show_errors():
        pass


def test_a_message_is_shown_literally_in_its_place() -> None:
    ran = AppTest.from_string("import streamlit as st\n" + _source(page)).run()
    assert not ran.exception
    (error,) = ran.error
    assert read(error.value) == NASTY and r"\*\*bold" in error.value and error.icon == ":material/error:"
    assert ran.caption[0].value == "True"


def test_a_message_can_be_kept_for_another_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    problem: Entry[str | None] = Entry("problem", None)
    with show_errors(problem) as shown:
        raise InputError(NASTY)
    assert problem.value == shown.message == NASTY
    with show_errors(problem) as shown:
        pass
    assert problem.value == NASTY and not shown.message


def test_a_bug_is_no_message() -> None:
    with pytest.raises(KeyError), show_errors():
        raise KeyError("a bug")


def _source(function) -> str:
    import inspect
    import textwrap

    _, _, body = inspect.getsource(function).partition("\n")
    return textwrap.dedent(body)
