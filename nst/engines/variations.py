"""Variations of settings, shown as a sheet of small results to choose from.

Variations differ in color transfer, strength and stroke size. Each holds settings of the selected engine; the small
results are made by the fast engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from nst.engines.registry import draft_of
from nst.settings.engines import DEFAULT_STRENGTH, FastSettings, OptimizeSettings, Settings, SharedSettings

COLORS = ("style", "photo")
STRENGTHS = (0.5, 0.75, 1.0)  # relative to the default, which is about the full strength of the fast engine
BRUSHES = (0.5, 1.0, 2.0)
# Pixels of the long side of a preview. The fast engine's strokes have a fixed width in pixels, so a smaller preview
# would show coarser strokes than the result.
TRIED_AT = 512


@dataclass(frozen=True)
class Variation:
    """Settings of one variation, with its values of colors, relative strength and brush size."""

    colors: str
    strength: float  # one of STRENGTHS
    brush: float  # style_scale, one of BRUSHES
    settings: Settings

    @property
    def trial(self) -> FastSettings:
        """Settings of the fast engine for a small result that previews this variation."""
        settings = replace(self.settings, size=min(self.settings.size or TRIED_AT, TRIED_AT))
        return settings if isinstance(settings, FastSettings) else draft_of(settings)


def variants(settings: Settings) -> tuple[Variation, ...]:
    """Return all variations of the settings, ordered by colors, then strength, then stroke size.

    The color amount is reset to its default and raw weights are replaced by strength; other settings are kept.
    """
    usual = FastSettings.strength if isinstance(settings, FastSettings) else DEFAULT_STRENGTH
    return tuple(
        Variation(colors, share, brush, _turned(settings, colors, share * usual, brush))
        for colors, share, brush in product(COLORS, STRENGTHS, BRUSHES)
    )


def _turned(settings: Settings, colors: str, strength: float, brush: float) -> Settings:
    look: dict[str, Any] = {
        "colors": colors,
        "color_amount": SharedSettings.color_amount,
        "style_scale": brush,
        "strength": strength,
    }
    if isinstance(settings, OptimizeSettings):
        look |= {"content_weight": None, "style_weight": None}
    return replace(settings, **look)
