"""Generated parts of Markdown pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.docs.markdown import number, renew, replaced, table

PAGE = "Before\n<!-- a -->\nold\n<!-- end a -->\nBetween\n<!-- b -->\n<!-- end b -->\nAfter\n"


def test_only_the_text_between_the_markers_is_replaced() -> None:
    found = replaced(replaced(PAGE, "a", "new"), "b", "two\nlines")
    assert found == (
        "Before\n<!-- a -->\nnew\n<!-- end a -->\nBetween\n<!-- b -->\ntwo\nlines\n<!-- end b -->\nAfter\n"
    )
    assert replaced(found, "a", "new") == found


@pytest.mark.parametrize("page", ["no marks", "<!-- a -->\nnever closed", "<!-- end a -->"])
def test_a_page_without_markers_stays_unchanged(page: str, tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(page)
    with pytest.raises(AssertionError, match="end a"):
        renew(path, "a", "new")
    assert path.read_text() == page


def test_a_table_has_a_head_and_numbers_of_three_digits() -> None:
    figures = [number(value) for value in (0.13712, 12.345, 1234.5, None)]
    assert table(["a", "b", "c", "d"], [figures]) == [
        "| a | b | c | d |",
        "|---|---|---|---|",
        "| 0.137 | 12.3 | 1234 | - |",
    ]
