"""Strengths of a run and its regions: what they begin as, how they are turned, and how they are kept."""

from __future__ import annotations

import numpy as np
import pytest

from nst.dials import Dials
from nst.errors import SettingsError
from nst.regions import Region
from nst.settings import OptimizeSettings

SIZE = (30, 20)  # (width, height)
MASK = np.zeros((20, 30), bool)
MASK[:, :9] = True
RAW = OptimizeSettings(style_weight=5.0)


def dials(*regions: Region, settings: OptimizeSettings | None = None) -> Dials:
    return Dials.of(settings or OptimizeSettings(strength=70), regions, SIZE, 1)


def test_a_picture_that_is_one_has_one_strength() -> None:
    found = dials()
    assert found.parts is None and found.strengths == (70,) and found.cover(SIZE) is None


def test_only_parts_that_are_painted_count() -> None:
    found = dials(Region(MASK, strength=0), Region(~MASK, strength=20))
    assert found.painted == (0, 2) and found.strengths == (70, 20)
    assert found.turned(0, {}).painted == (2,)
    assert found.turned(0, {0: 0, 1: 0}).painted == (0,)  # one to look at, with nothing to paint
    assert found.turned(0, {0: 0, 1: 0}).strengths == (0,)


def test_what_is_not_turned_stays() -> None:
    found = dials(Region(MASK, strength=30), Region(None))
    assert found.turned(None, {0: 5}).strengths == (70, 5)
    assert found.turned(40, {}).strengths == (40, 30)
    assert found.turned(40, {1: 60}).strengths == (60, 30)
    assert found.same(found.turned(70, {0: 30})) and not found.same(found.turned(None, {0: 31}))
    assert not found.same(found.turned(None, {1: 70}))  # its own from now on, whatever the run's becomes


def test_strengths_are_kept_and_found_again() -> None:
    regions = Region(MASK, strength=30), Region(None), Region(MASK)
    turned = dials(*regions).turned(40, {2: 0})
    state = turned.state()
    np.testing.assert_array_equal(state["regions"], [30, np.nan, 0])
    assert dials(*regions).restored(state).same(turned)
    assert dials().restored(dials().turned(12, {}).state()).strength == 12
    raw = dials(Region(MASK, strength=0), settings=RAW)
    assert "strength" not in raw.state() and raw.restored(raw.state()).same(raw)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_strengths_of_other_regions_are_refused(count: int) -> None:
    state = dials(Region(MASK), Region(MASK)).state()
    with pytest.raises(SettingsError, match=f"a run with 2 regions, received {count}"):
        dials(*[Region(MASK)] * count).restored(state)


def test_raw_weights_know_parts_that_are_painted_and_parts_that_are_not() -> None:
    found = dials(Region(MASK, strength=0), settings=RAW)
    assert found.strengths == (None,) and found.painted == (0,)
    assert found.turned(50, {0: 50}) is found
    with pytest.raises(SettingsError, match="not with raw weights: received 30 with style_weight=5"):
        dials(Region(MASK, strength=30), settings=RAW)
