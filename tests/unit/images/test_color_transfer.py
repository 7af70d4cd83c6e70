"""Colors: against scikit-image, NumPy's covariance, and what a screen can show."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.color import lab2rgb, rgb2lab

from nst.images import color_transfer as colors
from nst.images.color_transfer import Map, Palette, with_chroma
from tests.support.pictures import gradient

RNG = np.random.default_rng(0)


def cloud(mean: list[float], spread: list[list[float]], shape: tuple[int, int] = (50, 70)) -> NDArray[np.uint8]:
    """Random uint8 RGB whose colors lie about `mean` along the columns of `spread`, far from 0 and 255."""
    points = np.clip(RNG.normal(size=(*shape, 3)), -2.5, 2.5)
    return np.rint(np.array(mean) + points @ np.array(spread).T).astype(np.uint8)


PHOTO = cloud([120, 110, 100], [[20, 5, 0], [0, 15, 3], [4, 0, 10]])
STYLE = cloud([140, 90, 120], [[8, 0, 3], [0, 18, 0], [9, 5, 12]])
GRAY = np.repeat(PHOTO[..., :1], 3, -1)


def statistics(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and covariance of colors in 0 to 255."""
    points = pixels.reshape(-1, 3).astype(float)
    return points.mean(0), np.cov(points.T, bias=True)


def lab(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    return rgb2lab(pixels)


# Palettes and maps


def test_a_palette_is_numpys_mean_and_covariance(monkeypatch: pytest.MonkeyPatch) -> None:
    mean, covariance = statistics(PHOTO)
    for strip in (colors.STRIP, 300):  # as a whole, and in strips of four rows
        monkeypatch.setattr(colors, "STRIP", strip)
        found = Palette.of(PHOTO)
        np.testing.assert_allclose(found.mean * 255, mean)
        np.testing.assert_allclose(found.covariance * 255**2, covariance, atol=1e-6)


def test_what_is_transparent_has_no_color() -> None:
    alpha = np.full(PHOTO.shape[:2], 255, np.uint8)
    alpha[:20] = 0
    np.testing.assert_allclose(Palette.of(PHOTO, alpha).mean * 255, PHOTO[20:].mean((0, 1)), rtol=1e-4)
    everything = Palette.of(PHOTO, np.zeros_like(alpha))
    np.testing.assert_allclose(everything.mean, Palette.of(PHOTO).mean)


def test_pictures_side_by_side() -> None:
    both = Palette.of(np.concatenate([PHOTO, STYLE, STYLE, STYLE]))
    mixed = Palette.mixed([Palette.of(PHOTO), Palette.of(STYLE)], [1, 3])
    np.testing.assert_allclose(mixed.mean, both.mean)
    np.testing.assert_allclose(mixed.covariance, both.covariance)


def test_matching_gives_the_others_mean_and_covariance() -> None:
    found = Palette.of(STYLE).onto(Palette.of(PHOTO))(STYLE)
    mean, covariance = statistics(PHOTO)
    np.testing.assert_allclose(found.mean((0, 1)), mean, atol=0.3)
    np.testing.assert_allclose(statistics(found)[1], covariance, atol=0.02 * covariance.max())


def test_no_linear_map_that_matches_moves_colors_less() -> None:
    """Rotate before and after: other ways to the same covariance, Cholesky's among them, are longer."""
    own, other = Palette.of(STYLE), Palette.of(PHOTO)
    best = own.onto(other).matrix
    moved = np.trace((best - np.eye(3)) @ own.covariance @ (best - np.eye(3)).T)
    root = np.linalg.cholesky(own.covariance)
    for _ in range(20):
        turn = np.linalg.qr(RNG.normal(size=(3, 3)))[0]
        matrix = best @ root @ turn @ np.linalg.inv(root)
        np.testing.assert_allclose(matrix @ own.covariance @ matrix.T, other.covariance, atol=1e-6)
        assert np.trace((matrix - np.eye(3)) @ own.covariance @ (matrix - np.eye(3)).T) >= moved


def test_half_a_share_is_half_of_the_way() -> None:
    change = Palette.of(STYLE).onto(Palette.of(PHOTO))
    half = change(STYLE, 0.5).astype(float)
    np.testing.assert_allclose(half, (STYLE.astype(float) + change(STYLE)) / 2, atol=1)
    np.testing.assert_array_equal(change(STYLE, 0.0), STYLE)


@pytest.mark.parametrize("flat", [False, True])
def test_gray_pictures_do_not_break_it(flat: bool) -> None:
    gray = np.full_like(PHOTO, 90) if flat else GRAY
    to_gray = Palette.of(STYLE).onto(Palette.of(gray))(STYLE)
    assert np.ptp(to_gray.astype(int), axis=-1).max() <= 1
    tinted = Palette.of(gray).onto(Palette.of(STYLE))(gray)
    np.testing.assert_allclose(tinted.mean((0, 1)), STYLE.mean((0, 1)), atol=2)


def test_the_noise_of_a_nearly_gray_picture_stays_small() -> None:
    nearly = (GRAY + RNG.integers(0, 2, GRAY.shape)).astype(np.uint8)
    found = Palette.of(nearly).onto(Palette.of(cloud([120, 120, 120], np.diag([40, 40, 40]))))(nearly)
    noise = found - found.mean(-1, keepdims=True) - (found.mean((0, 1)) - found.mean())
    assert noise.std() < colors.MOST * (nearly - nearly.mean(-1, keepdims=True)).std() * 1.1


def test_relighting_gives_luminance_and_keeps_what_differs_from_it() -> None:
    found = Palette.of(STYLE).relit(Palette.of(PHOTO))(STYLE)
    wanted, got, own = (picture @ colors.LUMA for picture in (PHOTO, found, STYLE))
    assert got.mean() == pytest.approx(wanted.mean(), abs=0.3) and got.std() == pytest.approx(wanted.std(), abs=0.3)
    np.testing.assert_allclose(found - got[..., None], STYLE - own[..., None], atol=1)


def test_colors_beyond_a_screen_fade_and_keep_luminance_and_hue() -> None:
    vivid = Map(np.diag([1.0, 1.0, 1.0]) * 1.5 - 0.5 * np.outer(np.ones(3), colors.LUMA), np.zeros(3))
    picture = gradient(64, 64)  # up to pure colors
    found, exact = vivid(picture).astype(float), picture @ vivid.matrix.T
    cut = (exact.min(-1) < -1) | (exact.max(-1) > 256)
    assert cut.mean() > 0.2
    np.testing.assert_allclose(found @ colors.LUMA, picture @ colors.LUMA, atol=1)
    away, wanted = (each - (each @ colors.LUMA)[..., None] for each in (found, exact))
    lengths = np.linalg.norm(away, axis=-1) * np.linalg.norm(wanted, axis=-1)
    clear = cut & (np.linalg.norm(away, axis=-1) > 20)
    assert ((away * wanted).sum(-1)[clear] / lengths[clear]).min() > 0.995


# Keeping a photo's colors


def test_lab_is_scikit_images() -> None:
    rgb = RNG.random((40, 40, 3), np.float32)
    np.testing.assert_allclose(colors._encoded(colors._linear(rgb2lab(rgb))), rgb, atol=1e-4)
    np.testing.assert_allclose(colors._encoded(colors._linear(rgb2lab(rgb))), lab2rgb(rgb2lab(rgb)), atol=1e-4)


def test_lightness_of_one_and_chroma_of_the_other() -> None:
    painted = cloud([120, 120, 130], np.diag([8, 8, 8]))  # with what the photo's colors can be shown
    found = lab(with_chroma(painted, PHOTO, 1.0))
    np.testing.assert_allclose(found[..., 0], lab(painted)[..., 0], atol=0.5)
    np.testing.assert_allclose(found[..., 1:], lab(PHOTO)[..., 1:], atol=1.0)


def test_half_of_the_photos_chroma() -> None:
    found = lab(with_chroma(STYLE, PHOTO, 0.5))
    np.testing.assert_allclose(found[..., 1:], (lab(STYLE)[..., 1:] + lab(PHOTO)[..., 1:]) / 2, atol=1.5)


def test_chroma_is_kept_where_lightness_cannot_be() -> None:
    """Pure colors have one lightness only; what was painted there gives way."""
    photo = np.zeros((8, 6, 3), np.uint8)
    photo[:4, :, 0], photo[4:, :, 2] = 255, 255
    painted = np.repeat(np.arange(0, 255, 43, dtype=np.uint8)[None, :, None], 8, 0).repeat(3, -1)
    found = lab(with_chroma(painted, photo, 1.0))
    assert np.hypot(*np.moveaxis(found - lab(photo), -1, 0)[1:]).max() < 1.5


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_a_photo_that_was_not_painted_comes_back(share: float) -> None:
    picture = RNG.integers(0, 256, (30, 30, 3), np.uint8)
    np.testing.assert_array_equal(with_chroma(picture, picture, share), picture)


def test_strips_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = with_chroma(STYLE, PHOTO, 0.7), Palette.of(STYLE).onto(Palette.of(PHOTO))(STYLE)
    monkeypatch.setattr(colors, "STRIP", 10)  # less than a row: then a row each
    np.testing.assert_array_equal(with_chroma(STYLE, PHOTO, 0.7), whole[0])
    assert np.abs(Palette.of(STYLE).onto(Palette.of(PHOTO))(STYLE).astype(int) - whole[1]).max() <= 1
