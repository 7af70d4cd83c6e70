"""Figures on a setting: evenness of steps, and equal effect over sizes and engines."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.control_tables import across, by_strength, curve, falls, shape, spread, unevenness, where, widest


def row(
    strength: float, style: float, *, size: int = 256, engine: str = "lite", pair: str = "a", **more: Any
) -> dict[str, Any]:
    asked = {"pair": pair, "engine": engine, "size": size, "strength": strength}
    return {"asked": asked, "scores": {"style": style, "content": 1 - style, "layout": 0.5, "noise": 0.25}, **more}


def test_spread_is_the_range_over_the_mean() -> None:
    assert spread([0.9, 1.0, 1.1]) == pytest.approx(0.2)
    assert spread([0.3, 0.3]) == 0


def test_a_step_that_stands_still_does_not_fall() -> None:
    assert falls([1.0, 0.6, 0.5])
    assert not falls([1.0, 0.6, 0.6])
    assert not falls([1.0, 0.6, 0.7, 0.5])


def test_equal_steps_are_even_and_one_step_for_all_is_as_uneven_as_there_are_steps() -> None:
    assert unevenness([1.0, 0.8, 0.6, 0.4]) == pytest.approx(1)
    assert unevenness([1.0, 0.2, 0.2, 0.2]) == pytest.approx(3)
    assert unevenness([1.0, 0.7, 0.6]) == pytest.approx(0.3 / 0.2)


def test_a_curve_is_the_mean_over_pairs_from_the_weakest_strength() -> None:
    rows = [row(100, 0.2), row(0, 1.0), row(100, 0.4, pair="b"), row(0, 0.8, pair="b")]
    assert curve(rows, "style") == pytest.approx([0.9, 0.3])
    assert curve(where(rows, pair="b"), "content") == pytest.approx([0.2, 0.6])


def test_a_strength_is_listed_with_its_style_at_every_size() -> None:
    rows = [row(0, 1.0), row(50, 0.5), row(0, 1.0, size=512), row(50, 0.7, size=512)]
    assert by_strength(rows) == [
        "| strength | style 256 | style 512 | spread | content | layout | noise |",
        "|---|---|---|---|---|---|---|",
        "| 0 | 1.000 | 1.000 | 0% | 0.000 | 0.500 | 0.250 |",
        "| 50 | 0.500 | 0.700 | 33% | 0.400 | 0.500 | 0.250 |",
    ]
    assert widest(rows) == pytest.approx(0.2 / 0.6)


def test_the_widest_spread_is_across_sizes_not_across_engines() -> None:
    rows = [row(50, 0.5), row(50, 0.6, size=512), row(50, 0.1, engine="fast"), row(50, 0.1, size=512, engine="fast")]
    assert widest(rows) == pytest.approx(0.1 / 0.55)


def test_engines_stand_side_by_side() -> None:
    rows = [row(50, 0.5), row(50, 0.3, size=512), row(50, 0.6, engine="fast"), row(50, 0.6, size=512, engine="fast")]
    assert across(rows)[2:] == ["| 50 | 0.400 | 0.600 | 40% |"]


def test_a_dial_is_described_by_pair_and_by_its_mean() -> None:
    half = {"halfway": {"blend": 3.0, "ends": 12.0}}
    rows = [row(0, 1.0), row(50, 0.4, **half), row(100, 0.2)]
    rows += [row(0, 1.0, pair="b"), row(50, 0.4, pair="b"), row(100, 0.6, pair="b")]  # turns back
    assert shape(rows)[2:] == ["| lite | 256 | 1 of 2 | 1 of 2 | 2.0 | 25% |"]
    assert shape([each for each in rows if "halfway" not in each and each["asked"]["pair"] == "b"])[2:] == [
        "| lite | 256 | 0 of 1 | 0 of 1 | 3.0 | - |"
    ]
