"""Colors of whole runs: kept, matched, and changed in mid-run."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.color import rgb2lab as lab

import nst
from nst.images import io as images
from nst.images import samples
from nst.optimization import evaluator, footprint
from tests.support.paths import SHARED
from tests.support.pictures import gradient

pytestmark = pytest.mark.slow

PAIRS = SHARED / "data" / "pairs"
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


@cache
def plain(engine: str) -> NDArray[np.uint8]:
    """Paint BRIGHT in the colors of STRIPES, once for all tests."""
    return painted(engine, BRIGHT, STRIPES).image


@BOTH
def test_the_photos_colors_are_kept_and_something_is_painted(engine: str) -> None:
    kept = painted(engine, BRIGHT, STRIPES, colors="photo", strength=100).image
    assert chroma_difference(kept, BRIGHT) < 1
    assert chroma_difference(plain(engine), BRIGHT) > 5
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
    np.testing.assert_array_equal(none, plain(engine))


@BOTH
def test_matched_colors_are_nearer_to_the_photos(engine: str) -> None:
    photo, style = (images.fit(images.read(each[0].source()).rgb, 96) for each in (samples.photos(), samples.styles()))
    found = [painted(engine, photo, style, colors=colors).image for colors in ("style", "matched")]
    far, near = (np.abs(each.mean((0, 1)) - photo.mean((0, 1))).sum() for each in found)
    assert near < 0.7 * far


@BOTH
@pytest.mark.parametrize("colors", ["photo", "matched"])
def test_a_gray_photo_stays_gray(engine: str, colors: str) -> None:
    gray = np.repeat(BRIGHT[..., 2:], 3, -1)
    chroma, unlike = (
        np.abs(lab(painted(engine, gray, STRIPES, colors=c).image)[..., 1:]).mean() for c in (colors, "style")
    )
    assert chroma < 0.4 * unlike
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


def updated(settings: nst.OptimizeSettings, turns: dict[int, dict[str, Any]]) -> list[nst.Snapshot]:
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
    found = updated(replace(settings, colors=begun), {0: {"colors": asked}})[-1]
    np.testing.assert_array_equal(found.image, nst.stylize(BRIGHT, STRIPES, replace(settings, colors=asked)).image)


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
def test_the_photos_colors_are_there_with_the_next_step_and_go_again(optimizer: str) -> None:
    settings = replace(ENGINES["optimize"], optimizer=optimizer, steps=20, strength=100)
    turns: dict[int, dict[str, Any]] = {5: {"colors": "photo"}, 8: {"color_amount": 40}, 10: {"colors": "style"}}
    seen = updated(settings, turns)
    assert [snapshot.step for snapshot in seen] == [*range(1, 21)]  # nothing began anew
    far = [chroma_difference(snapshot.image, BRIGHT) for snapshot in seen]
    assert far[4] > 5 and max(far[5:8]) < 1 and min(far[8:10]) > 1.5 and far[10] > 5
    assert chroma_difference(updated(settings, {5: {"colors": "photo"}})[-1].image, BRIGHT) < 1


def test_it_aims_at_the_recolored_style_from_the_next_step_on() -> None:
    """Colors matched to the photo's show in the optimization itself: nothing is done to what comes out of it."""
    settings = replace(ENGINES["optimize"], steps=20)
    straight, with_values = updated(settings, {}), updated(settings, {10: {"colors": "matched"}})
    for one, other in zip(straight[:10], with_values[:10], strict=True):
        np.testing.assert_array_equal(one.image, other.image)
    assert np.abs(with_values[10].image.astype(int) - straight[10].image).max() > 0
    begun = painted("optimize", BRIGHT, STRIPES, steps=20, colors="matched").image
    away = [np.abs(last.image.mean((0, 1)) - begun.mean((0, 1))).sum() for last in (straight[-1], with_values[-1])]
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
    np.testing.assert_array_equal(resumed.image, updated(settings, {3: turns})[-1].image)


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
