"""The balance of the losses: what a strength stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nst.settings.engines import OptimizeSettings

# Fitted on training pairs, so that equal steps of strength are about equal in the referee's style (benchmarks.control).
STYLE_GAIN = 0.12
STRENGTH_DECADE = 32.0  # this much more strength weighs the style about ten times as much


@dataclass(frozen=True)
class Weights:
    """Weights of the three losses; of style and total variation one a part, for a picture in parts."""

    content: float
    style: float | tuple[float, ...]
    tv: float | tuple[float, ...]


def weights_of(settings: OptimizeSettings, strength: float | None) -> Weights:
    """Weights of the losses: the raw ones of the settings, or the balance that `strength` (0..100) stands for.

    The style's weight grows exponentially with strength, so that equal steps of the dial are equal ratios; at 0 it
    is 0. Smoothness is there against the grain that repainting brings, so it fades out with the style.
    """
    if strength is None:
        assert settings.content_weight is not None and settings.style_weight is not None
        return Weights(settings.content_weight, settings.style_weight, settings.tv_weight)
    style = STYLE_GAIN * (10 ** (strength / STRENGTH_DECADE) - 1)
    return Weights(1.0, style, settings.tv_weight * style / (1 + style))


def part_weights(settings: OptimizeSettings, strengths: Sequence[float | None]) -> Weights:
    """weights_of() the strengths of a picture's parts."""
    each = [weights_of(settings, strength) for strength in strengths]
    return Weights(each[0].content, *zip(*((weights.style, weights.tv) for weights in each), strict=True))
