"""Values from Python of any type: each is taken or refused with a SettingsError, whatever it is."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import nst
from nst.errors import SettingsError
from nst.run.inputs import Inputs
from nst.run.regions import Region
from nst.settings.engines import FastSettings, OptimizeSettings
from nst.settings.presets import preset
from nst.training.style_settings import StyleTraining

HUGE = 10**5000  # Python refuses to print it
VALUES = (
    None, "", "x" * 10_000, "\0", "\ud800", "5", "a:", "a:b:c", ":1", b"", b"a", [], (), {}, set(), object(), int, 1j,
    True, math.nan, math.inf, -math.inf, HUGE, -HUGE, Fraction(HUGE), Decimal(1), Path(), range(3), iter("ab"),
    np.array([]), np.array([1.0, 2.0]), np.array("a"), np.datetime64("2020"), np.longdouble("1e4000"),
    ((),), (("a",),), (("a", 1, 2),), (("a", []),), ((None, 1),), (((("a",), 1),),), {"a": 1}, {1: 2}, (0,), (1, 2, 3),
    ("1", "2"), (math.nan, 1), (HUGE, 1), [[1, "a"]], [["a", HUGE]], ["a", "a"], [("a", 0)],
)  # fmt: skip
SETTINGS = [(kind, entry.name) for kind in (OptimizeSettings, FastSettings, StyleTraining) for entry in fields(kind)]
PIXELS = np.zeros((20, 20, 3), np.uint8)


@pytest.mark.parametrize(("kind", "name"), SETTINGS)
@pytest.mark.parametrize("more", [{}, {"optimizer": "adam"}, {"network": "magenta"}, {"colors": "photo"}])
def test_a_setting_is_taken_or_refused(kind, name, more):
    known = {entry.name for entry in fields(kind)}
    if name in more or not more.keys() <= known or (kind is OptimizeSettings and "network" in more):
        return
    for value in VALUES:
        with suppress(SettingsError):
            hash(kind(**more, **{name: value}))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_other_values_are_taken_or_refused(value):
    with suppress(SettingsError):
        Region(None, style=value)
    with suppress(SettingsError):
        Region(None, strength=value)
    with suppress(SettingsError):
        Region(None, feather=value)
    with suppress(SettingsError):
        nst.Control().update(strength=value)
    with suppress(SettingsError):
        nst.blend(PIXELS, PIXELS, value)
    with suppress(SettingsError):
        preset(value)
    with suppress(SettingsError):
        assert len(Inputs(PIXELS, [PIXELS] * 2, [value, 1]).shares) == 2


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ((("a",),), r"content_layers must be a layer name, or name:weight .*; received \('a',\)\."),
        (5, r"content_layers must be a list of layers; received 5\."),
        ({"a": 0.5}, r"content_layers must be a list of layers; received \{'a': 0\.5\}\."),
        ([b"a"], r"content_layers must be a layer name, .*; received b'a'\."),
        ([("a", HUGE)], r"content_layers must be a layer name, .*; received a tuple\."),
    ],
)
def test_malformed_layers_are_named(value, said):
    with pytest.raises(SettingsError, match=said):
        OptimizeSettings(content_layers=value)


@pytest.mark.parametrize("value", ["x" * 10_000, ["x"] * 10_000, HUGE], ids=["text", "list", "integer"])
@pytest.mark.parametrize("name", ["colors", "steps", "init_noise", "content_layers"])
def test_messages_are_short(name, value):
    if name == "content_layers" and isinstance(value, str):
        value += ":no number"  # else this is a layer with a long name
    with pytest.raises(SettingsError) as caught:
        OptimizeSettings(**{name: value})
    assert len(str(caught.value)) < 250


def test_weights_are_a_path():
    assert OptimizeSettings(weights=Path("w.npz")).weights == Path("w.npz")
    with pytest.raises(SettingsError, match=r"weights must be a path, received \{\}\."):
        OptimizeSettings(weights={})
