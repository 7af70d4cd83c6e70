"""Generated parts of Markdown pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.marked import renew, replaced

PAGE = "Before\n<!-- a -->\nold\n<!-- end a -->\nBetween\n<!-- b -->\n<!-- end b -->\nAfter\n"


def test_only_what_stands_between_its_own_marks_is_replaced() -> None:
    found = replaced(replaced(PAGE, "a", "new"), "b", "two\nlines")
    assert found == (
        "Before\n<!-- a -->\nnew\n<!-- end a -->\nBetween\n<!-- b -->\ntwo\nlines\n<!-- end b -->\nAfter\n"
    )
    assert replaced(found, "a", "new") == found


@pytest.mark.parametrize("page", ["no marks", "<!-- a -->\nnever closed", "<!-- end a -->"])
def test_a_page_without_marks_is_left_alone(page: str, tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(page)
    with pytest.raises(AssertionError, match="end a"):
        renew(path, "a", "new")
    assert path.read_text() == page
