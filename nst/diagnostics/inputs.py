"""What will go wrong with a photo, its styles and settings, seen before anything is painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from math import floor, log2

from nst.diagnostics.fixes import Cut, flattened
from nst.diagnostics.image_stats import Signs
from nst.diagnostics.issue import Advice, Ailment, Fix
from nst.settings.engines import BLENDED_COLORS, DEFAULT_STRENGTH, FastSettings, Look, Settings

# Log odds of a photo to be a painting, and of a style to be a photo, that are believed. Of pairs that are as they
# should be 0.2 % are beyond both, of two photos and of two paintings 1.7 %, of swapped ones 20 % (in five parts, each
# judged by weights from the others).
PAINTING, PHOTO = 1.25, -2.0
FAINTEST = 5.0  # strength below which nobody sees a difference
KEPT = 50.0  # percent of a photo's colors from which on they are the picture's
# Pixels of a style's side: at 128 its code in the fast engine is 0.44 of the way to that of another style, at 256 0.14.
TINY = 128.0
ENLARGED = 1.5  # times: a style's strokes stay crisp
HIDDEN_STYLE = 0.1  # of a style, that counts as white paint; less does no harm
HIDDEN_PHOTO = 0.02  # of a photo; a window's round corners are less
SMALLEST_CUT = 64  # pixels; less is no style


@dataclass(frozen=True)
class Plan:
    """What is about to be painted."""

    photo: Signs
    styles: Sequence[Signs]  # the one chosen first is the first
    settings: Settings
    rest_strength: float = 0.0  # of what lies outside of the part that the settings are for


def before(plan: Plan) -> Advice | None:
    """The most important thing that will go wrong and can be mended; None where all is well."""
    for look in (_swapped, _no_strength, _gray_kept, _tiny_style, _style_see_through, _photo_see_through):
        advice = look(plan)
        if advice is not None:
            return advice
    return None


def _swapped(plan: Plan) -> Advice | None:
    """Only where both pictures say so: photos make fine styles, and a painting may be repainted."""
    if len(plan.styles) > 1 or plan.photo.painted < PAINTING or plan.styles[0].painted > PHOTO:
        return None
    message = "Your photo looks like a painting, and your style like a photo. Are they in each other's place?"
    return Advice(Ailment.SWAPPED, message, Fix("Swap them", swaps=True))


def _no_strength(plan: Plan) -> Advice | None:
    strength = plan.settings.strength
    if strength is None or max(strength, plan.rest_strength) >= FAINTEST:
        return None
    usual = FastSettings.strength if isinstance(plan.settings, FastSettings) else DEFAULT_STRENGTH
    message = f"At a style strength of {strength:g} your photo stays as it is."
    fix = Fix(f"Set it to {usual:g}", replace(plan.settings, strength=usual))
    return Advice(Ailment.NO_STRENGTH, message, fix)


def _gray_kept(plan: Plan) -> Advice | None:
    settings = plan.settings
    keeps = settings.colors in BLENDED_COLORS and settings.color_amount >= KEPT
    if not keeps or not plan.photo.colorless or all(style.colorless for style in plan.styles):
        return None
    message = "Your photo is black and white. With its colors kept, the picture will be gray as well."
    paintings = replace(settings, colors=Look.colors, color_amount=Look.color_amount)
    return Advice(Ailment.GRAY_KEPT, message, Fix("Use the painting's colors", paintings))


def _tiny_style(plan: Plan) -> Advice | None:
    tiny = min(plan.styles, key=lambda style: style.side)
    settings = plan.settings
    if settings.recolors or tiny.side >= TINY:
        return None
    scale = _crisp(tiny.side, settings.size or max(plan.photo.size))
    if settings.style_scale <= scale:
        return None
    width, height = tiny.size
    message = (
        f"Your style picture is tiny: {width} x {height} pixels show little brushwork. A larger copy would be best; a "
        "fine brush helps."
    )
    return Advice(Ailment.TINY_STYLE, message, Fix("Use a fine brush", replace(settings, style_scale=scale)))


def _crisp(side: float, size: int) -> float:
    """The largest brush, of those that are half a doubling apart, that enlarges a style of that side only so much."""
    least: float = next(entry for entry in fields(Look) if entry.name == "style_scale").metadata["minimum"]
    most = ENLARGED * side / size
    return min(Look.style_scale, max(least, 2 ** (floor(2 * log2(most)) / 2)))


def _style_see_through(plan: Plan) -> Advice | None:
    style = plan.styles[0]
    if style.hidden < HIDDEN_STYLE or style.opaque is None:
        return None
    left, top, right, bottom = style.opaque
    if min(right - left, bottom - top) < SMALLEST_CUT:
        return None
    message = "Parts of your style picture are see-through. They would be painted as plain white."
    return Advice(Ailment.STYLE_SEE_THROUGH, message, Fix("Use only what is painted", style=Cut(style.opaque)))


def _photo_see_through(plan: Plan) -> Advice | None:
    if plan.photo.hidden < HIDDEN_PHOTO:
        return None
    message = "Parts of your photo are see-through, and stay so in the picture."
    return Advice(Ailment.PHOTO_SEE_THROUGH, message, Fix("Paint them too, on white", photo=flattened))
