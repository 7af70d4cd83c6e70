"""Checks of the content image, the style images and the settings before a style-transfer run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from math import floor, log2

from nst.diagnostics.fixes import flattened
from nst.diagnostics.image_stats import ImageStats
from nst.diagnostics.issue import Advice, Fix, Issue
from nst.settings.engines import BLENDED_COLORS, DEFAULT_STRENGTH, FastSettings, Settings, SharedSettings

# Thresholds of ImageStats.painted: the content image is a painting from PAINTING up, the style image a photo from PHOTO
# down. Both hold for 0.2 % of correct pairs, 1.7 % of pairs of two photos or two paintings, and 20 % of swapped pairs
# (5-fold cross-validation).
PAINTING, PHOTO = 1.25, -2.0
FAINTEST = 5.0  # strength below which the effect is invisible
KEPT = 50.0  # color_amount (percent) from which the content image's colors dominate the result
# Minimum side of a style image in pixels: at 128 its style code in the fast engine lies 0.44 of the way to the code of
# another style, at 256 0.14.
TINY = 128.0
ENLARGED = 1.5  # maximum enlargement of a style image that keeps its strokes crisp
HIDDEN_PHOTO = 0.02  # share of transparent pixels in a content image; the rounded corners of a screenshot are less
# Minimum side of a content image in pixels: a smaller one has no shapes for strokes to follow when it is enlarged.
TINY_PHOTO = 64.0


@dataclass(frozen=True)
class RunPlan:
    """Inputs of a style-transfer run to check with before(): statistics of the images, and the settings."""

    photo: ImageStats
    styles: Sequence[ImageStats]  # in the order of selection
    settings: Settings
    outside_strength: float = 0.0  # strength outside the region


def before(plan: RunPlan) -> Advice | None:
    """Return the most important issue of the inputs of a style-transfer run, or None if there is none."""
    for look in (_swapped, _no_strength, _gray_kept, _tiny_photo, _tiny_style, _photo_see_through):
        advice = look(plan)
        if advice is not None:
            return advice
    return None


def _swapped(plan: RunPlan) -> Advice | None:
    """Return a SWAPPED issue if the content image is a painting and the only style image a photo, else None.

    Both are required, because a photo is a valid style image and a painting a valid content image.
    """
    if len(plan.styles) > 1 or plan.photo.painted < PAINTING or plan.styles[0].painted > PHOTO:
        return None
    message = "Your photo looks like a painting, and your style like a photo. Did you mix them up?"
    return Advice(Issue.SWAPPED, message, Fix("Swap them", swaps=True))


def _no_strength(plan: RunPlan) -> Advice | None:
    strength = plan.settings.strength
    if strength is None or max(strength, plan.outside_strength) >= FAINTEST:
        return None
    usual = FastSettings.strength if isinstance(plan.settings, FastSettings) else DEFAULT_STRENGTH
    message = f"At a style strength of {strength:g} the photo hardly changes."
    fix = Fix(f"Set it to {usual:g}", replace(plan.settings, strength=usual))
    return Advice(Issue.NO_STRENGTH, message, fix)


def _gray_kept(plan: RunPlan) -> Advice | None:
    settings = plan.settings
    keeps = settings.colors in BLENDED_COLORS and settings.color_amount >= KEPT
    if not keeps or not plan.photo.colorless or all(style.colorless for style in plan.styles):
        return None
    message = "Your photo is black and white. With the photo's colors, the picture will be gray too."
    paintings = replace(settings, colors=SharedSettings.colors, color_amount=SharedSettings.color_amount)
    return Advice(Issue.GRAY_KEPT, message, Fix("Use the style's colors", paintings))


def _tiny_photo(plan: RunPlan) -> Advice | None:
    message = tiny_photo(plan.photo.size)
    return None if message is None or plan.settings.recolors else Advice(Issue.TINY_PHOTO, message)


def tiny_photo(size: tuple[int, int]) -> str | None:
    """Return a message for users if a content image of `size`, (width, height), is too small, else None."""
    width, height = size
    if (width * height) ** 0.5 >= TINY_PHOTO:
        return None
    return f"Your photo is tiny: {width} x {height} pixels are too few to look good. Choose a larger copy of it."


def _tiny_style(plan: RunPlan) -> Advice | None:
    tiny = min(plan.styles, key=lambda style: style.side)
    settings = plan.settings
    if settings.recolors or tiny.side >= TINY:
        return None
    scale = _crisp(tiny.side, settings.size or max(plan.photo.size))
    if settings.style_scale <= scale:
        return None
    width, height = tiny.size
    message = (
        f"Your style picture is small: {width} x {height} pixels show little brushwork. Use a larger copy or a "
        "fine brush."
    )
    return Advice(Issue.TINY_STYLE, message, Fix("Use a fine brush", replace(settings, style_scale=scale)))


def _crisp(side: float, size: int) -> float:
    """Return the largest style_scale, in half-octave steps, that enlarges the style image at most 1.5 times.

    `side` is the side of the style image and `size` the long side of the result, in pixels. The value is clipped to the
    range from the setting's minimum to its default.
    """
    least: float = next(entry for entry in fields(SharedSettings) if entry.name == "style_scale").metadata["minimum"]
    most = ENLARGED * side / size
    return min(SharedSettings.style_scale, max(least, 2 ** (floor(2 * log2(most)) / 2)))


def _photo_see_through(plan: RunPlan) -> Advice | None:
    if plan.photo.hidden < HIDDEN_PHOTO:
        return None
    message = "Parts of your photo are transparent. They stay transparent in the picture."
    return Advice(Issue.PHOTO_SEE_THROUGH, message, Fix("Paint them on white", photo=flattened))
