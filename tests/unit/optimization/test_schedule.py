"""Levels of the pyramid: sizes that double, steps that add up."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nst.optimization.schedule import SMALLEST, plan


@example(size=(2048, 2897), levels=3, steps=6)  # as many levels as steps
@given(
    size=st.tuples(st.integers(16, 8192), st.integers(16, 8192)), levels=st.integers(1, 6), steps=st.integers(1, 10_000)
)
def test_every_plan_adds_up(size: tuple[int, int], levels: int, steps: int) -> None:
    found = plan(size, levels, steps)
    assert found[-1].size == size
    assert len(found) == 1 if levels == 1 else 1 <= len(found) <= levels + 4
    assert all(level.steps >= 1 for level in found)
    assert sum(level.steps for level in found) == steps
    for coarse, fine in itertools.pairwise(found):
        assert coarse.size == pytest.approx([side / 2 for side in fine.size], abs=1)
        assert min(coarse.size) >= SMALLEST - 1


def test_three_levels_of_a_laptop_sized_picture() -> None:
    assert [level.size for level in plan((512, 384), 3, 150)] == [(128, 96), (256, 192), (512, 384)]


def test_a_small_picture_has_no_level_that_is_too_small_to_see_anything_in() -> None:
    assert [level.size for level in plan((100, 80), 4, 50)] == [(100, 80)]


def test_a_large_picture_begins_as_coarse_and_takes_few_steps_at_its_full_size() -> None:
    found = plan((7680, 4320), 3, 200)
    assert found[0].size == (120, 68)
    assert [level.steps for level in found[1:]] == sorted((level.steps for level in found[1:]), reverse=True)
    assert work_a_pixel((7680, 4320)) < work_a_pixel((640, 360))


def work_a_pixel(size: tuple[int, int]) -> float:
    return sum(level.steps * level.pixels for level in plan(size, 3, 200)) / (size[0] * size[1])
