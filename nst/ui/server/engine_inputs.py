"""Conversion of a request to the inputs of the engines."""

from __future__ import annotations

from typing import Any

from nst.run.protection import Protection
from nst.run.regions import Region
from nst.ui.server.mask_finder import Found
from nst.ui.state.request import RegionRequest, Request


def inputs(request: Request, faces: Found | None) -> dict[str, Any]:
    """Return the styles and regions of a request as keyword arguments of nst.stream().

    With face protection, `faces` are kept recognizable; None if the faces are not known yet.
    """
    styles, weights = list(request.mix.styles), list(request.mix.weights)
    parts: tuple[Region, ...] = ()
    if request.region is not None:
        rest_style = None
        if request.region.outside_style is not None:
            rest_style = len(styles)
            styles.append(request.region.outside_style)
            weights.append(0.0)  # not part of the mix
        parts = _split(request.region, rest_style)
    strength = request.settings.strength
    given: dict[str, Any] = {"style": styles[0].source, "regions": parts}
    if faces is not None and faces.pieces and request.face_protection is not None and strength is not None:
        given["protection"] = Protection(faces.mask.pixels, request.face_protection)
    if len(styles) > 1:
        given |= {"style": [style.source for style in styles], "style_weights": weights}
    if request.mix.colors_of is not None:
        given["color_style"] = request.mix.colors_of.source
    return given


def styles_in(given: dict[str, Any]) -> int:
    """Return the number of styles in `given`, a result of inputs()."""
    return len(given.get("style_weights", (1.0,)))


def _split(area: RegionRequest, rest_style: int | None) -> tuple[Region, Region]:
    """Return the regions outside and inside the mask.

    `rest_style` is the index of the style outside; None: as inside.
    """
    outside = Region(None, style=rest_style, strength=area.outside_strength)
    return outside, Region(area.mask.pixels, feather=area.feather)
