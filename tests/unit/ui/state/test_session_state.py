"""Entries of the session, with a dictionary in the place of Streamlit's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import streamlit as st

from nst.ui.state.session_state import Entry, Latest
from tests.support.paths import ROOT


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    found: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", found)
    return found


def test_an_entry_has_its_default_until_it_is_set(state: dict[str, Any]) -> None:
    entry = Entry("name", 3)
    assert entry.value == 3
    entry.value = 5
    assert entry.value == 5 and state == {"name": 5}
    assert entry.setdefault(7) == 5


def test_a_default_that_is_changed_in_place_stays_in_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    entry: Entry[list[int]] = Entry("names", [])
    entry.value.append(1)
    assert entry.value == [1]
    monkeypatch.setattr(st, "session_state", {})
    assert entry.value == []


def test_a_value_is_computed_once_for_the_latest_objects() -> None:
    latest: Latest[int] = Latest("sum")
    made: list[int] = []

    def of(*arrays: np.ndarray) -> int:
        def make() -> int:
            made.append(sum(int(each.sum()) for each in arrays))
            return made[-1]

        return latest.of(*arrays, make=make)

    one, two = np.ones(3), np.ones(3)
    assert [of(one, two), of(one, two), of(two, two), of(one, two)] == [6, 6, 6, 6]
    assert len(made) == 3


def test_no_other_module_has_entries() -> None:
    package = ROOT / "nst"
    users = {path.name for path in package.rglob("*.py") if "st.session_state" in path.read_text(encoding="utf-8")}
    assert users == {"session_state.py"}


def test_no_key_is_used_twice() -> None:
    from nst.ui.state import session_state

    entries = [each for each in vars(session_state).values() if isinstance(each, Entry)]
    entries += [each._entry for each in vars(session_state).values() if isinstance(each, Latest)]
    entries += [each for gallery in session_state.galleries.values() for each in vars(gallery).values()]
    keys = [each.key for each in entries]
    assert len(keys) > 40 and len(keys) == len(set(keys))
