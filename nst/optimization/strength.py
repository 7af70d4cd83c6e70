"""Conversion of a strength to the weights of the losses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nst.settings.engines import OptimizeSettings

# Fitted on training pairs so that equal steps of strength are about equal steps of the style score measured by the
# referee network (benchmarks.quality.control).
STYLE_GAIN = 0.12
STRENGTH_DECADE = 32.0  # increase of strength that multiplies the style weight by about ten


@dataclass(frozen=True)
class Weights:
    """Weights of content, style and total variation loss; with regions, the last two have one weight per region."""

    content: float
    style: float | tuple[float, ...]
    tv: float | tuple[float, ...]


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
    return Weights(each[0].content, *zip(*((weights.style, weights.tv) for weights in each), strict=True))
