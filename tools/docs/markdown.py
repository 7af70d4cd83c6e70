"""Markdown tables and numbers, and generated sections of a page between <!-- name --> and <!-- end name -->."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Return the lines of a Markdown table with the header cells `head`."""
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(row) + " |" for row in rows)]


def number(value: float | None) -> str:
    """Format a number with three significant digits, or as a whole number from 100 up; return a dash for None."""
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def replaced(text: str, name: str, part: str) -> str:
    """Return `text`, a page, with the section between the markers of `name` replaced by `part`.

    Raises AssertionError if a marker is missing.
    """
    start, end = f"<!-- {name} -->\n", f"<!-- end {name} -->"
    before, found, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    assert found and closed, f"the page needs the marks {start.strip()} and {end}"
    return f"{before}{start}{part}\n{end}{after}"


def renew(page: Path, name: str, part: str) -> None:
    """Replace the section of a page file between the markers of `name` by `part`, and write the file."""
    page.write_text(replaced(page.read_text(encoding="utf-8"), name, part), encoding="utf-8")
