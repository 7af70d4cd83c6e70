"""Regions in the loop: what is left alone, what is painted how, and what may be turned while it runs."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import nst
from nst.errors import SettingsError
from nst.images.io import resize
from nst.optimization import evaluator, footprint
from nst.run.regions import Region

pytestmark = pytest.mark.slow

SIDE = 96
y, x = np.mgrid[:SIDE, :144]
PHOTO = np.stack([127 + 90 * np.sin(x / p + y / (2 * p)) for p in (9.0, 14.0, 23.0)], -1).astype(np.uint8)
STRIPES = np.where(((x + y) // 6 % 2)[..., None], [230, 120, 20], [20, 40, 150]).astype(np.uint8)
DOTS = np.where(((x % 12 - 6) ** 2 + (y % 12 - 6) ** 2 < 20)[..., None], [20, 160, 60], [240, 240, 200]).astype(
    np.uint8
)
LEFT = x < 72
FEATHER = 5.0
BEYOND = ceil(FEATHER / 100 * 144)  # pixels
Picture = NDArray[np.uint8]


def settings(**changes: Any) -> nst.OptimizeSettings:
    return nst.OptimizeSettings(**{"network": "lite", "size": 144, "steps": 12, "preview_every": 1, **changes})


def left(**look: Any) -> Region:
    return Region(LEFT, feather=FEATHER, **look)


def run(*regions: Region, styles: Any = STRIPES, control: nst.Control | None = None, **changes: Any) -> Picture:
    return nst.stylize(PHOTO, styles, settings(**changes), regions=regions, control=control).image


def difference(a: Picture, b: Picture) -> float:
    return float(np.abs(a.astype(float) - b).mean())


def assert_photo(found: Picture, outside: NDArray[np.bool_], photo: Picture = PHOTO) -> None:
    np.testing.assert_array_equal(found[outside], photo[outside])


BESIDE = x >= 72 + BEYOND  # what no feather of the left half reaches
WITHIN = x < 72 - BEYOND


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"optimizer": "adam"},
        {"init": "noise"},
        {"init_noise": 50},
        {"colors": "photo"},
        {"colors": "matched"},
        {"strength": None, "style_weight": 100.0},
        {"style_scale": 2},
    ],
)
def test_photo_is_unchanged_bit_for_bit_at_strength_0(changes: dict[str, Any]) -> None:
    found = run(left(), Region(None, strength=0), **changes)
    assert_photo(found, BESIDE)
    assert difference(found[WITHIN], PHOTO[WITHIN]) > 2


def test_every_preview_and_a_stop_at_a_coarse_size_keep_the_photo_sharp() -> None:
    photo = resize(PHOTO, (1200, 800))
    small = resize(photo, (1024, 683))
    outside = resize(np.repeat(BESIDE[..., None] * np.uint8(255), 3, 2), (1024, 683))[..., 0] == 255
    control = nst.Control()
    chosen = settings(size=None, levels=3, steps=12)
    for snapshot in nst.stream(
        photo, STRIPES, chosen, regions=[left(strength=60), Region(None, strength=0)], control=control
    ):
        if not snapshot.final:
            assert snapshot.working_size[0] < 400
            assert_photo(snapshot.image, outside, small)
        if snapshot.step == 2:
            control.stop()
    assert snapshot.final and snapshot.image.shape == photo.shape and snapshot.checkpoint is not None
    assert_photo(
        snapshot.image, resize(np.repeat(BESIDE[..., None] * np.uint8(255), 3, 2), (1200, 800))[..., 0] == 255, photo
    )


def test_a_part_is_painted_as_strongly_as_the_whole_would_be() -> None:
    whole, part = run(steps=15), run(left(), Region(None, strength=0), steps=15)
    strength = [difference(each[WITHIN], PHOTO[WITHIN]) for each in (whole, part)]
    assert strength[1] == pytest.approx(strength[0], rel=0.15)


def test_each_half_gets_its_style() -> None:
    found = run(left(style=0), Region(None, style=1), styles=[STRIPES, DOTS], steps=20, strength=80)
    alone = [run(styles=style, steps=20, strength=80) for style in (STRIPES, DOTS)]
    for half, own, other in ((WITHIN, *alone), (BESIDE, *alone[::-1])):
        assert difference(found[half].mean(0), own[half].mean(0)) < 0.5 * difference(
            found[half].mean(0), other[half].mean(0)
        )


def test_a_style_without_weight_may_still_be_a_region_s() -> None:
    regions = left(style=1), Region(None, style=0)
    chosen = settings(steps=6)
    once = nst.stylize(PHOTO, [STRIPES, DOTS], chosen, style_weights=[1, 0], regions=regions)
    again = nst.stylize(PHOTO, [STRIPES, DOTS], chosen, regions=regions)
    np.testing.assert_array_equal(once.image, again.image)


def test_no_regions_are_no_regions() -> None:
    np.testing.assert_array_equal(run(), nst.stylize(PHOTO, STRIPES, settings()).image)


def test_all_parts_of_strength_0_give_the_photo_back() -> None:
    assert_photo(run(left(strength=0), strength=0), np.ones_like(LEFT))


def test_more_strength_in_a_region_is_more_paint_there() -> None:
    weak, strong = (run(left(strength=strength), strength=40, steps=15) for strength in (5, 90))
    assert difference(strong[WITHIN], PHOTO[WITHIN]) > 2 * difference(weak[WITHIN], PHOTO[WITHIN])
    for found, more, less in ((weak, BESIDE, WITHIN), (strong, WITHIN, BESIDE)):
        assert difference(found[more], PHOTO[more]) > 1.5 * difference(found[less], PHOTO[less])


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
def test_a_resumed_run_ends_at_the_same_picture_bit_for_bit(optimizer: str) -> None:
    regions = [left(strength=30), Region(None, strength=0)]
    chosen = settings(optimizer=optimizer)
    control = nst.Control()
    for last in nst.stream(PHOTO, STRIPES, chosen, regions=regions, control=control):
        if last.step == 3:
            control.update(regions={0: 80})
        if last.step == 6:
            control.stop()
    assert last.checkpoint is not None
    np.testing.assert_array_equal(last.checkpoint.arrays["regions"], [80, 0])
    resumed = nst.stylize(PHOTO, STRIPES, resume=last.checkpoint, regions=regions)
    straight = nst.Control()
    for whole in nst.stream(PHOTO, STRIPES, chosen, regions=regions, control=straight):
        if whole.step == 3:
            straight.update(regions={0: 80})
    np.testing.assert_array_equal(resumed.image, whole.image)


def test_a_checkpoint_wants_the_regions_that_it_was_made_with() -> None:
    control = nst.Control()
    control.stop()
    *_, last = nst.stream(PHOTO, STRIPES, settings(), regions=[left()], control=control)
    with pytest.raises(SettingsError, match="with 1 regions, received 0"):
        nst.stream(PHOTO, STRIPES, resume=last.checkpoint)


def test_a_region_can_be_turned_up_in_mid_run() -> None:
    control = nst.Control()
    regions = [left(strength=20)]
    for updated in nst.stream(PHOTO, STRIPES, settings(strength=20, steps=15), regions=regions, control=control):  # noqa: B007
        control.update(regions={0: 90})
    found = [difference(updated.image[part], PHOTO[part]) for part in (WITHIN, BESIDE)]
    assert found[0] > 3 * found[1]


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
def test_a_region_that_is_painted_late_begins_as_the_photo_and_one_that_is_given_up_is_the_photo(
    optimizer: str,
) -> None:
    control = nst.Control()
    regions = [left(strength=0)]
    seen: list[Picture] = []
    chosen = settings(steps=24, optimizer=optimizer)
    for snapshot in nst.stream(PHOTO, STRIPES, chosen, regions=regions, control=control):
        seen.append(snapshot.image)
        if snapshot.step == 8:
            control.update(regions={0: 60})
        if snapshot.step == 20:
            control.update(strength=0)
    assert len(seen) == 24
    assert_photo(seen[7], WITHIN)
    late = [difference(seen[step][WITHIN], PHOTO[WITHIN]) for step in (8, 19)]
    assert 0 < late[0] < 10 and late[0] < late[1]  # from the photo on, not from wherever unseen pixels had drifted
    assert difference(seen[8][BESIDE], seen[7][BESIDE]) < 10  # nothing jumps there
    assert difference(seen[19][BESIDE], PHOTO[BESIDE]) > 5
    assert_photo(seen[-1], BESIDE)  # the rest has the run's strength
    assert difference(seen[-1][WITHIN], PHOTO[WITHIN]) > 5


def test_a_region_that_is_not_there_is_refused_to_whoever_asks_and_the_run_goes_on() -> None:
    control, refused = nst.Control(), 0
    for last in nst.stream(PHOTO, STRIPES, settings(steps=4), regions=[left(strength=0)], control=control):  # noqa: B007
        with pytest.raises(SettingsError, match="no region number 1: it has 1, counted from 0"):
            control.update(strength=0, regions={0: 60, 1: 20})
        refused += 1
    assert last.final and last.step == 4 and refused == 4
    assert_photo(last.image, WITHIN)  # nothing of what was refused was done
    assert difference(last.image[BESIDE], PHOTO[BESIDE]) > 1


def test_raw_weights_know_no_strengths_but_0() -> None:
    with pytest.raises(SettingsError, match="with raw weights: received strength 30 with style_weight=5"):
        nst.stream(PHOTO, STRIPES, settings(style_weight=5.0), regions=[left(strength=30)])


def test_tiles_paint_the_same_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footprint, "HISTORY", 1)  # a short one is all that large pictures have
    regions = left(style=0), Region(None, style=1, strength=20), Region(y < 20, strength=0)
    more: dict[str, Any] = {"styles": [STRIPES, DOTS], "precision": "float32", "levels": 1, "steps": 3}
    whole = run(*regions, **more)
    monkeypatch.setattr(footprint, "WHOLE", 5_000)
    monkeypatch.setattr(evaluator, "TILE", 48)
    tiled = run(*regions, **more)
    assert np.abs(whole.astype(int) - tiled).max() <= 2
    assert difference(tiled, PHOTO) > 3


def test_a_draft_leaves_the_same_parts_alone() -> None:
    draft, *_, last = nst.stream(PHOTO, STRIPES, settings(init="fast"), regions=[left(strength=0)])
    assert draft.step == 0
    for picture in (draft.image, last.image):
        assert_photo(picture, WITHIN)
        assert difference(picture[BESIDE], PHOTO[BESIDE]) > 5
