"""The likeness loss: by hand, against NumPy, and its gradient."""

from __future__ import annotations

import numpy as np
import pytest

from nst.images.color_transfer import Palette
from nst.optimization.likeness import BRIGHTNESS, CALM, LUMA, MOST_GAIN, Likeness, toned
from nst.optimization.losses import CHROMA
from nst.optimization.strength import likeness_weight
from nst.settings.engines import OptimizeSettings

RNG = np.random.default_rng(0)
GRAY = np.full((8, 8, 3), 0.5, np.float32)
EVEN = np.full((8, 8), 0.5, np.float32)
ALL = np.ones((8, 8), np.float32)


def test_equal_brightness_and_flat_chroma_cost_nothing() -> None:
    loss, slope = Likeness.of(EVEN, ALL).evaluate(GRAY)
    assert loss == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(slope, 0, atol=1e-9)


def test_a_lighter_gray_by_hand() -> None:
    """0.6 in place of 0.5 is 0.1^2 / 0.5^2 = 0.04 at both sizes; gray has no chroma."""
    loss, _ = Likeness.of(EVEN, ALL).evaluate(GRAY + np.float32(0.1))
    assert loss == pytest.approx(BRIGHTNESS * 2 * 0.04, rel=1e-4)


def test_the_loss_is_proportional_to_the_weights_of_the_pixels() -> None:
    half = ALL.copy()
    half[:, 4:] = 0
    lighter = GRAY + np.float32(0.1)
    whole, left = (Likeness.of(EVEN, weights).evaluate(lighter) for weights in (ALL, half))
    assert left[0] == pytest.approx(whole[0] / 2, rel=1e-4)
    np.testing.assert_allclose(left[1][:, :4], whole[1][:, :4], rtol=1e-4)
    assert not left[1][:, 4:].any()


def test_strokes_finer_than_two_pixels_are_free() -> None:
    """A checkerboard has the mean brightness in every square of 2 x 2 pixels."""
    board = np.where(np.indices((8, 8)).sum(0) % 2, 0.3, 0.7).astype(np.float32)[..., None].repeat(3, -1)
    assert Likeness.of(EVEN, ALL).evaluate(board)[0] == pytest.approx(0, abs=1e-6)


def numpy_loss(x: np.ndarray, target: np.ndarray, weights: np.ndarray) -> float:
    """The loss as sums over squares and pixels, in float64."""
    x, target = x.astype(float), target.astype(float)
    bright, wanted = (0.299 * each[..., 0] + 0.587 * each[..., 1] + 0.114 * each[..., 2] for each in (x, target))
    total = 0.0
    for side in (2, 4):
        found = energy = 0.0
        for top in range(0, x.shape[0], side):
            for left in range(0, x.shape[1], side):
                square = slice(top, top + side), slice(left, left + side)
                found += weights[square].mean() * (bright[square].mean() - wanted[square].mean()) ** 2
                energy += wanted[square].mean() ** 2
        total += BRIGHTNESS * found / energy
    chroma = x - x.mean(-1, keepdims=True)
    down = (weights[:-1, :, None] * np.diff(chroma, axis=0) ** 2).sum()
    across = (weights[:, :-1, None] * np.diff(chroma, axis=1) ** 2).sum()
    return total + CALM * CHROMA * (down + across) / x.size


@pytest.mark.parametrize("size", [(8, 12), (7, 9), (5, 1)])
def test_loss_and_gradient_against_numpy(size: tuple[int, int]) -> None:
    x, target = (RNG.random((*size, 3), np.float32) for _ in range(2))
    weights = RNG.random(size, np.float32)
    loss, slope = Likeness.of(target @ LUMA, weights).evaluate(x)
    assert loss == pytest.approx(numpy_loss(x, target, weights), rel=1e-4)
    assert (slope.shape, slope.dtype) == (x.shape, np.float32)
    for place in ((0, 0, 0), (size[0] - 1, size[1] - 1, 2), (size[0] // 2, 0, 1)):
        moved = np.zeros((*size, 3))
        moved[place] = 1e-4
        by_hand = (numpy_loss(x + moved, target, weights) - numpy_loss(x - moved, target, weights)) / 2e-4
        assert slope[place] == pytest.approx(by_hand, rel=1e-3, abs=1e-5)


def test_the_weight_grows_with_recognizable_and_vanishes_with_the_strength() -> None:
    settings = OptimizeSettings()
    assert likeness_weight(settings, 0, 80) == 0
    assert likeness_weight(settings, 100, 0) == 0
    weights = [likeness_weight(settings, each, 80) for each in range(0, 101, 10)]
    assert weights == sorted(set(weights))
    assert weights[10] / weights[5] == pytest.approx(11)


def test_tones_are_those_of_the_style_and_keep_their_order() -> None:
    photo = np.linspace(0.4, 0.6, 64, dtype=np.float32).reshape(8, 8, 1).repeat(3, -1)
    steps = np.tile(np.array([[0.2, 0.3, 0.4]]).T, (1, 3))
    wanted = Palette(steps.mean(0), np.cov(steps.T, bias=True))
    values = photo.reshape(-1, 3).astype(float)
    found = toned(photo, Palette(values.mean(0), np.cov(values.T, bias=True)), wanted)
    assert found.mean() == pytest.approx(0.3, abs=1e-4)
    assert found.std() == pytest.approx(np.std([0.2, 0.3, 0.4]), rel=1e-3)
    assert (np.diff(found.ravel()) > 0).all()


def test_a_flat_photo_is_stretched_no_more_than_twice() -> None:
    photo = np.linspace(0.5, 0.501, 64, dtype=np.float32).reshape(8, 8, 1).repeat(3, -1)
    values = photo.reshape(-1, 3).astype(float)
    flat, style = Palette(values.mean(0), np.cov(values.T, bias=True)), Palette(np.full(3, 0.5), np.eye(3) * 0.1)
    assert np.ptp(toned(photo, flat, style)) == pytest.approx(0.001 * MOST_GAIN, rel=0.01)
