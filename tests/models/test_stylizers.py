"""micro as it ships: any size, any style, any strength."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from nst.assets import ASSETS
from nst.errors import WeightsUnavailable
from nst.images import Pixels, fit, read
from nst.models import stylizers
from nst.models.stylizer import Stylizer
from nst.settings import FastSettings


@pytest.fixture(scope="module")
def micro() -> Stylizer:
    return stylizers.load(FastSettings(precision="float32"))


@pytest.fixture(scope="module")
def photo() -> Pixels:
    return fit(read(ASSETS / "examples" / "harbor-town.jpg").rgb, 96)


def style(name: str) -> Pixels:
    return fit(read(ASSETS / "styles" / f"{name}.jpg").rgb, 256)


@pytest.fixture(scope="module")
def codes(micro: Stylizer) -> list[NDArray[np.float32]]:
    return [micro.describe(style(name)) for name in ("great-swell", "night-over-the-bay")]


def difference(a: NDArray[np.generic], b: NDArray[np.generic]) -> float:
    return float(np.abs(a.astype(float) - b.astype(float)).mean())


@pytest.mark.parametrize("size", [(16, 16), (17, 16), (16, 320), (320, 16), (33, 47), (64, 72)])
def test_any_size_and_aspect_ratio(micro: Stylizer, codes: list[NDArray[np.float32]], size: tuple[int, int]) -> None:
    photo = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    painted = micro.paint(micro.encode(photo), codes[0], 1.0)
    assert (painted.shape, painted.dtype) == (photo.shape, np.uint8)
    assert difference(painted, photo) > 5


@pytest.mark.parametrize("size", [(16, 16), (16, 320), (45, 67)])
def test_styles_may_have_any_size_too(micro: Stylizer, size: tuple[int, int]) -> None:
    code = micro.describe(np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8))
    assert code.dtype == np.float32
    assert np.isfinite(code).all()


def test_what_is_painted_stays_where_it_was(micro: Stylizer, codes: list[NDArray[np.float32]]) -> None:
    """Surroundings are cut off at the right place: a bright square in the dark is bright in the same place."""
    photo = np.full((90, 70, 3), 30, np.uint8)
    photo[20:50, 10:40] = 220
    gray = micro.paint(micro.encode(photo), codes[0], 0.5).mean(-1)
    inside = np.zeros((90, 70), bool)
    inside[20:50, 10:40] = True
    shifts = {(y, x): np.roll(inside, (y, x), (0, 1)) for y in (-8, 0, 8) for x in (-8, 0, 8)}
    contrast = {shift: gray[mask].mean() - gray[~mask].mean() for shift, mask in shifts.items()}
    assert max(contrast, key=lambda shift: contrast[shift]) == (0, 0)


def test_strength_zero_is_the_photo(micro: Stylizer, photo: Pixels, codes: list[NDArray[np.float32]]) -> None:
    painted = micro.paint(micro.encode(photo), codes[0], 0.0)
    np.testing.assert_array_equal(painted, photo)
    assert not np.shares_memory(painted, photo)


def test_strength_is_no_cross_fade(micro: Stylizer, photo: Pixels, codes: list[NDArray[np.float32]]) -> None:
    encoding = micro.encode(photo)
    half, full = (micro.paint(encoding, codes[0], alpha) for alpha in (0.5, 1.0))
    assert difference(half, (photo.astype(float) + full) / 2) > 0.1 * difference(full, photo)


def test_more_strength_leads_further_from_the_photo(
    micro: Stylizer, photo: Pixels, codes: list[NDArray[np.float32]]
) -> None:
    encoding = micro.encode(photo)
    far = [difference(micro.paint(encoding, codes[1], alpha), photo) for alpha in (0.0, 0.01, 0.25, 0.5, 1.0)]
    assert far == sorted(far)
    assert far[1] < 0.2 * far[-1]  # a slider that leaves 0 does not jump


@pytest.mark.parametrize("size", [(16, 16), (33, 47), (16, 320)])
def test_a_part_that_has_all_pixels_is_the_picture(
    micro: Stylizer, codes: list[NDArray[np.float32]], size: tuple[int, int]
) -> None:
    photo = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    encoding = micro.encode(photo)
    for number, alpha in ((0, 0.6), (1, 1.0)):
        maps = np.zeros((2, *size), np.float32)
        maps[number] = 1
        found = micro.paint_parts(encoding, codes, alpha, maps)
        assert np.abs(found.astype(int) - micro.paint(encoding, codes[number], alpha)).max() <= 1


def test_equal_parts_mix_as_codes_do(micro: Stylizer, photo: Pixels, codes: list[NDArray[np.float32]]) -> None:
    """Not as pixels do: a half-and-half of both pictures is far from it."""
    encoding, maps = micro.encode(photo), np.full((2, *photo.shape[:2]), 0.5, np.float32)
    found = micro.paint_parts(encoding, codes, 1.0, maps)
    one, other, mixed = (micro.paint(encoding, code, 1.0) for code in (*codes, (codes[0] + codes[1]) / 2))
    assert difference(found, mixed) < 0.5 * difference(found, (one.astype(float) + other) / 2)


def test_codes_mix(micro: Stylizer, photo: Pixels, codes: list[NDArray[np.float32]]) -> None:
    encoding = micro.encode(photo)
    one, other, both = (micro.paint(encoding, code, 1.0) for code in (*codes, (codes[0] + codes[1]) / 2))
    apart = difference(one, other)
    assert apart > 5
    assert difference(both, one) > 0.2 * apart
    assert difference(both, other) > 0.2 * apart


def test_the_same_again_is_the_same(micro: Stylizer, photo: Pixels) -> None:
    first, again = (
        micro.paint(micro.encode(photo), micro.describe(style("great-swell")), alpha) for alpha in (0.7, 0.7)
    )
    np.testing.assert_array_equal(first, again)


def test_bfloat16_looks_like_float32(micro: Stylizer, photo: Pixels, codes: list[NDArray[np.float32]]) -> None:
    short = stylizers.load(FastSettings(precision="bfloat16"))
    code = short.describe(style("great-swell"))
    np.testing.assert_allclose(code, codes[0], atol=0.02 * np.abs(codes[0]).max())
    for alpha in (0.5, 1.0):
        painted = [network.paint(network.encode(photo), code, alpha) for network in (short, micro)]
        assert 0 < difference(*painted) < 2


def test_equal_settings_share_a_network(micro: Stylizer) -> None:
    together = threading.Barrier(4)

    def ask(_: int) -> Stylizer:
        together.wait(10)
        return stylizers.load(FastSettings(precision="float32", strength=30, size=64))

    with ThreadPoolExecutor(4) as pool:
        assert all(network is micro for network in pool.map(ask, range(4)))
    assert stylizers.load(FastSettings(precision="bfloat16")) is not micro


def test_weights_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stylizers, "MICRO_WEIGHTS", tmp_path / "fast.npz")
    with pytest.raises(WeightsUnavailable, match=r"fast\.npz': there is no such file.*install it again"):
        stylizers.load(FastSettings())
