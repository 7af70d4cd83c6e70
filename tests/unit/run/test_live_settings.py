"""Strengths of a run and its regions, and its colors: what they begin as, how they are turned, how they are kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nst.errors import SettingsError
from nst.images.color_transfer import Coloring
from nst.run.control import Control, EngineControl
from nst.run.live_settings import LiveSettings
from nst.run.protection import Protection
from nst.run.regions import Region, RegionSet
from nst.settings.engines import OptimizeSettings

SIZE = (30, 20)  # (width, height)
MASK = np.zeros((20, 30), bool)
MASK[:, :9] = True
RAW = OptimizeSettings(style_weight=5.0)


def live_settings(*regions: Region, settings: OptimizeSettings | None = None) -> LiveSettings:
    parts = RegionSet.of(regions, SIZE, 1) if regions else None
    return LiveSettings.of(settings or OptimizeSettings(strength=70), parts)


def test_a_picture_that_is_one_has_one_strength() -> None:
    found = live_settings()
    assert found.parts is None and found.strengths == (70,) and found.coverage(SIZE) is None


def test_only_parts_that_are_painted_count() -> None:
    found = live_settings(Region(MASK, strength=0), Region(~MASK, strength=20))
    assert found.painted == (0, 2) and found.strengths == (70, 20)
    assert found.with_values(0, {}).painted == (2,)
    assert found.with_values(0, {0: 0, 1: 0}).painted == (0,)  # one to look at, with nothing to paint
    assert found.with_values(0, {0: 0, 1: 0}).strengths == (0,)


def test_unchanged_settings_stay() -> None:
    found = live_settings(Region(MASK, strength=30), Region(None))
    assert found.with_values(None, {0: 5}).strengths == (70, 5)
    assert found.with_values(40, {}).strengths == (40, 30)
    assert found.with_values(40, {1: 60}).strengths == (60, 30)
    assert found.same(found.with_values(70, {0: 30})) and not found.same(found.with_values(None, {0: 31}))
    assert not found.same(found.with_values(None, {1: 70}))  # its own from now on, whatever the run's becomes


def test_strengths_are_kept_and_found_again() -> None:
    regions = Region(MASK, strength=30), Region(None), Region(MASK)
    with_values = live_settings(*regions).with_values(40, {2: 0})
    state = with_values.state()
    np.testing.assert_array_equal(state["regions"], [30, np.nan, 0])
    assert live_settings(*regions).restored(state).same(with_values)
    assert live_settings().restored(live_settings().with_values(12, {}).state()).strength == 12
    raw = live_settings(Region(MASK, strength=0), settings=RAW)
    assert "strength" not in raw.state() and raw.restored(raw.state()).same(raw)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_strengths_of_other_regions_are_refused(count: int) -> None:
    state = live_settings(Region(MASK), Region(MASK)).state()
    with pytest.raises(SettingsError, match=f"a run with 2 regions, received {count}"):
        live_settings(*[Region(MASK)] * count).restored(state)


def test_raw_weights_know_parts_that_are_painted_and_parts_that_are_not() -> None:
    found = live_settings(Region(MASK, strength=0), settings=RAW)
    assert found.strengths == (None,) and found.painted == (0,)
    assert found.with_values(50, {0: 50}).same(found)
    assert found.with_values(None, {}, "matched", 20).coloring == Coloring("matched", 20)
    with pytest.raises(SettingsError, match="with raw weights: received strength 30 with style_weight=5"):
        live_settings(Region(MASK, strength=30), settings=RAW)


# Colors


def test_colors_begin_as_the_settings_say_and_each_is_turned_by_itself() -> None:
    found = live_settings(settings=OptimizeSettings(colors="photo", color_amount=40))
    assert found.coloring == Coloring("photo", 40)
    assert found.with_values(None, {}, "style").with_values(None, {}, "matched").coloring == Coloring("matched", 40)
    assert found.with_values(None, {}, None, 0).coloring == Coloring("photo", 0)
    assert found.with_values(5, {}).coloring == found.coloring
    for colors, amount in (("matched", None), (None, 41)):
        assert not found.same(found.with_values(None, {}, colors, amount))
    assert found.same(found.with_values(None, {}, "photo", 40))


def test_all_of_it_is_turned_as_a_control_says() -> None:
    control, found = Control(), live_settings(Region(MASK, strength=30))
    assert found.updated(EngineControl(control)).same(found)
    control.update(strength=12, regions={0: 60}, colors="photo", color_amount=7)
    assert found.updated(EngineControl(control)).same(found.with_values(12, {0: 60}, "photo", 7))


def test_colors_are_kept_as_plain_arrays_and_found_again(tmp_path: Path) -> None:
    for each in (live_settings(), live_settings(settings=RAW)):
        with_values = each.with_values(None, {}, "matched", 35)
        np.savez(tmp_path / "state.npz", allow_pickle=False, **with_values.state())
        with np.load(tmp_path / "state.npz", allow_pickle=False) as state:
            assert each.restored(state).same(with_values)


def test_a_checkpoint_of_a_version_that_knew_no_turned_colors_leaves_those_of_the_settings() -> None:
    found = live_settings(settings=OptimizeSettings(colors="photo", color_amount=40))
    assert found.restored({"strength": np.array(5.0)}).same(found.with_values(5, {}))


def test_the_protection_is_changed_saved_and_restored() -> None:
    first = LiveSettings.of(OptimizeSettings(strength=70), None, Protection(MASK, 40))
    turned = first.with_values(None, {}, recognizable=90)
    assert (first.recognizable, turned.recognizable) == (40, 90)
    assert not first.same(turned)
    assert first.restored(turned.state()).recognizable == 90
    assert live_settings().with_values(None, {}, recognizable=90).recognizable is None
