"""Table of all settings, up to date in docs/controls.md."""

from __future__ import annotations

from dataclasses import fields

import pytest

from benchmarks.marked import replaced
from benchmarks.settings_table import HEAD, MARK, PAGE, lines
from nst.settings.engines import FastSettings, OptimizeSettings


@pytest.fixture(scope="module")
def cells() -> dict[str, dict[str, str]]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines()[2:]]
    return {row[0]: dict(zip(HEAD, row, strict=True)) for row in rows}


def test_every_setting_of_both_engines_has_a_row_with_its_label(cells: dict[str, dict[str, str]]) -> None:
    for kind in (OptimizeSettings, FastSettings):
        for entry in fields(kind):
            row = cells[f"`--{entry.name.replace('_', '-')}`"]
            assert entry.metadata["label"] in row["setting"]
            assert (row["during a run"] == "yes") >= entry.metadata["live"]


def test_a_row_says_what_a_setting_may_be(cells: dict[str, dict[str, str]]) -> None:
    assert cells["`--style-scale`"]["range"] == "0.25 to 4"
    assert cells["`--color-amount`"]["range"] == "0 to 100 %"
    assert cells["`--pooling`"]["range"] == "average, max"
    assert cells["`--tv-weight`"]["range"] == "0 to 100"
    assert cells["`--epsilon`"]["range"] == "0 or more"
    assert cells["`--style-layers`"]["range"] == "layers"
    assert cells["`--noise-origin`"]["range"] == "two whole numbers"
    assert cells["`--noise-origin`"]["default"] == "0,0"
    assert cells["`--weights`"]["range"] == "a file or folder"


def test_a_row_tells_the_engines_apart_where_they_differ(cells: dict[str, dict[str, str]]) -> None:
    expected = f"optimize: {OptimizeSettings().strength:g}; fast: {FastSettings().strength:g}"
    assert cells["`--strength`"]["default"] == expected
    assert cells["`--strength`"]["engine"] == cells["`--size`"]["engine"] == "both"
    assert cells["`--steps`"]["engine"] == "optimize"
    assert cells["`--noise-origin`"]["engine"] == "fast"
    assert cells["`--size`"]["default"] == "512"


def test_strength_may_be_turned_while_a_run_is_at_work_and_the_size_may_not(cells: dict[str, dict[str, str]]) -> None:
    assert cells["`--strength`"]["during a run"] == "yes"
    assert cells["`--size`"]["during a run"] == ""


def test_the_page_has_the_table_as_it_is_today() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert replaced(text, MARK, "\n".join(lines())) == text, "run: python -m benchmarks.settings_table"
