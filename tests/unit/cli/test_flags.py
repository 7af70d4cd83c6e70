"""Flags and fields are held together, for every engine."""

from __future__ import annotations

import argparse
from dataclasses import Field, fields
from typing import Any

import pytest

from nst.cli import build_parser
from nst.cli.flags import given, settings
from nst.errors import SettingsError
from nst.settings.engines import ADAM, FastSettings, OptimizeSettings
from nst.settings.fields import flag
from nst.settings.presets import DEFAULT_PRESET, PRESETS, preset

KINDS = {"optimize": OptimizeSettings, "fast": FastSettings}
ALL = [(engine, entry) for engine, kind in KINDS.items() for entry in fields(kind)]
EACH = pytest.mark.parametrize(("engine", "entry"), ALL, ids=lambda part: getattr(part, "name", part))
EXAMPLES = {"weights": "file.h5", "content_layers": "a,b:0.5", "style_layers": "c", "noise_origin": "12,-5"}
NOT_FAST, NOT_OPTIMIZE = (
    sorted({entry.name for entry in fields(one)} - {entry.name for entry in fields(other)})
    for one, other in ((OptimizeSettings, FastSettings), (FastSettings, OptimizeSettings))
)
# What a setting cannot be given without.
COMPANY = {
    ("fast", "weights"): {"network": "magenta"},
    **{("optimize", name): {"optimizer": "adam"} for name in ADAM},
    **{(engine, "color_amount"): {"colors": "photo"} for engine in KINDS},
}


def stylize_flags() -> dict[str, argparse.Action]:
    parser = build_parser()
    commands = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return {option: action for action in commands.choices["stylize"]._actions for option in action.option_strings}


def parsed(*more: str) -> argparse.Namespace:
    return build_parser().parse_args(["stylize", "a.jpg", "b.jpg", "-o", "c.png", *more])


@EACH
def test_every_field_has_its_flag(engine: str, entry: Field[Any]):
    action = stylize_flags()[flag(entry.name)]
    assert action.dest == entry.name
    assert set(entry.metadata["choices"]) <= set(action.choices or ())
    shown = action.help % {}
    assert entry.metadata["help"] in shown
    assert entry.metadata["label"] in shown
    for limit in ("minimum", "maximum"):
        if entry.metadata[limit] is not None:
            assert f"{entry.metadata[limit]:.10g}" in shown


@EACH
def test_a_flag_means_what_the_field_means(engine: str, entry: Field[Any]):
    name, metadata = entry.name, entry.metadata
    text = EXAMPLES.get(name) or (metadata["choices"][-1] if metadata["choices"] else f"{metadata['minimum']:g}")
    company = COMPANY.get((engine, name), {})
    words = [word for other, value in company.items() for word in (flag(other), value)]
    args = parsed(
        "--engine", engine, f"{flag(name)}={text}", *words, *(["--init-image", "i.png"] if name == "init" else [])
    )
    assert given(args).keys() == {name, *company}
    value = text if name in EXAMPLES or metadata["choices"] else metadata["minimum"]
    assert settings(args) == KINDS[engine](**company, **{name: value})


def test_help_says_for_both_engines_what_they_differ_in():
    strength, size = stylize_flags()["--strength"].help, stylize_flags()["--size"].help
    assert strength.startswith("Style strength. With optimize: 0 keeps")
    assert f"default: {PRESETS[DEFAULT_PRESET].strength:g})" in strength.split("With fast:")[0]
    assert f"default: {FastSettings().strength:g})" in strength.split("With fast:")[1]
    assert "With" not in size
    assert size.count("px") == 1


def test_networks_are_those_of_both_engines():
    assert tuple(stylize_flags()["--network"].choices) == ("auto", "vgg19", "lite", "fast", "magenta")


def test_flags_that_are_not_given_change_nothing():
    assert given(parsed()) == {}
    assert settings(parsed()) == PRESETS[DEFAULT_PRESET]
    assert settings(parsed("--engine", "fast")) == FastSettings()


def test_size_original_is_the_photos_own():
    assert settings(parsed("--size", "original")).size is None
    assert settings(parsed("--size", "original", "--engine", "fast")).size is None


def test_a_preset_is_changed_by_what_is_given():
    assert settings(parsed("--preset", "draft", "--steps", "7")) == preset("draft", steps=7)


@pytest.mark.parametrize("name", NOT_FAST)
def test_a_flag_that_fast_lacks_is_named_with_the_engine_that_has_it(name: str):
    metadata = stylize_flags()[flag(name)]
    text = str(metadata.choices[0]) if metadata.choices else "1"
    with pytest.raises(SettingsError, match=f"^{flag(name)} requires --engine optimize, received --engine fast"):
        settings(parsed("--engine", "fast", flag(name), text))


@pytest.mark.parametrize("name", NOT_OPTIMIZE)
def test_a_flag_that_optimize_lacks_is_named_with_the_engine_that_has_it(name: str):
    with pytest.raises(SettingsError, match=f"^{flag(name)} requires --engine fast, received --engine optimize"):
        settings(parsed(flag(name), EXAMPLES.get(name, "1")))


def test_help_has_a_flag_of_one_engine_under_its_name():
    commands = next(action for action in build_parser()._actions if isinstance(action, argparse._SubParsersAction))
    groups = {
        action.dest: group.title
        for group in commands.choices["stylize"]._action_groups
        for action in group._group_actions
    }
    assert {groups[name] for name in NOT_FAST} == {"settings of --engine optimize"}
    assert {groups[name] for name in NOT_OPTIMIZE} == {"settings of --engine fast"}
    assert groups["strength"] == "settings"


def test_a_place_may_lie_to_the_left_of_the_origin():
    assert settings(parsed("--engine", "fast", "--noise-origin=-8,16")).noise_origin == (-8, 16)


@pytest.mark.parametrize(
    ("name", "value"),
    [("--preset", DEFAULT_PRESET), ("--init-image", "a.png"), ("--animate", "a.gif")],
)
def test_so_are_flags_that_are_no_settings(name: str, value: str):
    with pytest.raises(SettingsError, match=f"^{name} requires --engine optimize"):
        settings(parsed("--engine", "fast", name, value))


@pytest.mark.parametrize(("engine", "network"), [("fast", "lite"), ("optimize", "fast")])
def test_each_engine_checks_its_own(engine: str, network: str):
    with pytest.raises(SettingsError, match=f"^network must be one of .*; received '{network}'"):
        settings(parsed("--engine", engine, "--network", network))
