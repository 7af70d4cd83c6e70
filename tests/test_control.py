"""Steering a run from another thread: what is asked for, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

import nst
from nst.control import Control
from nst.errors import SettingsError
from nst.regions import Region
from tests import fake_engine
from tests.pictures import gradient

PHOTO = gradient(60, 40)
REGIONS = [Region(None, strength=30), Region(PHOTO, strength=0)]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> fake_engine.Script:
    return fake_engine.install(monkeypatch)


def stream(control: Control, **more: Any) -> list[nst.Snapshot]:
    return list(nst.stream(PHOTO, PHOTO, nst.OptimizeSettings(steps=3), control=control, **more))


def test_it_collects_what_is_asked_for() -> None:
    control = Control()
    assert control.strength is None and control.regions == {}
    control.update(regions={0: 20, 3: 40})
    control.update(strength=50)
    control.update(regions={0: 0})
    assert control.strength == 50 and control.regions == {0: 0, 3: 40}
    for asked in ({"strength": 101}, {"regions": {0: -1}}, {"regions": {0: float("nan")}}):
        with pytest.raises(SettingsError, match="strength must be between 0 and 100"):
            control.update(**asked)
    assert control.strength == 50 and control.regions == {0: 0, 3: 40}


@pytest.mark.parametrize("number", [2, -1])
def test_a_running_run_refuses_a_region_that_it_does_not_have(number: int) -> None:
    control = Control()
    control.begin(2)
    control.update(regions={0: 10, 1: 20})
    with pytest.raises(SettingsError, match=f"no region number {number}: it has 2, counted from 0"):
        control.update(strength=5, regions={0: 90, number: 20})
    assert control.strength is None and control.regions == {0: 10, 1: 20}


@pytest.mark.parametrize("settings", [nst.OptimizeSettings(steps=3), nst.FastSettings()])
def test_every_engine_s_run_says_how_many_regions_it_has(script: fake_engine.Script, settings: Any) -> None:
    control = Control()
    for _ in nst.stream(PHOTO, PHOTO, settings, regions=REGIONS, control=control):
        control.update(regions={1: 20})
        with pytest.raises(SettingsError, match="no region number 2"):
            control.update(regions={2: 20})
    assert script.calls[0]["control"].regions == {1: 20}


def test_what_was_asked_for_before_is_refused_as_the_run_begins(script: fake_engine.Script) -> None:
    control = Control()
    control.update(regions={1: 20})
    with pytest.raises(SettingsError, match="no region number 1: it has none"):
        nst.stream(PHOTO, PHOTO, control=control)
    assert script.calls == []
    assert len(stream(control, regions=REGIONS)) == 3
