"""Styles and places in words become what the engines take: who gets which style, and how strongly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nst.images import io as images
from nst.run.regions import Region, RegionSet
from nst.settings.engines import FastSettings, OptimizeSettings, Settings
from nst.ui.server import engine_inputs
from nst.ui.server.mask_finder import Found, _found
from nst.ui.state.page_mask import PageMask
from nst.ui.state.pictures import ImageChoice
from nst.ui.state.request import RegionRequest, Request, StyleMix
from tests.support.fake_mask_finder import HEIGHT, WIDTH, box

LEFT = box(0, 0, 0.5, 1)
PHOTO, WAVES, MEADOW, BAY = (
    ImageChoice(name, name, name, name.encode()) for name in ("photo", "waves", "meadow", "bay")
)
ALONE = StyleMix((WAVES,), (1.0,))
TWO = StyleMix((WAVES, MEADOW), (30.0, 70.0))
# Points (x, y) far from every edge, in parts of width and height
IN_LEFT, IN_RIGHT, LEFT_FACE, RIGHT_FACE = (0.15, 0.8), (0.85, 0.8), (0.15, 0.25), (0.85, 0.25)
FACES = box(0.05, 0.05, 0.25, 0.45) + box(0.75, 0.05, 0.95, 0.45)


def area(strength: float = 0, style: ImageChoice | None = None, feather: float = 0) -> RegionRequest:
    return RegionRequest("file", PageMask.of(images.to_pixels(LEFT)), feather, strength, style)


def request_of(
    region: RegionRequest | None = None,
    mix: StyleMix = ALONE,
    face_protection: float | None = None,
    strength: float = 60,
) -> Request:
    return Request(PHOTO, mix, OptimizeSettings(strength=strength), region=region, face_protection=face_protection)


def faces(mask: np.ndarray = FACES) -> Found:
    return _found(mask)


def look(regions: tuple[Region, ...], point: tuple[float, float], styles: int, strength: float) -> tuple[float, object]:
    """Strength and style of the part that a point belongs to."""
    divided = RegionSet.of(regions, (WIDTH, HEIGHT), styles)
    shares = divided.maps[:, round(point[1] * HEIGHT), round(point[0] * WIDTH)]
    assert shares.max() > 0.99
    part = divided.region_styles[int(shares.argmax())]
    return (strength if part.strength is None else part.strength), part.style


def test_the_whole_picture_in_one_style_asks_for_nothing_else() -> None:
    assert engine_inputs.inputs(request_of(), None) == {"style": b"waves", "regions": ()}


def test_styles_are_given_with_their_weights() -> None:
    given = engine_inputs.inputs(request_of(mix=TWO), None)
    assert given == {"style": [b"waves", b"meadow"], "style_weights": [30.0, 70.0], "regions": ()}


def test_colors_can_be_those_of_another_picture() -> None:
    mix = StyleMix((WAVES,), (1.0,), colors_of=BAY)
    assert engine_inputs.inputs(request_of(mix=mix), None) == {"style": b"waves", "regions": (), "color_style": b"bay"}


def test_a_rest_that_stays_has_no_strength() -> None:
    given = engine_inputs.inputs(request_of(area()), None)
    assert given["style"] == b"waves"
    assert look(given["regions"], IN_LEFT, 1, 60) == (60, None)
    assert look(given["regions"], IN_RIGHT, 1, 60) == (0, None)


def test_a_rest_may_be_painted_more_lightly() -> None:
    given = engine_inputs.inputs(request_of(area(strength=25)), None)
    assert look(given["regions"], IN_LEFT, 1, 60) == (60, None)
    assert look(given["regions"], IN_RIGHT, 1, 60) == (25, None)


@pytest.mark.parametrize(("mix", "weights"), [(ALONE, [1.0, 0.0]), (TWO, [30.0, 70.0, 0.0])])
def test_the_style_of_the_rest_has_no_share_in_the_mix(mix: StyleMix, weights: list[float]) -> None:
    given = engine_inputs.inputs(request_of(area(strength=80, style=BAY), mix), None)
    assert given["style"] == [*(style.source for style in mix.styles), b"bay"]
    assert given["style_weights"] == weights
    styles = len(weights)
    assert look(given["regions"], IN_LEFT, styles, 60) == (60, None)  # the mix of all, by their weights
    assert look(given["regions"], IN_RIGHT, styles, 60) == (80, styles - 1)


def test_the_edge_is_as_soft_as_asked() -> None:
    hard, soft = (engine_inputs.inputs(request_of(area(feather=feather)), None)["regions"] for feather in (0.0, 8.0))
    row = HEIGHT // 2
    shares = [RegionSet.of(regions, (WIDTH, HEIGHT), 1).maps[1, row] for regions in (hard, soft)]
    np.testing.assert_array_equal(shares[0], LEFT[row])
    assert 10 <= ((shares[1] > 0.01) & (shares[1] < 0.99)).sum() <= 2 * 0.08 * WIDTH


@pytest.mark.parametrize("settings", [OptimizeSettings(strength=60), FastSettings()])
@pytest.mark.parametrize("where", [None, area(), area(strength=30, style=BAY)])
def test_faces_are_protected_with_the_regions_as_they_are(settings: Settings, where: RegionRequest | None) -> None:
    request = Request(PHOTO, ALONE, settings, region=where, face_protection=60)
    given = engine_inputs.inputs(request, faces())
    assert given["protection"].recognizable == 60
    assert (given["protection"].mask == faces().mask.pixels).all()
    plain = engine_inputs.inputs(replace(request, face_protection=None), faces())
    assert len(given["regions"]) == len(plain["regions"]) == (0 if where is None else 2)
    assert [each.strength for each in given["regions"]] == [each.strength for each in plain["regions"]]


@pytest.mark.parametrize(("share", "found"), [(None, faces()), (40, None), (40, faces(0 * FACES))])
def test_nothing_is_protected_without_faces(share: float | None, found: Found | None) -> None:
    assert "protection" not in engine_inputs.inputs(request_of(face_protection=share), found)


def test_raw_weights_have_no_protection() -> None:
    raw = Request(PHOTO, ALONE, OptimizeSettings(style_weight=10.0), face_protection=40)
    assert "protection" not in engine_inputs.inputs(raw, faces())
