"""The field of noise: the same at a place whoever asks, and white."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nst.models.stylizers.noise import STILL, NoiseField

place = st.integers(-700, 700)
side = st.integers(1, 300)


@given(x=place, y=place, right=side, down=side, width=side, height=side)
def test_a_window_shows_what_a_larger_one_shows_there(
    x: int, y: int, right: int, down: int, width: int, height: int
) -> None:
    large = NoiseField(3, (x, y)).at((right + width, down + height))
    window = NoiseField(3, (x + right, y + down)).at((width, height))
    assert (large.shape, window.shape) == ((down + height, right + width), (height, width))
    np.testing.assert_array_equal(window, large[down:, right:])


def test_it_reaches_as_far_as_a_place_may_lie() -> None:
    far = 2**31 - 1
    for x in (-far, far):
        window = NoiseField(0, (x, -x)).at((20, 10))
        assert window.shape == (10, 20) and window.dtype == np.float32
        assert window.std() > 0.5


def correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def test_it_is_white_with_mean_0_and_deviation_1() -> None:
    field = NoiseField(5, (-600, -300)).at((1200, 600))
    assert abs(field.mean()) < 0.01 and abs(field.std() - 1) < 0.01
    for down, right in ((0, 1), (1, 0), (1, 1), (0, 256), (256, 0), (256, 256)):
        assert abs(correlation(field[down:, right:], field[: 600 - down, : 1200 - right])) < 0.01


def test_no_part_of_it_is_repeated_or_mirrored() -> None:
    size = (100, 100)
    places = [(x, y) for x in (-512, -256, 0, 256) for y in (-512, -256, 0, 256)]
    parts = [NoiseField(0, place).at(size) for place in places]
    parts += [part[:, ::-1] for part in parts] + [part[::-1] for part in parts] + [part.T for part in parts]
    correlations = np.corrcoef(np.stack([part.ravel() for part in parts])) - np.eye(len(parts))
    assert np.abs(correlations).max() < 0.06  # six times the deviation that chance has


def test_seeds_are_other_fields_and_the_same_seed_is_the_same() -> None:
    one, other, again = (NoiseField(seed).at((64, 64)) for seed in (1, 2, 1))
    np.testing.assert_array_equal(one, again)
    assert abs(correlation(one, other)) < 0.1
    assert (STILL.seed, STILL.origin) == (0, (0, 0))


def test_writing_into_a_window_does_not_change_the_field() -> None:
    first = NoiseField(9).at((256, 256))
    kept = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(NoiseField(9).at((256, 256)), kept)
