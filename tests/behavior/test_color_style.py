"""Colors from one picture, strokes from another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import sqrtm

import nst
from nst.images import io as images
from nst.models.stylizers import trained_style
from nst.optimization.problem import Problem
from nst.run.inputs import Inputs
from nst.settings.engines import DEFAULT_STRENGTH
from tests.support.pictures import gradient

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
PHOTO = gradient(96, 64)
STRIPES = np.where((np.indices((80, 80)).sum(0) // 5 % 2)[..., None], [150, 110, 90], [70, 80, 110]).astype(np.uint8)
# Blue and green without black or white: after matching, next to nothing leaves what a screen can show.
COLORS = np.clip(RNG.normal((50, 120, 170), (10, 25, 15), (50, 70, 3)), 0, 255).astype(np.uint8)
GRAY = np.repeat(COLORS[..., 1:2], 3, -1)
NEARLY_GRAY = (GRAY + RNG.integers(0, 2, GRAY.shape)).astype(np.uint8)
FLAT = np.full((40, 40, 3), (200, 30, 90), np.uint8)

ENGINES: dict[str, nst.OptimizeSettings | nst.FastSettings] = {
    "optimize": nst.OptimizeSettings(network="lite", size=96, steps=15, strength=90),
    "fast": nst.FastSettings(size=96),
}
BOTH = pytest.mark.parametrize("engine", ENGINES)


def painted(engine: str, style: NDArray[np.uint8], color_style: NDArray[np.uint8] | None) -> NDArray[np.float64]:
    return nst.stylize(PHOTO, style, ENGINES[engine], color_style=color_style).image.astype(float)


def statistics(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean and covariance of colors, one below the other: (4, 3)."""
    points = pixels.reshape(-1, 3).astype(float)
    return np.vstack([points.mean(0), np.cov(points.T, bias=True)])


def test_each_style_gets_the_mean_and_covariance_of_the_other_picture() -> None:
    noise = RNG.normal((150, 120, 90), (12, 18, 9), (60, 60, 3)).clip(0, 255).astype(np.uint8)
    other = RNG.normal((90, 140, 110), (20, 10, 14), (50, 60, 3)).clip(0, 255).astype(np.uint8)
    problem = Problem.read(Inputs(PHOTO, [noise, other], color_style=COLORS), nst.OptimizeSettings())
    wanted = statistics(COLORS)
    for found in problem.styles:
        np.testing.assert_allclose(statistics(found), wanted, atol=0.03 * wanted.max())


@BOTH
def test_it_is_painted_as_with_a_style_that_was_matched_before(engine: str) -> None:
    """By the map of Pitié and Kokaram 2007, in SciPy's matrix roots; two colors alone would leave it open."""
    noise = RNG.normal((150, 120, 90), (12, 18, 9), (60, 60, 3)).clip(0, 255).astype(np.uint8)
    (mean, *own), (wanted, *other) = statistics(noise), statistics(COLORS)
    root = sqrtm(np.array(own)).real
    matrix = np.linalg.inv(root) @ sqrtm(root @ np.array(other) @ root).real @ np.linalg.inv(root)
    matched = np.rint((noise - mean) @ matrix.T + wanted).clip(0, 255).astype(np.uint8)
    found, expected, plain = (
        painted(engine, noise, COLORS),
        painted(engine, matched, None),
        painted(engine, noise, None),
    )
    assert np.abs(found - expected).mean() < 0.1 * np.abs(found - plain).mean()


@BOTH
def test_a_style_in_its_own_colors_is_what_it_was(engine: str) -> None:
    assert np.abs(painted(engine, STRIPES, STRIPES) - painted(engine, STRIPES, None)).mean() < 2


@BOTH
@pytest.mark.parametrize("gray", [GRAY, NEARLY_GRAY, FLAT], ids=["gray", "nearly", "flat"])
def test_gray_and_flat_pictures_do_not_break_it(engine: str, gray: NDArray[np.uint8]) -> None:
    for style, colors in ((STRIPES, gray), (gray, COLORS), (gray, gray)):
        assert np.ptp(painted(engine, style, colors)) > 30  # neither black nor white nor flat


@BOTH
def test_gray_colors_make_a_gray_painting(engine: str) -> None:
    vivid, gray = (np.ptp(painted(engine, STRIPES, colors), axis=-1).mean() for colors in (COLORS, GRAY))
    assert gray < 0.6 * vivid


@BOTH
@pytest.mark.parametrize("colors", ["photo", "matched", "palette"])
def test_colors_come_from_one_place_only(engine: str, colors: str) -> None:
    with pytest.raises(nst.SettingsError, match=f"color_style cannot be combined with colors='{colors}'"):
        nst.stream(PHOTO, STRIPES, replace(ENGINES[engine], colors=colors), color_style=COLORS)


@BOTH
def test_unreadable_color_style_is_named(engine: str) -> None:
    with pytest.raises(nst.ImageError, match="color style"):
        nst.stream(PHOTO, STRIPES, ENGINES[engine], color_style=b"no picture")


def test_the_draft_has_them_too() -> None:
    settings = replace(ENGINES["optimize"], init="fast", strength=DEFAULT_STRENGTH)
    draft, *_ = nst.stream(PHOTO, STRIPES, settings, color_style=COLORS)
    assert draft.step == 0
    np.testing.assert_array_equal(draft.image, painted("fast", STRIPES, COLORS))


def test_transparent_pixels_do_not_count_as_colors() -> None:
    cutout = np.dstack([COLORS, np.full(COLORS.shape[:2], 255, np.uint8)])
    cutout[:25] = (255, 0, 0, 0)
    np.testing.assert_allclose(painted("fast", STRIPES, cutout), painted("fast", STRIPES, COLORS[25:]), atol=4)


def test_a_trained_style_has_its_pictures_colors(tmp_path: Path) -> None:
    picture = images.fit(COLORS, 64)
    trained_style.write(trained_style.TrainedStyle("blue", picture, np.zeros(1, np.float32), ""), tmp_path / "blue.npz")
    palette = trained_style.palette(tmp_path / "blue.npz")
    np.testing.assert_allclose(palette.mean * 255, picture.mean((0, 1)), atol=2)
