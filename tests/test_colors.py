"""Colors: against scikit-image, NumPy's covariance, and what a screen can show."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.color import lab2rgb, rgb2lab

import nst
from nst.images import color_transfer as colors
from nst.images import io as images
from nst.images import samples
from nst.images.color_transfer import Map, Palette, with_chroma
from nst.optimization import evaluator, footprint
from tests.pictures import gradient

RNG = np.random.default_rng(0)
PAIRS = Path(os.environ.get("NST_SHARED", Path(__file__).parents[2] / "shared")) / "data" / "pairs"


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


def test_transparent_pixels_do_not_count_as_colors() -> None:
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


# Through the engines

ENGINES = {
    "optimize": nst.OptimizeSettings(network="lite", size=96, steps=15, preview_every=3),
    "fast": nst.FastSettings(size=96),
}
BOTH = pytest.mark.parametrize("engine", ENGINES)


def painted(engine: str, photo: NDArray[np.uint8], style: NDArray[np.uint8], **changes: object) -> nst.Snapshot:
    return nst.stylize(photo, style, replace(ENGINES[engine], **changes))


def chroma_difference(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    return float(np.hypot(*np.moveaxis(lab(a) - lab(b), -1, 0)[1:]).mean())


BRIGHT = gradient(96, 64)
STRIPES = np.where((np.indices((80, 80)).sum(0) // 5 % 2)[..., None], [230, 120, 20], [20, 40, 150]).astype(np.uint8)


@BOTH
def test_the_photos_colors_are_kept_and_something_is_painted(engine: str) -> None:
    kept = painted(engine, BRIGHT, STRIPES, colors="photo", strength=100).image
    assert chroma_difference(kept, BRIGHT) < 1
    assert chroma_difference(painted(engine, BRIGHT, STRIPES).image, BRIGHT) > 5
    assert np.abs(lab(kept)[..., 0] - lab(BRIGHT)[..., 0]).mean() > 2


@BOTH
def test_an_amount_in_between_is_in_between(engine: str) -> None:
    distances = [
        chroma_difference(painted(engine, BRIGHT, STRIPES, colors="photo", color_amount=amount).image, BRIGHT)
        for amount in (0, 50, 100)
    ]
    assert distances[2] < 0.7 * distances[1] < 0.7 * distances[0]


@BOTH
@pytest.mark.parametrize("colors", ["photo", "matched"])
def test_no_amount_is_the_paintings_colors_bit_for_bit(engine: str, colors: str) -> None:
    none = painted(engine, BRIGHT, STRIPES, colors=colors, color_amount=0).image
    np.testing.assert_array_equal(none, painted(engine, BRIGHT, STRIPES).image)


@BOTH
def test_matched_colors_are_nearer_to_the_photos(engine: str) -> None:
    photo, style = (images.fit(images.read(each[0].source()).rgb, 96) for each in (samples.photos(), samples.styles()))
    plain, matched = (painted(engine, photo, style, colors=colors).image for colors in ("style", "matched"))
    far, near = (np.abs(each.mean((0, 1)) - photo.mean((0, 1))).sum() for each in (plain, matched))
    assert near < 0.7 * far


@BOTH
@pytest.mark.parametrize("colors", ["photo", "matched"])
def test_a_gray_photo_stays_gray(engine: str, colors: str) -> None:
    gray = np.repeat(BRIGHT[..., 2:], 3, -1)
    chroma, plain = (
        np.abs(lab(painted(engine, gray, STRIPES, colors=c).image)[..., 1:]).mean() for c in (colors, "style")
    )
    assert chroma < 0.4 * plain
    assert painted(engine, BRIGHT, gray, colors=colors).final  # and a gray style is no trouble


@BOTH
@pytest.mark.parametrize("colors", ["photo", "matched", "palette"])
def test_a_flat_photo_and_a_flat_style(engine: str, colors: str) -> None:
    flat = np.full((32, 48, 3), (200, 30, 90), np.uint8)
    assert painted(engine, flat, 255 - flat, colors=colors).image.shape == (64, 96, 3)


def test_previews_show_what_the_result_will() -> None:
    settings = replace(ENGINES["optimize"], colors="photo")
    shown = list(nst.stream(BRIGHT, STRIPES, settings))
    assert len(shown) == 6  # steps 1, 3, 6, 9, 12 and 15
    assert max(chroma_difference(snapshot.image, BRIGHT) for snapshot in shown) < 1


def test_a_resumed_run_has_the_same_colors() -> None:
    settings = replace(ENGINES["optimize"], colors="photo", color_amount=80)
    control = nst.Control()
    for stopped in nst.stream(BRIGHT, STRIPES, settings, control=control):  # noqa: B007 (the last one is looked at)
        control.stop()
    resumed = nst.stylize(BRIGHT, STRIPES, resume=stopped.checkpoint)
    np.testing.assert_array_equal(resumed.image, nst.stylize(BRIGHT, STRIPES, settings).image)


def test_a_draft_has_what_was_asked_before_it_was_there() -> None:
    settings = replace(ENGINES["optimize"], init="fast", strength=30)
    regions = [nst.Region(np.indices(BRIGHT.shape[:2])[1] < 40, strength=70)]
    control = nst.Control()
    control.update(strength=60, regions={0: 20}, colors="photo", color_amount=80)
    found = list(nst.stream(BRIGHT, STRIPES, settings, regions=regions, control=control))
    asked = replace(settings, strength=60, colors="photo", color_amount=80)
    begun = list(nst.stream(BRIGHT, STRIPES, asked, regions=[replace(regions[0], strength=20)]))
    for one, other in zip((found[0], found[-1]), (begun[0], begun[-1]), strict=True):
        np.testing.assert_array_equal(one.image, other.image)


def test_the_draft_has_the_colors_of_the_result() -> None:
    settings = replace(ENGINES["optimize"], colors="photo", init="fast")
    draft, *_ = nst.stream(BRIGHT, STRIPES, settings)
    assert draft.step == 0 and chroma_difference(draft.image, BRIGHT) < 1


# Turned in mid-run


def steered(settings: nst.OptimizeSettings, turns: dict[int, dict[str, Any]]) -> list[nst.Snapshot]:
    """A run that is told at some steps, 0 for before the first, of other colors; a snapshot of every step."""
    control = nst.Control()
    control.update(**turns.get(0, {}))
    seen = []
    for snapshot in nst.stream(BRIGHT, STRIPES, replace(settings, preview_every=1), control=control):
        seen.append(snapshot)
        control.update(**turns.get(snapshot.step, {}))
    return seen


def tile(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on, pictures are worked at in tiles."""
    monkeypatch.setattr(footprint, "WHOLE", 1_000)
    monkeypatch.setattr(evaluator, "TILE", 48)


@pytest.mark.parametrize("tiled", [False, True], ids=["whole", "tiled"])
@pytest.mark.parametrize(("begun", "asked"), [("style", "photo"), ("photo", "style"), ("style", "matched")])
def test_a_run_that_is_turned_before_its_first_step_is_one_that_was_begun_like_that(
    begun: str, asked: str, tiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if tiled:
        tile(monkeypatch)
    settings = replace(ENGINES["optimize"], steps=4)
    found = steered(replace(settings, colors=begun), {0: {"colors": asked}})[-1]
    np.testing.assert_array_equal(found.image, nst.stylize(BRIGHT, STRIPES, replace(settings, colors=asked)).image)


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
def test_the_photos_colors_are_there_with_the_next_step_and_go_again(optimizer: str) -> None:
    settings = replace(ENGINES["optimize"], optimizer=optimizer, steps=20, strength=100)
    turns: dict[int, dict[str, Any]] = {5: {"colors": "photo"}, 8: {"color_amount": 40}, 10: {"colors": "style"}}
    seen = steered(settings, turns)
    assert [snapshot.step for snapshot in seen] == [*range(1, 21)]  # nothing began anew
    far = [chroma_difference(snapshot.image, BRIGHT) for snapshot in seen]
    assert far[4] > 5 and max(far[5:8]) < 1 and min(far[8:10]) > 1.5 and far[10] > 5
    assert chroma_difference(steered(settings, {5: {"colors": "photo"}})[-1].image, BRIGHT) < 1


def test_it_aims_at_the_recolored_style_from_the_next_step_on() -> None:
    """Colors matched to the photo's show in the optimization itself: nothing is done to what comes out of it."""
    settings = replace(ENGINES["optimize"], steps=30)
    plain, turned = steered(settings, {}), steered(settings, {10: {"colors": "matched"}})
    for one, other in zip(plain[:10], turned[:10], strict=True):
        np.testing.assert_array_equal(one.image, other.image)
    assert np.abs(turned[10].image.astype(int) - plain[10].image).max() > 0
    begun = painted("optimize", BRIGHT, STRIPES, steps=30, colors="matched").image
    away = [np.abs(last.image.mean((0, 1)) - begun.mean((0, 1))).sum() for last in (plain[-1], turned[-1])]
    assert away[1] < 0.3 * away[0]


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
def test_a_run_that_was_turned_and_stopped_goes_on_in_its_colors_bit_for_bit(optimizer: str, tmp_path: Path) -> None:
    settings = replace(ENGINES["optimize"], optimizer=optimizer, steps=10, preview_every=1)
    turns: dict[str, Any] = {"colors": "photo", "color_amount": 60.0}
    control = nst.Control()
    for stopped in nst.stream(BRIGHT, STRIPES, settings, control=control):
        if stopped.step == 3:
            control.update(**turns)
        if stopped.step == 6:
            control.stop()
    kept = stopped.checkpoint
    assert kept is not None and kept.settings == settings
    np.savez(tmp_path / "state.npz", allow_pickle=False, **kept.arrays)
    with np.load(tmp_path / "state.npz", allow_pickle=False) as state:
        resumed = nst.stylize(BRIGHT, STRIPES, resume=replace(kept, arrays=dict(state)))
    np.testing.assert_array_equal(resumed.image, steered(settings, {3: turns})[-1].image)


def test_a_checkpoint_that_says_nothing_of_colors_still_goes_on() -> None:
    settings = replace(ENGINES["optimize"], colors="photo", steps=8)
    control = nst.Control()
    for stopped in nst.stream(BRIGHT, STRIPES, settings, control=control):  # noqa: B007 (the last one is looked at)
        control.stop()
    kept = stopped.checkpoint
    older = replace(kept, arrays={name: each for name, each in kept.arrays.items() if "color" not in name})
    assert len(kept.arrays) - len(older.arrays) == 2
    np.testing.assert_array_equal(
        nst.stylize(BRIGHT, STRIPES, resume=older).image, nst.stylize(BRIGHT, STRIPES, settings).image
    )


def test_what_is_painted_in_one_go_can_be_turned_before() -> None:
    control = nst.Control()
    stream = nst.stream(BRIGHT, STRIPES, ENGINES["fast"], control=control)
    control.update(colors="photo", color_amount=70)
    expected = painted("fast", BRIGHT, STRIPES, colors="photo", color_amount=70)
    np.testing.assert_array_equal(next(stream).image, expected.image)


@BOTH
@pytest.mark.parametrize("name", ["tubingen", "golden_gate"])
def test_photographs_keep_their_colors(engine: str, name: str) -> None:
    if not PAIRS.is_dir():
        pytest.skip("needs NST_SHARED, a folder with data/pairs")
    photo = images.fit(images.read(PAIRS / f"{name}.jpg").rgb, 160)
    style = images.read(PAIRS / "style-the_scream.jpg").rgb
    found = painted(engine, photo, style, colors="photo", size=160, strength=100).image
    assert chroma_difference(found, photo) <= 3
    assert np.abs(lab(found)[..., 0] - lab(photo)[..., 0]).mean() > 3
