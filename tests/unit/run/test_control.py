"""Steering a run from another thread: what is asked for, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

import nst
from nst.errors import SettingsError
from nst.run.control import Control, EngineControl
from nst.run.regions import Region
from nst.settings.engines import PAINTED_COLORS
from tests.support import fake_engine
from tests.support.pictures import gradient

PHOTO = gradient(60, 40)
REGIONS = [Region(None, strength=30), Region(PHOTO, strength=0)]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> fake_engine.Script:
    return fake_engine.install(monkeypatch)


def stream(control: Control, **more: Any) -> list[nst.Snapshot]:
    return list(nst.stream(PHOTO, PHOTO, nst.OptimizeSettings(steps=3), control=control, **more))


def test_people_see_their_own_methods_only() -> None:
    named = {name for name in dir(Control()) if not name.startswith("_")}
    assert named == {"stop", "pause", "resume", "save", "update", "stopped"}


def test_it_collects_what_is_asked_for() -> None:
    control = Control()
    engine = EngineControl(control)
    assert engine.strength is None and engine.regions == {}
    control.update(regions={0: 20, 3: 40})
    control.update(strength=50)
    control.update(regions={0: 0})
    assert engine.strength == 50 and engine.regions == {0: 0, 3: 40}
    for asked in ({"strength": 101}, {"regions": {0: -1}}, {"regions": {0: float("nan")}}):
        with pytest.raises(SettingsError, match="strength must be between 0 and 100"):
            control.update(**asked)
    assert engine.strength == 50 and engine.regions == {0: 0, 3: 40}


@pytest.mark.parametrize("number", [2, -1])
def test_a_running_run_refuses_a_region_that_it_does_not_have(number: int) -> None:
    control = Control()
    engine = EngineControl(control)
    engine.begin(2, PAINTED_COLORS)
    control.update(regions={0: 10, 1: 20})
    with pytest.raises(SettingsError, match=f"no region number {number}: it has 2, counted from 0"):
        control.update(strength=5, regions={0: 90, number: 20})
    assert engine.strength is None and engine.regions == {0: 10, 1: 20}


@pytest.mark.parametrize("settings", [nst.OptimizeSettings(steps=3), nst.FastSettings()])
def test_every_engine_s_run_says_how_many_regions_it_has(script: fake_engine.Script, settings: Any) -> None:
    control = Control()
    for _ in nst.stream(PHOTO, PHOTO, settings, regions=REGIONS, control=control):
        control.update(regions={1: 20})
        with pytest.raises(SettingsError, match="no region number 2"):
            control.update(regions={2: 20})
    assert script.calls[0]["control"].regions == {1: 20}


def test_invalid_early_request_is_refused_at_the_start(script: fake_engine.Script) -> None:
    control = Control()
    control.update(regions={1: 20})
    with pytest.raises(SettingsError, match="no region number 1: it has none"):
        nst.stream(PHOTO, PHOTO, control=control)
    assert script.calls == []
    assert len(stream(control, regions=REGIONS)) == 3


# Colors


def test_colors_and_their_amount_are_collected_each_by_itself() -> None:
    control = Control()
    engine = EngineControl(control)
    assert engine.colors is None and engine.color_amount is None
    control.update(color_amount=40)
    control.update(colors="matched")
    control.update(strength=50)
    assert (engine.colors, engine.color_amount) == ("matched", 40)
    control.update(colors="style")
    control.update(colors="photo", color_amount=0)
    assert (engine.colors, engine.color_amount) == ("photo", 0)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"colors": "pink"}, "can change to style, photo, matched; received 'pink'"),
        ({"colors": "palette"}, "can change to style, photo, matched; received 'palette'"),
        ({"colors": 3}, "can change to style, photo, matched; received 3"),
        ({"color_amount": 101}, "color_amount must be between 0 and 100 %, received 101"),
        ({"color_amount": float("nan")}, "color_amount must be a number, received nan"),
        ({"color_amount": "much"}, "color_amount must be a number, received 'much'"),
        ({"colors": "style", "color_amount": 40}, "color_amount requires .* received 40 with colors='style'"),
    ],
)
def test_colors_that_cannot_be_are_refused_and_nothing_changes(asked: dict[str, Any], said: str) -> None:
    control = Control()
    engine = EngineControl(control)
    control.update(strength=10, colors="photo", color_amount=30)
    with pytest.raises(SettingsError, match=said):
        control.update(strength=90, regions={0: 90}, **asked)
    assert (engine.strength, engine.regions) == (10, {})
    assert (engine.colors, engine.color_amount) == ("photo", 30)


@pytest.mark.parametrize("settings", [nst.OptimizeSettings(steps=3), nst.FastSettings()])
def test_a_run_in_the_colors_of_another_painting_keeps_them(script: fake_engine.Script, settings: Any) -> None:
    control = Control()
    for _ in nst.stream(PHOTO, PHOTO, settings, color_style=PHOTO, control=control):
        control.update(colors="style")
        with pytest.raises(SettingsError, match=r"change to style; received 'photo'.* without a color_style"):
            control.update(colors="photo")
    assert script.calls[0]["control"].colors == "style"


def test_recoloring_cannot_change_to_painting() -> None:
    control = Control()
    for _ in nst.stream(PHOTO, PHOTO, nst.FastSettings(colors="palette"), control=control):
        with pytest.raises(SettingsError, match="change to palette; received 'photo'"):
            control.update(colors="photo")


@pytest.mark.parametrize("more", [{"color_style": PHOTO}, {"settings": nst.FastSettings(colors="palette")}])
def test_colors_that_were_asked_for_before_are_refused_as_the_run_begins(
    script: fake_engine.Script, more: dict[str, Any]
) -> None:
    control = Control()
    control.update(colors="matched")
    with pytest.raises(SettingsError, match="received 'matched'"):
        nst.stream(PHOTO, PHOTO, control=control, **more)
    assert script.calls == []
