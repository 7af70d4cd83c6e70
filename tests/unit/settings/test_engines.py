"""Invalid settings raise errors that name field, value and range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import FrozenInstanceError, fields
from functools import partial
from types import NoneType, UnionType
from typing import get_args, get_origin, get_type_hints

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nst.errors import SettingsError
from nst.run.control import Control
from nst.settings.engines import DEFAULT_STRENGTH, FastSettings, OptimizeSettings
from nst.settings.fields import FARTHEST, LayerWeights, Position, parse_layers, parse_place

FIELDS = {entry.name: entry for entry in fields(OptimizeSettings)}
RANGED = [name for name, entry in FIELDS.items() if entry.metadata["minimum"] is not None]
CHOSEN = [name for name, entry in FIELDS.items() if entry.metadata["choices"]]
ADAM = {"learning_rate", "beta_1", "epsilon"}


def make(name: str, value: object) -> OptimizeSettings:
    """Settings with one of them given, and with what it belongs to."""
    company = {"optimizer": "adam"} if name in ADAM else {"colors": "photo"} if name == "color_amount" else {}
    return OptimizeSettings(**company, **{name: value})


def is_whole(name: str) -> bool:
    return FIELDS[name].metadata["kind"] == "whole"


# Metadata

KINDS = {int: "whole", float: "number", LayerWeights: "layers", Position: "position", str: "path"}


@pytest.mark.parametrize("settings", [OptimizeSettings, FastSettings])
def test_metadata_agrees_with_the_annotations(settings):
    annotations = get_type_hints(settings)
    for entry in fields(settings):
        annotation = annotations[entry.name]
        options = get_args(annotation) if get_origin(annotation) is UnionType else (annotation,)
        kind, choices = entry.metadata["kind"], entry.metadata["choices"]
        assert entry.metadata["optional"] is (NoneType in options)
        assert choices == (get_args(annotation) if kind == "choice" else ())
        assert kind == KINDS.get(options[0], "choice")


# Validation


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("steps", -5, "steps must be between 1 and 10000, received -5."),
        ("steps", 2.5, "steps must be a whole number, received 2.5."),
        ("steps", True, "steps must be a whole number, received True."),
        ("steps", None, "steps must be a whole number, received None."),
        ("steps", "many", "steps must be a whole number, received 'many'."),
        ("size", 12, "size must be between 32 and 8192 px, received 12."),
        ("strength", 101, "strength must be between 0 and 100, received 101."),
        ("strength", math.nan, "strength must be a number, received nan."),
        ("tv_weight", 101.0, "tv_weight must be between 0 and 100, received 101."),
        ("style_weight", -0.5, "style_weight must be at least 0, received -0.5."),
        ("style_weight", math.inf, "style_weight must be a number, received inf."),
        ("network", "vgg16", "network must be one of auto, vgg19, lite; received 'vgg16'."),
        ("init", "", "init must be one of content, noise, image, fast; received ''."),
    ],
)
def test_messages_name_field_value_and_range(name, value, message):
    with pytest.raises(SettingsError) as caught:
        make(name, value)
    assert str(caught.value) == message


@given(name=st.sampled_from(RANGED), value=st.one_of(st.integers(), st.floats(), st.booleans(), st.text(max_size=3)))
def test_no_value_outside_its_range_is_ever_accepted(name, value):
    low, high = FIELDS[name].metadata["minimum"], FIELDS[name].metadata["maximum"]
    number = not isinstance(value, bool) and isinstance(value, int if is_whole(name) else (int, float))
    fits = number and math.isfinite(value) and low <= value and (high is None or value <= high)
    if fits:
        assert getattr(make(name, value), name) == value
    else:
        with pytest.raises(SettingsError, match=name):
            make(name, value)


@pytest.mark.parametrize("name", RANGED)
def test_both_ends_of_a_range_are_accepted(name):
    low, high = FIELDS[name].metadata["minimum"], FIELDS[name].metadata["maximum"]
    for end in (low, high) if high is not None else (low,):
        assert getattr(make(name, end), name) == end


@given(name=st.sampled_from(CHOSEN), value=st.text(max_size=12))
def test_only_the_choices_are_accepted(name, value):
    if value not in FIELDS[name].metadata["choices"]:
        with pytest.raises(SettingsError, match=f"{name} must be one of"):
            make(name, value)


@pytest.mark.parametrize("name", CHOSEN)
def test_each_choice_is_accepted(name):
    for choice in FIELDS[name].metadata["choices"]:
        assert getattr(OptimizeSettings(**{name: choice}), name) == choice


def test_settings_are_frozen_and_keyword_only():
    with pytest.raises(FrozenInstanceError):
        OptimizeSettings().steps = 3
    with pytest.raises(TypeError):
        OptimizeSettings(60)


# What is resolved


def test_strength_is_there_where_no_raw_weights_are():
    assert OptimizeSettings().strength == DEFAULT_STRENGTH
    raw = OptimizeSettings(style_weight=5)
    assert (raw.strength, raw.content_weight, raw.style_weight) == (None, 1.0, 5)


@pytest.mark.parametrize("raw", [{"content_weight": 1.0}, {"style_weight": 2.0}])
def test_strength_and_raw_weights_exclude_each_other(raw):
    with pytest.raises(SettingsError, match=r"strength and raw weights cannot be combined: received strength=40"):
        OptimizeSettings(strength=40, **raw)


@pytest.mark.parametrize("name", sorted(ADAM))
def test_adams_settings_belong_to_adam(name):
    assert getattr(OptimizeSettings(optimizer="adam"), name) is not None
    with pytest.raises(SettingsError, match=f"{name} requires optimizer='adam', received 0.5 with 'lbfgs'"):
        OptimizeSettings(**{name: 0.5})


@pytest.mark.parametrize("kind", [OptimizeSettings, FastSettings])
def test_an_amount_belongs_to_colors_of_which_there_is_more_or_less(kind):
    for colors in ("photo", "matched"):
        assert kind(colors=colors, color_amount=40).color_amount == 40
    for colors in ("style", "palette"):
        assert kind(colors=colors, color_amount=100) == kind(colors=colors)
        with pytest.raises(SettingsError, match=f"color_amount requires .*, received 40 with colors='{colors}'"):
            kind(colors=colors, color_amount=40)


def test_noise_has_all_the_freedom_there_is():
    assert OptimizeSettings(init="noise", init_noise=0) == OptimizeSettings(init="noise")
    with pytest.raises(SettingsError, match=r"init_noise has no effect with init='noise', received init_noise=30"):
        OptimizeSettings(init="noise", init_noise=30)


# What may change in mid-run


@pytest.mark.parametrize("kind", [OptimizeSettings, FastSettings])
def test_a_run_can_be_told_of_those_settings_that_say_so_and_of_no_others(kind):
    for entry in fields(kind):
        told = partial(Control().update, **{entry.name: getattr(kind(), entry.name)})
        if entry.metadata["live"]:
            told()
        else:
            with pytest.raises(TypeError, match=entry.name):
                told()


# Layers


@pytest.mark.parametrize(
    "written",
    ["a,b:0.5", " a , b:0.5 ", ["a", "b:0.5"], ("a", ("b", 0.5)), (("a", 1.0), ("b", 0.5))],
)
def test_layers_may_be_written_in_several_ways(written):
    assert parse_layers(written, "style_layers") == (("a", 1.0), ("b", 0.5))
    assert OptimizeSettings(style_layers=written).style_layers == (("a", 1.0), ("b", 0.5))


@pytest.mark.parametrize("wrong", ["", "a,", "a,a", ":1", "a:b", "a:-1", "a:nan", "a:inf", "a:0", [], [("a", "b")]])
def test_layers_that_make_no_sense_are_refused(wrong):
    with pytest.raises(SettingsError, match="style_layers"):
        OptimizeSettings(style_layers=wrong)


NAME = st.from_regex(r"block[1-5]_conv[1-4]", fullmatch=True)


@given(st.dictionaries(NAME, st.floats(0.001, 1000), min_size=1))
def test_layers_survive_being_written_down(layers):
    text = ",".join(f"{name}:{weight!r}" for name, weight in layers.items())
    assert parse_layers(text, "content_layers") == tuple(layers.items())


# Places


@pytest.mark.parametrize(
    "written", ["12,-5", " 12 , -5 ", (12, -5), [12, -5], ["12", "-5"], np.array([12, -5], np.int16)]
)
def test_a_place_may_be_written_in_several_ways(written: str | Sequence[int]) -> None:
    for found in (parse_place(written, "noise_origin"), FastSettings(noise_origin=written).noise_origin):
        assert found == (12, -5)
        assert [type(part) for part in found] == [int, int]


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "12",
        "1,2,3",
        "1,",
        "a,b",
        "1.5,2",
        (1,),
        (1, 2, 3),
        (1.0, 2),
        (1, None),
        (True, False),
        7,
        None,
        "1," * 9999,
    ],
)
def test_a_place_that_is_none_is_refused(wrong: object) -> None:
    with pytest.raises(SettingsError, match=r"^noise_origin must be two whole numbers x,y; received ") as caught:
        FastSettings(noise_origin=wrong)
    assert len(str(caught.value)) < 200


def test_a_place_lies_on_the_field() -> None:
    assert FastSettings(noise_origin=(FARTHEST, -FARTHEST)).noise_origin == (FARTHEST, -FARTHEST)
    for far in ((FARTHEST + 1, 0), (0, -FARTHEST - 1), f"{10**400},0"):
        with pytest.raises(SettingsError, match=f"noise_origin must be within {FARTHEST} pixels"):
            FastSettings(noise_origin=far)


# The network's former name


def test_the_former_name_of_the_network_fast_is_known() -> None:
    assert FastSettings(network="micro") == FastSettings(network="fast") == FastSettings()
    with pytest.raises(SettingsError, match="network must be one of fast, magenta; received 'mikro'"):
        FastSettings(network="mikro")


# Presets


def test_published_losses_compare_gram_matrices() -> None:
    with pytest.raises(SettingsError, match=r"requires style_loss='gram', received 'moments'. Change one of the two"):
        OptimizeSettings(formulation="tutorial", style_loss="moments")
    assert OptimizeSettings(style_loss="wasserstein").formulation == "normalized"
