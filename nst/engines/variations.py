"""A contact sheet: one picture in many looks, painted small and in a moment, to choose from.

Looks differ in colors, strength and brush. They are settings of whatever engine they were asked for, and are tried
with the fast one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from nst.engines.registry import draft_of
from nst.settings.engines import DEFAULT_STRENGTH, FastSettings, Look, OptimizeSettings, Settings

COLORS = ("style", "photo")
STRENGTHS = (0.5, 0.75, 1.0)  # of the usual one, which is about as strong as the fast engine can paint
BRUSHES = (0.5, 1.0, 2.0)
# Pixels of the long side that looks are tried at. In a smaller picture the fast engine's strokes, which are so many
# pixels wide, would be bolder than in the picture that they are to tell of.
TRIED_AT = 512


@dataclass(frozen=True)
class Variant:
    """One look of a sheet."""

    colors: str
    strength: float  # one of STRENGTHS
    brush: float
    settings: Settings

    @property
    def trial(self) -> FastSettings:
        """Settings that paint it in one go."""
        settings = replace(self.settings, size=min(self.settings.size or TRIED_AT, TRIED_AT))
        return settings if isinstance(settings, FastSettings) else draft_of(settings)


def variants(settings: Settings) -> tuple[Variant, ...]:
    """All looks that settings with a strength may be turned to: by colors, then by strength, then by brush.

    Nothing else about the settings is changed.
    """
    usual = FastSettings.strength if isinstance(settings, FastSettings) else DEFAULT_STRENGTH
    return tuple(
        Variant(colors, share, brush, _turned(settings, colors, share * usual, brush))
        for colors, share, brush in product(COLORS, STRENGTHS, BRUSHES)
    )


def _turned(settings: Settings, colors: str, strength: float, brush: float) -> Settings:
    look: dict[str, Any] = {
        "colors": colors,
        "color_amount": Look.color_amount,
        "style_scale": brush,
        "strength": strength,
    }
    if isinstance(settings, OptimizeSettings):
        look |= {"content_weight": None, "style_weight": None}
    return replace(settings, **look)
