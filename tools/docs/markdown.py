"""Generated sections of a Markdown page, between the markers <!-- name --> and <!-- end name -->."""

from __future__ import annotations

from pathlib import Path


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
