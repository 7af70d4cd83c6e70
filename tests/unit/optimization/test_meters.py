"""Conversion of losses to the two meters of the page."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nst.optimization.meters import Meters, meters
from nst.optimization.strength import weights_of
from nst.run.regions import Region, RegionSet
from nst.run.snapshot import Losses
from nst.settings.engines import OptimizeSettings
from nst.settings.presets import PRESETS

SETTINGS = OptimizeSettings()


def weighted(content: float, style: float, strength: float) -> Losses:
    """Losses as a run reports them, of energies relative to their targets'."""
    weights = weights_of(SETTINGS, strength)
    return Losses(content * weights.content, style * weights.style, tv=0.3)


@pytest.mark.parametrize("strength", [5, 40, 80, 100])
@pytest.mark.parametrize(
    ("content", "style", "kept", "matched"),
    [
        (0, 0, 1, 1),
        (1, 1, 0.5, 0),  # as much is new as there is in the photo; nothing of the style
        (0.25, 0.25, 0.8, 0.5),  # half of it is off
        (3, 0.01, 0.25, 0.9),
        (0, 7, 1, 0),  # further off than nothing
    ],
)
def test_meters_do_not_depend_on_strength(content, style, kept, matched, strength):
    seen = meters(weighted(content, style, strength), SETTINGS, strength, None)
    assert seen == Meters(pytest.approx(kept), pytest.approx(matched))


@given(losses=st.lists(st.floats(0, 1e6), min_size=2, max_size=2, unique=True), strength=st.floats(1, 100))
def test_meters_stay_in_range_and_fall_with_growing_losses(losses, strength):
    low, high = (meters(weighted(each, each, strength), SETTINGS, strength, None) for each in sorted(losses))
    assert 0 <= high.kept <= low.kept <= 1
    assert 0 <= high.matched <= low.matched <= 1


def test_without_any_strength_there_is_no_style_to_match():
    assert meters(Losses(0.25, 0.0, 0.0), SETTINGS, 0, None) == Meters(0.8, None)


def test_raw_weights_are_taken_out():
    raw = OptimizeSettings(content_weight=4, style_weight=100)
    assert meters(Losses(4 * 1.0, 100 * 0.25, 9.0), raw, None, None) == Meters(0.5, 0.5)
    assert meters(Losses(0.0, 25.0, 9.0), OptimizeSettings(content_weight=0), None, None).kept is None


@pytest.mark.parametrize("name", ["gatys-2016", "tf-tutorial", "half-sum"])
def test_published_losses_have_no_such_meaning(name):
    assert meters(Losses(1.0, 1.0, 0.0), PRESETS[name], None, None) is None


@pytest.mark.parametrize("rest", [0, 30])
def test_of_a_picture_in_parts_the_style_counts_as_it_weighs_on_average(rest):
    """A quarter of the picture at full strength, the rest at another; weights by hand."""
    mask = np.zeros((40, 40), np.float32)
    mask[:20, :20] = 1
    regions = [Region(None, strength=rest), Region(mask, feather=0)]
    weights = {0: 0.0, 30: weights_of(SETTINGS, 30).style, 80: weights_of(SETTINGS, 80).style}
    average = 0.25 * weights[80] + 0.75 * weights[rest]
    seen = meters(Losses(0.0, 0.25 * average, 0.0), SETTINGS, 80, RegionSet.of(regions, (40, 40), 1))
    assert seen.matched == pytest.approx(0.5)
