"""The looks of a contact sheet, as settings."""

from dataclasses import replace

import pytest

from nst.engines.variations import variants
from nst.settings.engines import DEFAULT_STRENGTH, FastSettings, OptimizeSettings
from nst.settings.presets import PRESETS


@pytest.mark.parametrize("settings", [OptimizeSettings(), FastSettings(), PRESETS["best"]])
def test_every_combination_is_there_once(settings):
    region_styles = {
        (each.settings.colors, each.settings.strength, each.settings.style_scale) for each in variants(settings)
    }
    assert len(region_styles) == len(variants(settings)) == 18
    for place, count in enumerate((2, 3, 3)):
        assert len({look[place] for look in region_styles}) == count


def test_the_usual_look_is_among_them():
    assert OptimizeSettings() in {each.settings for each in variants(OptimizeSettings(strength=20, colors="matched"))}
    assert FastSettings() in {each.settings for each in variants(FastSettings(strength=20, style_scale=4))}


def test_nothing_else_is_changed():
    settings = OptimizeSettings(size=704, steps=40, network="lite", tv_weight=2, optimizer="adam", learning_rate=0.05)
    for each in variants(settings):
        back = replace(each.settings, colors="style", strength=DEFAULT_STRENGTH, style_scale=1)
        assert back == settings


def test_amounts_and_raw_weights_give_way():
    for each in variants(OptimizeSettings(content_weight=2, colors="photo", color_amount=30)):
        assert each.settings.color_amount == 100
        assert each.settings.content_weight is None and each.settings.strength is not None


@pytest.mark.parametrize("settings", [OptimizeSettings(), FastSettings()])
def test_trials_are_as_strong_as_the_draft_of_the_picture_would_be(settings):
    strengths = [each.trial.strength for each in variants(settings) if (each.colors, each.brush) == ("style", 1.0)]
    assert strengths == [50, 75, 100]
    for each in variants(settings):
        assert (each.trial.colors, each.trial.style_scale) == (each.settings.colors, each.settings.style_scale)


@pytest.mark.parametrize(("size", "tried"), [(1024, 512), (320, 320), (None, 512)])
def test_trials_are_no_larger_than_they_need_to_be(size, tried):
    assert {each.trial.size for each in variants(OptimizeSettings(size=size))} == {tried}
