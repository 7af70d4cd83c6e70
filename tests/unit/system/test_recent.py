"""A cache of what was used last, up to a total weight."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from nst.system.recent import Recent


def test_the_last_used_are_kept_up_to_a_weight() -> None:
    recent, made = Recent(10), []

    def get(key: str, weight: int) -> None:
        assert recent.get(key, weight, lambda: made.append(key) or key.upper()) == key.upper()

    for key, weight in (("a", 4), ("b", 4), ("a", 4), ("c", 4), ("a", 4), ("c", 4), ("b", 4)):
        get(key, weight)
    assert made == ["a", "b", "c", "b"]  # c took the place of b, which was used longest ago


def test_what_weighs_too_much_pushes_nothing_out() -> None:
    recent = Recent(10)
    recent.get("small", 4, lambda: 1)
    assert recent.get("large", 11, lambda: 2) == 2
    assert recent.get("large", 11, lambda: 3) == 3
    assert recent.get("small", 4, lambda: 4) == 1


def test_a_value_that_two_threads_make_counts_once() -> None:
    recent, together = Recent(10), threading.Barrier(2)

    def make() -> int:
        together.wait(10)  # both are at it: nobody waits for another's picture
        return 1

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: recent.get("same", 6, make), range(2))) == [1, 1]
    recent.get("other", 4, lambda: 2)
    assert recent.get("same", 6, lambda: 3) == 1


def test_a_failure_is_not_remembered() -> None:
    recent = Recent(10)
    with pytest.raises(ZeroDivisionError):
        recent.get("key", 1, lambda: 1 // 0)
    assert recent.get("key", 1, lambda: 5) == 5


def test_a_value_may_be_weighed_once_it_is_made() -> None:
    recent = Recent(10)
    for key in ("a", "bb", "c" * 8):
        recent.get(key, len, lambda key=key: key)
    assert [recent.known(key) for key in ("a", "bb", "c" * 8, "d")] == [None, "bb", "c" * 8, None]
    assert recent.get("e" * 11, len, lambda: "e" * 11) == "e" * 11
    assert recent.known("e" * 11) is None and recent.known("bb") == "bb"
