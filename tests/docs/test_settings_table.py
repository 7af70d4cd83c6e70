"""Table of all settings in docs/controls.md."""

from __future__ import annotations

from dataclasses import fields

import pytest

from nst.settings.engines import FastSettings, OptimizeSettings
from tools.docs.markdown import replaced
from tools.docs.settings_table import HEAD, MARK, PAGE, lines


@pytest.fixture(scope="module")
def cells() -> dict[str, dict[str, str]]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines()[2:]]
    return {row[0]: dict(zip(HEAD, row, strict=True)) for row in rows}


def test_every_setting_of_both_engines_has_a_row(cells: dict[str, dict[str, str]]) -> None:
    for kind in (OptimizeSettings, FastSettings):
        for entry in fields(kind):
            row = cells[f"`--{entry.name.replace('_', '-')}`"]
            assert entry.metadata["label"] in row["setting"]
            assert (row["during a run"] == "yes") >= entry.metadata["live"]


@pytest.mark.parametrize(
    ("flag", "column", "expected"),
    [
        ("style-scale", "range", "0.25 to 4"),
        ("color-amount", "range", "0 to 100 %"),
        ("pooling", "range", "average, max"),
        ("epsilon", "range", "0 or more"),
        ("style-layers", "range", "layers"),
        ("noise-origin", "range", "two whole numbers"),
        ("weights", "range", "a file or folder"),
        ("noise-origin", "default", "0,0"),
        ("size", "default", "512"),
        ("strength", "default", f"optimize: {OptimizeSettings().strength:g}; fast: {FastSettings().strength:g}"),
        ("strength", "engine", "both"),
        ("steps", "engine", "optimize"),
        ("noise-origin", "engine", "fast"),
        ("strength", "during a run", "yes"),
        ("size", "during a run", ""),
    ],
)
def test_a_row_shows_range_default_and_engines(
    cells: dict[str, dict[str, str]], flag: str, column: str, expected: str
) -> None:
    assert cells[f"`--{flag}`"][column] == expected


def test_the_page_has_the_current_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert replaced(text, MARK, "\n".join(lines())) == text, "run: python -m tools.docs.settings_table"
