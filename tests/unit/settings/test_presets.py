"""Settings by name."""

from dataclasses import replace

import pytest

from nst.errors import SettingsError
from nst.settings.engines import OptimizeSettings
from nst.settings.presets import DEFAULT_PRESET, PRESETS, preset


def test_the_default_preset_is_the_default():
    assert preset(DEFAULT_PRESET) == OptimizeSettings()


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_survives_a_change_of_nothing(name):
    assert preset(name) == PRESETS[name]
    assert replace(preset(name), seed=7).seed == 7


def test_the_tutorials_preset_is_the_published_one():
    """Values as printed in tensorflow.org/tutorials/generative/style_transfer."""
    tutorial = preset("tf-tutorial")
    assert tutorial.content_layers == (("block5_conv2", 1.0),)
    assert tutorial.style_layers == tuple((f"block{number}_conv1", 1.0) for number in (1, 2, 3, 4, 5))
    assert (tutorial.style_weight, tutorial.content_weight, tutorial.tv_weight) == (1e-2, 1e4, 30)
    assert (tutorial.optimizer, tutorial.learning_rate, tutorial.beta_1, tutorial.epsilon) == ("adam", 0.02, 0.99, 0.1)


@pytest.mark.parametrize("name", ["gatys-2016", "tf-tutorial", "half-sum"])
def test_published_presets_mean_vgg19(name):
    assert PRESETS[name].network == "vgg19"
    assert PRESETS[name].strength is None


def test_an_unknown_preset_is_refused_and_the_known_ones_listed():
    with pytest.raises(SettingsError, match=r"Unknown preset 'fancy'\. Choose one of draft, balanced, best"):
        preset("fancy")


def test_resolved_values_yield_to_explicit_ones():
    raw = preset("balanced", style_weight=3.0)
    assert (raw.strength, raw.style_weight) == (None, 3.0)
    assert preset("tf-tutorial", optimizer="lbfgs").learning_rate is None
    assert preset("balanced", optimizer="adam").learning_rate == OptimizeSettings(optimizer="adam").learning_rate


@pytest.mark.parametrize("name", ["gatys-2016", "tf-tutorial", "half-sum"])
def test_strength_does_not_pass_over_published_weights(name):
    with pytest.raises(SettingsError, match="cannot be combined"):
        preset(name, strength=50)
