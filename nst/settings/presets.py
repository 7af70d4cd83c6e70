"""Named presets: the quality levels of the page and the command line, and published losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nst.errors import SettingsError
from nst.settings.engines import ADAM, OptimizeSettings
from nst.settings.fields import shown

_VGG_STYLE = tuple((f"block{number}_conv1", 1.0) for number in range(1, 6))

PRESETS: Mapping[str, OptimizeSettings] = {
    "draft": OptimizeSettings(steps=70, size=384),
    "balanced": OptimizeSettings(),
    "best": OptimizeSettings(steps=300, size=768),
    # Gatys, Ecker & Bethge, CVPR 2016. Differs from the paper: VGG19 is not rescaled to a mean activation of one.
    "gatys-2016": OptimizeSettings(
        network="vgg19", formulation="gatys", content_layers=(("block4_conv2", 1.0),), style_layers=_VGG_STYLE,
        content_weight=1.0, style_weight=1e3, tv_weight=0.0, init="noise", steps=500, levels=1,
    ),
    # "Neural style transfer", tensorflow.org/tutorials/generative/style_transfer.
    "tf-tutorial": OptimizeSettings(
        network="vgg19", formulation="tutorial", content_layers=(("block5_conv2", 1.0),), style_layers=_VGG_STYLE,
        content_weight=1e4, style_weight=1e-2, tv_weight=30.0, optimizer="adam", learning_rate=0.02, beta_1=0.99,
        epsilon=1e-1, pooling="max", steps=1000, levels=1,
    ),
    # Content loss: half the sum of squares; style loss: mean of squares. alpha and beta are left to the user.
    "half-sum": OptimizeSettings(
        network="vgg19", formulation="half-sum", content_layers=(("block4_conv2", 1.0),), style_layers=_VGG_STYLE,
        content_weight=1.0, style_weight=1.0, tv_weight=0.0, steps=300, levels=1,
    ),
}  # fmt: skip
DEFAULT_PRESET = "balanced"


def preset(name: str, **changes: Any) -> OptimizeSettings:
    """Return the named preset with some settings changed. Raises SettingsError for an unknown name."""
    if not isinstance(name, str) or name not in PRESETS:
        raise SettingsError(f"Unknown preset {shown(name)}. Choose one of {', '.join(PRESETS)}.")
    base = PRESETS[name]
    # Drop values derived from another setting if that setting changes.
    if base.strength is not None and {"content_weight", "style_weight"} & changes.keys():
        changes = {"strength": None, **changes}
    if changes.get("optimizer", base.optimizer) != base.optimizer:
        changes = {**dict.fromkeys(ADAM), **changes}
    return replace(base, **changes)
