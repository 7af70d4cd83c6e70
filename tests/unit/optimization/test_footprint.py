"""Memory of a run: counts by hand on a network of round numbers, and fallback to tiles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nst.errors import OutOfMemory
from nst.models.extractors.lite import LITE
from nst.optimization.footprint import (
    COMPARED,
    COMPOSED,
    MAP,
    MARGIN,
    PICTURE,
    PICTURES,
    PLAIN,
    TILE,
    WEIGHED,
    WHOLE,
    Footprint,
)

ROUND = replace(LITE, name="round", blocks=((16, 1), (32, 2)))  # 16 features a pixel, then twice 8
SHALLOW = Footprint(ROUND, ("block2_conv1",), ("block1_conv1",), "bfloat16", "adam")


def test_a_whole_picture_by_hand() -> None:
    features = 24 * (PLAIN + COMPARED)  # block2_conv2 lies beyond what is in use
    assert SHALLOW.whole(1000) == round(1000 * (features + PICTURE * PICTURES["adam"]))


def test_parts_by_hand() -> None:
    parted = replace(SHALLOW, parts=3)
    exact, computed = WEIGHED
    weighed = 16 * (4 * exact + 2 * computed)  # bytes a pixel of block1_conv1, the largest that is weighed
    more = 1000 * (weighed + PICTURE * COMPOSED + 3 * MAP)
    assert parted.whole(1000) == pytest.approx(SHALLOW.whole(1000) + more, abs=1)
    pixels, tile = 20_000_000, (TILE + 2 * 4) ** 2
    more = tile * weighed + pixels * (PICTURE * COMPOSED + 3 * MAP)
    assert parted.tiled(pixels) == pytest.approx(SHALLOW.tiled(pixels) + more, abs=1)


def test_float32_features_take_twice_as_much() -> None:
    more = replace(SHALLOW, dtype="float32").whole(1000) - SHALLOW.whole(1000)
    assert more == pytest.approx(1000 * 24 * PLAIN, abs=1)


def test_a_history_is_remembered_and_is_short_for_large_pictures() -> None:
    remembering = replace(SHALLOW, optimizer="lbfgs")
    small, large = (
        (remembering.tiled(n) - SHALLOW.tiled(n)) / n / PICTURE + PICTURES["adam"] - PICTURES["lbfgs"]
        for n in (1000, 4 * WHOLE)
    )
    # Two pictures a step, and two maps (H, W) of a small one; of a large one, as many pixels as of a small one.
    assert (round(small), round(large)) == (27, 4)
    assert remembering.whole(1000) - remembering.whole(1000, steps=4) == pytest.approx(1000 * PICTURE * 16, abs=1)


def test_tiles_keep_one_tile_s_features_and_the_photo_s() -> None:
    side = TILE + 2 * 4  # block2_conv1 looks 1 + 1 + 2 pixels far
    pixels = 20_000_000
    kept = 8 * 2  # bytes a pixel: block2_conv1 in bfloat16
    expected = side**2 * 24 * (PLAIN + COMPARED) + pixels * (kept + PICTURE * PICTURES["adam"])
    assert SHALLOW.tiled(pixels) == round(expected)


def test_small_pictures_are_whole_large_ones_cut() -> None:
    room = 10**12
    assert not SHALLOW.in_tiles((1000, 1000), room)
    assert SHALLOW.in_tiles((3840, 2160), room)


def test_a_small_picture_is_cut_where_it_would_not_fit() -> None:
    size = (1200, 1200)
    room = int((SHALLOW.tiled(1200 * 1200) * MARGIN + SHALLOW.whole(1200 * 1200) * MARGIN) / 2)
    assert SHALLOW.in_tiles(size, room)


def test_too_large_run_is_refused_with_a_fitting_size() -> None:
    room = 1_000_000_000
    with pytest.raises(
        OutOfMemory, match=r"7680 x 4320 pixels needs about \d+\.\d GB .* 1\.0 GB are available"
    ) as refusal:
        SHALLOW.in_tiles((7680, 4320), room)
    side = int(str(refusal.value).split("a size of at most ")[1].split()[0])
    SHALLOW.in_tiles((side, side * 9 // 16), room)
    with pytest.raises(OutOfMemory):
        SHALLOW.in_tiles((side + 128, (side + 128) * 9 // 16), room)


def test_no_size_is_suggested_if_none_fits() -> None:
    with pytest.raises(OutOfMemory, match="Close other programs, or wait"):
        SHALLOW.in_tiles((640, 480), 1000)
