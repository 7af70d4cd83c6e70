"""NumPy's integers and floats are numbers, wherever one is asked for."""

from __future__ import annotations

import json

import numpy as np
import pytest

import nst
from nst.errors import SettingsError
from nst.recipes.json import from_json, to_json
from nst.recipes.recipe import InputImage, Recipe
from nst.run.control import Control, EngineControl
from nst.run.inputs import Inputs
from nst.run.regions import Region
from nst.settings.engines import FastSettings, OptimizeSettings
from nst.settings.fields import plain
from nst.training.style_settings import StyleTraining
from tests.support.pictures import gradient


@pytest.mark.parametrize("kind", [np.int8, np.int64, np.uint16])
def test_integers(kind):
    settings = OptimizeSettings(steps=kind(7), size=kind(64), strength=kind(50), seed=kind(3))
    assert settings == OptimizeSettings(steps=7, size=64, strength=50, seed=3)
    assert type(settings.steps) is int and type(settings.size) is int
    assert StyleTraining(steps=kind(9)).steps == 9
    assert FastSettings(noise_origin=(kind(1), kind(2))).noise_origin == (1, 2)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_floats(kind):
    settings = OptimizeSettings(strength=kind(50), tv_weight=kind(2.5), style_scale=kind(0.5))
    assert settings == OptimizeSettings(strength=50.0, tv_weight=2.5, style_scale=0.5)
    assert type(settings.tv_weight) is float
    with pytest.raises(SettingsError, match=r"steps must be a whole number, received 2\.0"):
        OptimizeSettings(steps=kind(2))
    with pytest.raises(SettingsError, match="strength must be a number, received nan"):
        OptimizeSettings(strength=kind("nan"))


@pytest.mark.parametrize("value", [True, np.True_, "1", None, np.array([1.0])])
def test_what_is_no_number_stays_as_it_is(value):
    assert plain(value) is value
    with pytest.raises(SettingsError, match="steps must be a whole number"):
        OptimizeSettings(steps=value)


def test_regions_weights_amounts_and_live_changes():
    region = Region(None, style=np.int64(1), strength=np.float32(40), feather=np.float32(1))
    assert (region.style, region.strength, region.feather) == (1, 40, 1)
    assert Inputs(gradient(), [gradient()] * 2, np.array([1, 3], np.float32)).shares == (1.0, 3.0)
    assert nst.blend(gradient(), gradient(), np.float32(50)).shape == gradient().shape
    control = Control()
    control.update(strength=np.float32(30), regions={np.int64(0): np.float32(20)})
    asked = EngineControl(control)
    assert (asked.strength, asked.regions) == (30, {0: 20})


def test_recipes_of_them_can_be_written_and_read():
    recipe = Recipe(
        settings=OptimizeSettings(steps=np.int64(7), strength=np.float32(50)),
        content=InputImage("photo", "0" * 32),
        styles=(InputImage("a", "1" * 32), InputImage("b", "2" * 32)),
        style_weights=tuple(np.array([1, 3], np.float32)),
    )
    assert json.loads(to_json(recipe))["settings"]["steps"] == 7
    assert from_json(to_json(recipe)) == recipe
