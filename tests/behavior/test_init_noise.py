"""Freedom: a run that starts between the photo and noise, and leaves no grain."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

import nst
from nst.images import io as images
from nst.system.assets import ASSETS
from tests.support.paths import SHARED

pytestmark = pytest.mark.slow

PHOTO = images.fit(images.read(ASSETS / "examples" / "harbor-town.jpg").rgb, 128)
STYLE = images.fit(images.read(ASSETS / "styles" / "great-swell.jpg").rgb, 128)
SETTINGS = nst.OptimizeSettings(network="lite", size=128, steps=12, levels=2, precision="float32")
PAIRS = SHARED / "data" / "pairs"


def painted(**changes: object) -> NDArray[np.int64]:
    return nst.stylize(PHOTO, STYLE, replace(SETTINGS, **changes)).image.astype(int)


@cache
def known(init_noise: float) -> NDArray[np.int64]:
    """Paint each picture once for all tests."""
    return painted(init_noise=init_noise)


def fine(picture: NDArray[np.generic]) -> float:
    """Energy of luminance in its top octave, where grain is."""
    luminance = picture.astype(float) @ [0.299, 0.587, 0.114]
    spectrum = np.abs(np.fft.fft2(luminance)) ** 2 / luminance.size**2
    down, across = (np.abs(np.fft.fftfreq(n)) for n in luminance.shape)
    return float(spectrum[np.maximum(down[:, None], across) > 0.25].sum())


def test_none_is_the_photo_and_all_is_noise_bit_for_bit() -> None:
    np.testing.assert_array_equal(known(0), painted())
    np.testing.assert_array_equal(painted(init_noise=100), painted(init="noise"))


def test_its_seed_makes_the_same_picture_again() -> None:
    first, again, other = (painted(init_noise=50, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).mean() > 1


def test_more_of_it_leads_further_from_the_run_that_has_none() -> None:
    far = [np.abs(known(init_noise) - known(0)).mean() for init_noise in (20, 50, 90)]
    assert 0.5 < far[0] < far[1] < far[2]


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not() -> None:
    control = nst.Control()
    control.stop()
    stopped = nst.stylize(PHOTO, STYLE, replace(SETTINGS, init_noise=50), control=control)
    assert stopped.step < stopped.total
    np.testing.assert_array_equal(nst.stylize(PHOTO, STYLE, resume=stopped.checkpoint).image, known(50))


def test_no_grain_is_left() -> None:
    if not PAIRS.is_dir():
        pytest.skip("needs NST_SHARED, a folder with data/pairs")
    photo, style = (PAIRS / f"{name}.jpg" for name in ("golden_gate", "style-the_scream"))
    settings = nst.OptimizeSettings(network="lite", size=192, steps=40)
    bound, *free = (fine(nst.stylize(photo, style, replace(settings, init_noise=f)).image) for f in (0, 40, 80))
    assert max(free) < 1.1 * bound
