"""Colors under transparent pixels leave no fringe at edges."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

import nst
from nst.images import io as images
from nst.images.alpha import FAINTEST, bled, on_white
from nst.optimization.problem import Problem
from nst.run.inputs import Inputs
from nst.settings.engines import OptimizeSettings
from tests.support.pictures import gradient

SIDE, RADIUS = 96, 30
RED = np.array((200, 30, 60), np.uint8)
STYLE = gradient(64, 48)


def disc(ground: int) -> np.ndarray:
    """A red disc with a smooth edge, RGBA; under its transparent part lies black, white or a gray."""
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    alpha = np.clip(255 * (RADIUS + 0.5 - np.hypot(x, y)), 0, 255).astype(np.uint8)
    pixels = np.full((SIDE, SIDE, 4), ground, np.uint8)
    pixels[alpha > 0, :3] = RED
    pixels[..., 3] = alpha
    return pixels


def over(pixels: np.ndarray, ground: int) -> np.ndarray:
    """RGBA on a ground of one gray, as a browser shows it."""
    share = pixels[..., 3:] / 255
    return pixels[..., :3] * share + ground * (1 - share)


@pytest.mark.parametrize("ground", [0, 128, 255])
def test_hidden_pixels_get_the_color_of_visible_neighbors(ground: int) -> None:
    picture = images.read(disc(ground))
    assert np.abs(picture.bled.astype(int) - RED).max() <= 1
    np.testing.assert_allclose(picture.rgb, over(disc(ground), 255), atol=1)


def test_visible_pixels_are_unchanged() -> None:
    rng = np.random.default_rng(0)
    color, alpha = gradient(75, 51), rng.choice(np.array([0, FAINTEST, 255], np.uint8), (51, 75), p=(0.6, 0.2, 0.2))
    found = bled(color, alpha)
    assert np.array_equal(found[alpha > 0], color[alpha > 0])
    assert np.abs(found.astype(int) - color).mean() < 4  # of smooth colors, the gaps can be guessed


def test_far_away_colors_are_those_of_the_nearest_side() -> None:
    color, alpha = np.full((64, 64, 3), 255, np.uint8), np.zeros((64, 64), np.uint8)
    color[:, :8], color[:, 56:] = RED, 255 - RED
    alpha[:, :8] = alpha[:, 56:] = 255
    found = bled(color, alpha).astype(int)
    for left, right in ((found[:, :20], RED), (found[:, 44:], 255 - RED)):
        assert np.abs(left - right).max() < 40
    assert np.abs(np.diff(found, axis=1)).max() < 30  # and nothing jumps between


@pytest.mark.parametrize("faint", [0, FAINTEST - 1])
def test_a_picture_of_which_nothing_is_seen_is_left_as_it_is(faint: int) -> None:
    assert np.array_equal(bled(STYLE, np.full((48, 64), faint, np.uint8)), STYLE)


def test_an_opaque_picture_has_nothing_to_bleed() -> None:
    picture = images.read(STYLE)
    assert picture.bled is picture.rgb
    assert on_white(STYLE) is STYLE


@pytest.mark.parametrize(("size", "colors"), [(40, "palette"), (96, "palette"), (150, "palette"), (150, "style")])
def test_an_edge_that_was_painted_has_no_fringe(size: int, colors: str) -> None:
    """At strength 0 only the size changes, and with it each pixel of the edge meets its neighbors."""
    found = nst.stylize(disc(255), STYLE, nst.FastSettings(colors=colors, strength=0, size=size)).picture
    on_black = over(found, 0)
    assert (on_black <= RED + 1).all() and on_black.max() > 190
    seen = found[found[..., 3] > 0]
    assert len(seen) and np.abs(seen[:, :3].astype(int) - RED).max() <= 1


def problem(size: int) -> Problem:
    return Problem.read(Inputs(disc(0), STYLE), OptimizeSettings(size=size))


def test_the_loop_paints_what_is_hidden_and_shows_previews_on_white() -> None:
    found = problem(96)
    start = found.start((96, 96), None)
    np.testing.assert_allclose(start * 255, np.broadcast_to(RED, start.shape), atol=1)
    np.testing.assert_allclose(found.preview(start), over(disc(0), 255), atol=2)
    assert np.abs(found.result(start).astype(int) - RED).max() <= 1


def test_a_snapshot_is_shown_on_white_where_it_is_transparent() -> None:
    found = nst.stylize(disc(0), STYLE, nst.FastSettings(colors="palette", strength=0, size=None))
    np.testing.assert_allclose(found.on_white, over(disc(0), 255), atol=2)
    plain = nst.stylize(STYLE, STYLE, nst.FastSettings(colors="palette", strength=0, size=None))
    assert plain.on_white is plain.image


@pytest.mark.parametrize("format", ["jpeg", "bmp"])
def test_a_file_that_knows_no_transparency_has_a_white_ground(format: str) -> None:
    with Image.open(BytesIO(images.encode(disc(0), format))) as file:
        assert np.abs(np.asarray(file) - over(disc(0), 255)).mean() < 2
