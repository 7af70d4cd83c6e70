"""fast as it ships: any size, any style, any strength; parts of a whole alike."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from nst.errors import WeightsUnavailable
from nst.images.io import Pixels, fit, read
from nst.models.stylizers import fast
from nst.models.stylizers import registry as stylizers
from nst.models.stylizers.fast_stylizer import FastStylizer
from nst.models.stylizers.noise import STILL, NoiseField
from nst.models.stylizers.statistics import SIZE, by_layer, pooled
from nst.models.stylizers.stylizer import Code, Stylizer
from nst.settings.engines import FastSettings
from nst.system.assets import ASSETS

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def network() -> FastStylizer:
    return stylizers.load_fast("float32")


@pytest.fixture(scope="module")
def photo() -> Pixels:
    return fit(read(ASSETS / "examples" / "harbor-town.jpg").rgb, 96)


def style(name: str) -> Pixels:
    return fit(read(ASSETS / "styles" / f"{name}.jpg").rgb, 256)


@pytest.fixture(scope="module")
def codes(network: FastStylizer) -> list[Code]:
    return [network.describe(style(name)) for name in ("great-swell", "night-over-the-bay")]


def difference(a: NDArray[np.generic], b: NDArray[np.generic]) -> float:
    return float(np.abs(a.astype(float) - b.astype(float)).mean())


def random(*size: int) -> Pixels:
    return RNG.integers(0, 256, (*size, 3), np.uint8)


@pytest.mark.parametrize("size", [(16, 16), (17, 16), (16, 320), (320, 16), (33, 47), (64, 72)])
def test_any_size_and_aspect_ratio(network: FastStylizer, codes: list[Code], size: tuple[int, int]) -> None:
    photo = random(*size)
    painted = network.paint(network.encode(photo), codes[0], 1.0)
    assert (painted.shape, painted.dtype) == (photo.shape, np.uint8)
    assert difference(painted, photo) > 5


@pytest.mark.parametrize("size", [(16, 16), (16, 320), (45, 67)])
def test_styles_may_have_any_size_too(network: FastStylizer, size: tuple[int, int]) -> None:
    code = network.describe(random(*size))
    assert code.dtype == np.float32
    assert code.shape == network.code_shape == (2 * sum(fast.modulated().values()),)
    assert np.isfinite(code).all()


def test_painted_content_stays_in_place(network: FastStylizer, codes: list[Code]) -> None:
    """Surroundings are cut off at the right place: a bright square in the dark is bright in the same place."""
    photo = np.full((90, 70, 3), 30, np.uint8)
    photo[20:50, 10:40] = 220
    gray = network.paint(network.encode(photo), codes[0], 0.5).mean(-1)
    inside = np.zeros((90, 70), bool)
    inside[20:50, 10:40] = True
    shifts = {(y, x): np.roll(inside, (y, x), (0, 1)) for y in (-8, 0, 8) for x in (-8, 0, 8)}
    contrast = {shift: gray[mask].mean() - gray[~mask].mean() for shift, mask in shifts.items()}
    assert max(contrast, key=lambda shift: contrast[shift]) == (0, 0)


def test_a_flat_photo_is_painted_with_strokes(network: FastStylizer, codes: list[Code]) -> None:
    flat = np.full((96, 96, 3), 128, np.uint8)
    painted = network.paint(network.encode(flat), codes[0], 1.0)
    assert painted.astype(float).std((0, 1)).min() > 2


# Strength


def test_strength_zero_is_the_photo(network: FastStylizer, photo: Pixels, codes: list[Code]) -> None:
    painted = network.paint(network.encode(photo), codes[0], 0.0)
    np.testing.assert_array_equal(painted, photo)
    assert not np.shares_memory(painted, photo)


def test_strength_is_no_cross_fade(network: FastStylizer, photo: Pixels, codes: list[Code]) -> None:
    encoding = network.encode(photo)
    half, full = (network.paint(encoding, codes[0], alpha) for alpha in (0.5, 1.0))
    assert difference(half, (photo.astype(float) + full) / 2) > 0.1 * difference(full, photo)


def test_more_strength_leads_further_from_the_photo(network: FastStylizer, photo: Pixels, codes: list[Code]) -> None:
    encoding = network.encode(photo)
    far = [difference(network.paint(encoding, codes[1], alpha), photo) for alpha in (0.0, 0.01, 0.25, 0.5, 1.0)]
    assert far == sorted(far)
    assert far[1] < 0.2 * far[-1]  # a slider that leaves 0 does not jump


# Regions and mixtures


@pytest.mark.parametrize("size", [(16, 16), (33, 47), (16, 320)])
def test_a_region_that_has_all_pixels_is_the_picture(
    network: FastStylizer, codes: list[Code], size: tuple[int, int]
) -> None:
    encoding = network.encode(random(*size))
    for number, alpha in ((0, 0.6), (1, 1.0)):
        maps = np.zeros((2, *size), np.float32)
        maps[number] = 1
        found = network.paint_regions(encoding, codes, alpha, maps)
        assert np.abs(found.astype(int) - network.paint(encoding, codes[number], alpha)).max() <= 1


def test_equal_regions_mix_as_codes_do(network: FastStylizer, photo: Pixels, codes: list[Code]) -> None:
    """Not as pixels do: a half-and-half of both pictures is far from it."""
    encoding, maps = network.encode(photo), np.full((2, *photo.shape[:2]), 0.5, np.float32)
    found = network.paint_regions(encoding, codes, 1.0, maps)
    one, other, mixed = (network.paint(encoding, code, 1.0) for code in (*codes, (codes[0] + codes[1]) / 2))
    assert difference(found, mixed) < 0.5 * difference(found, (one.astype(float) + other) / 2)


def test_codes_mix(network: FastStylizer, photo: Pixels, codes: list[Code]) -> None:
    encoding = network.encode(photo)
    one, other, both = (network.paint(encoding, code, 1.0) for code in (*codes, (codes[0] + codes[1]) / 2))
    apart = difference(one, other)
    assert apart > 5
    assert difference(both, one) > 0.2 * apart
    assert difference(both, other) > 0.2 * apart


# Noise


def test_the_same_again_is_the_same(network: FastStylizer, photo: Pixels) -> None:
    first, again = (
        network.paint(network.encode(photo), network.describe(style("great-swell")), alpha) for alpha in (0.7, 0.7)
    )
    np.testing.assert_array_equal(first, again)


def test_a_seed_is_a_picture(network: FastStylizer, photo: Pixels, codes: list[Code]) -> None:
    fields = STILL, NoiseField(0), NoiseField(1), NoiseField(0, (5, 0))
    still, same, *others = (network.paint(network.encode(photo, field), codes[0], 1.0) for field in fields)
    np.testing.assert_array_equal(still, same)
    for other in others:
        assert difference(other, still) > 0.5


# Statistics


def test_with_its_own_statistics_a_picture_is_what_it_is_without(
    network: FastStylizer, photo: Pixels, codes: list[Code]
) -> None:
    own = network.measure([(photo, STILL)], codes[0])
    assert (own.shape, own.dtype) == ((SIZE,), np.float32)
    given = network.encode(photo), network.encode(photo, STILL, own)
    plain, alike = (network.paint(encoding, codes[0], 1.0).astype(int) for encoding in given)
    assert np.abs(plain - alike).max() <= 1


def test_with_any_statistics_strength_leads_to_the_photo(
    network: FastStylizer, photo: Pixels, codes: list[Code]
) -> None:
    other = network.measure([(255 - photo[::-1], STILL)], codes[0])
    encoding = network.encode(photo, STILL, other)
    far = [difference(network.paint(encoding, codes[0], alpha), photo) for alpha in (0.0, 0.01, 1.0)]
    assert far[0] == 0 and far[1] < 0.2 * far[2]


def test_statistics_are_those_of_the_features(network: FastStylizer, photo: Pixels, codes: list[Code]) -> None:
    """Against NumPy, in the first layer that is normalized: a low-pass filter and two convolutions."""
    padded = fit(photo, 96)[:64, :96]
    found = by_layer(network.measure([(padded, STILL)], codes[0]))["down4"]
    half = network.encode(padded).features[0]
    low = fast._halve(half)
    kernel = network.network.weights["down4/kernel"]
    features = tf.nn.conv2d(tf.pad(low, [[0, 0], [1, 1], [1, 1], [0, 0]], "SYMMETRIC"), kernel, 1, "VALID").numpy()
    np.testing.assert_allclose(found[0], features.mean((0, 1, 2)), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(found[1], features.var((0, 1, 2)), rtol=1e-3, atol=1e-4)


def test_a_crop_with_the_statistics_and_the_noise_of_the_whole_is_painted_as_in_it(
    network: FastStylizer, codes: list[Code]
) -> None:
    whole, (left, top, side), edge = fit(read(ASSETS / "examples" / "landscape.jpg").rgb, 480), (136, 24, 240), 72
    crop = whole[top : top + side, left : left + side]
    noise = NoiseField(0, (left, top))
    wanted = network.paint(network.encode(whole), codes[0], 1.0)[top : top + side, left : left + side]
    statistics = network.measure([(whole, STILL)], codes[0])
    inner = np.s_[edge:-edge, edge:-edge]
    given = {"alike": (noise, statistics), "own statistics": (noise, None), "other noise": (STILL, statistics)}
    off = {
        name: difference(network.paint(network.encode(crop, *each), codes[0], 1.0)[inner], wanted[inner])
        for name, each in given.items()
    }
    assert off["alike"] < 1
    assert off["alike"] < 0.3 * min(off["own statistics"], off["other noise"])


def test_statistics_of_several_pictures_are_pooled_by_their_pixels(
    network: FastStylizer, photo: Pixels, codes: list[Code]
) -> None:
    pictures = [(photo, STILL), (photo[:40, :24], NoiseField(1))]
    each = [network.measure([picture], codes[0]) for picture in pictures]
    together = network.measure(pictures, codes[0])
    np.testing.assert_allclose(together, pooled(each, [photo.size // 3, 40 * 24]), rtol=1e-5)
    assert not np.allclose(each[0], each[1], rtol=0.01)


def test_regions_are_painted_with_given_statistics_too(network: FastStylizer, photo: Pixels, codes: list[Code]) -> None:
    other = network.measure([(255 - photo[::-1], STILL)], codes[0])
    encoding = network.encode(photo, STILL, other)
    maps = np.stack([np.ones(photo.shape[:2], "f4"), np.zeros(photo.shape[:2], "f4")])
    alike = network.paint(encoding, codes[0], 1.0).astype(int)
    assert np.abs(network.paint_regions(encoding, codes, 1.0, maps) - alike).max() <= 1
    assert difference(alike, network.paint(network.encode(photo), codes[0], 1.0)) > 1


# Loading


def test_bfloat16_looks_like_float32(network: FastStylizer, photo: Pixels, codes: list[Code]) -> None:
    short = stylizers.load_fast("bfloat16")
    code = short.describe(style("great-swell"))
    np.testing.assert_allclose(code, codes[0], atol=0.02 * np.abs(codes[0]).max())
    for alpha in (0.5, 1.0):
        painted = [each.paint(each.encode(photo), code, alpha) for each in (short, network)]
        assert 0 < difference(*painted) < 2


def test_equal_settings_share_a_network(network: FastStylizer) -> None:
    together = threading.Barrier(4)

    def ask(_: int) -> Stylizer:
        together.wait(10)
        return stylizers.load(FastSettings(precision="float32", strength=30, size=64, seed=5))

    with ThreadPoolExecutor(4) as pool:
        assert all(found is network for found in pool.map(ask, range(4)))
    assert stylizers.load(FastSettings(precision="bfloat16")) is not network


@pytest.mark.parametrize("name", ["FAST_WEIGHTS", "TUNED_STYLES"])
def test_weights_that_are_not_there(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stylizers, name, tmp_path / "fast.npz")
    with pytest.raises(WeightsUnavailable, match=r"no such file.*Install it again"):
        stylizers.load(FastSettings())
