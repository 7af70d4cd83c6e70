"""Conversion of a strength to the weights of the losses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nst.settings.engines import OptimizeSettings

# Fitted on training pairs so that equal steps of strength are about equal steps of the style score measured by the
# referee network (benchmarks.quality.control).
STYLE_GAIN = 0.12
STRENGTH_DECADE = 32.0  # increase of strength that multiplies the style weight by about ten
RECOGNIZABLE_DECADE = 50.0  # increase of `recognizable` that multiplies the likeness weight by about ten


@dataclass(frozen=True)
class Weights:
    """Weights of the losses; with regions, style and total variation loss have one weight per region."""

    content: float
    style: float | tuple[float, ...]
    tv: float | tuple[float, ...]
    likeness: float = 0.0  # of the likeness loss (nst.optimization.likeness)


def weights_of(settings: OptimizeSettings, strength: float | None) -> Weights:
    """Return the weights of the losses for `strength` (0..100), or the raw weights of the settings if it is None.

    The style weight is 0 at strength 0 and grows exponentially, so that equal steps of strength are about equal ratios.
    Total variation suppresses the grain caused by stylization, so its weight vanishes together with the style weight.
    """
    if strength is None:
        assert settings.content_weight is not None and settings.style_weight is not None
        return Weights(settings.content_weight, settings.style_weight, settings.tv_weight)
    style = STYLE_GAIN * (10 ** (strength / STRENGTH_DECADE) - 1)
    return Weights(1.0, style, settings.tv_weight * style / (1 + style))


def part_weights(settings: OptimizeSettings, strengths: Sequence[float | None]) -> Weights:
    """Return the weights of the losses for regions with these strengths, each converted by weights_of()."""
    each = [weights_of(settings, strength) for strength in strengths]
    style, tv = zip(*((weights.style, weights.tv) for weights in each), strict=True)
    return Weights(each[0].content, style, tv)


def likeness_weight(settings: OptimizeSettings, recognizable: float, strength: float | None) -> float:
    """Return the weight of the likeness loss: 0 for recognizable=0, 1 for 50, 11 for 100.

    The weight vanishes together with the style weight, because an unpainted photo needs no protection.
    """
    style = weights_of(settings, strength).style
    assert isinstance(style, float)  # a single one, without regions
    growth = (10 ** (recognizable / RECOGNIZABLE_DECADE) - 1) / 9
    return growth * style / (1 + style)
