"""Markdown: tables, and generated sections of a page between the markers <!-- name --> and <!-- end name -->."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Return the lines of a table."""
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(row) + " |" for row in rows)]


def number(value: float | None) -> str:
    """Format a figure with three significant digits, or as a whole number from 100; a dash for None."""
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def replaced(text: str, name: str, part: str) -> str:
    """Return the text with `part` between the markers of that name."""
    start, end = f"<!-- {name} -->\n", f"<!-- end {name} -->"
    before, found, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    assert found and closed, f"the page needs the marks {start.strip()} and {end}"
    return f"{before}{start}{part}\n{end}{after}"


def renew(page: Path, name: str, part: str) -> None:
    """Write `part` between the markers of a page."""
    page.write_text(replaced(page.read_text(encoding="utf-8"), name, part), encoding="utf-8")
