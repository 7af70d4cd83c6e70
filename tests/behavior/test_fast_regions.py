"""Regions in the instant engine: a look of its own in each place, the photo where nothing is painted, no seams."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import nst
from nst.images import io as images
from nst.images.blend import Maps
from nst.images.io import Pixels
from nst.models.stylizers import registry as stylizers
from nst.models.stylizers.noise import STILL, NoiseField
from nst.run.regions import Region
from nst.system.assets import ASSETS

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
PHOTO = images.fit(images.read(ASSETS / "examples" / "harbor-town.jpg").rgb, 192)[50:98]
STYLES = [
    images.fit(images.read(ASSETS / "styles" / f"{name}.jpg").rgb, 256)
    for name in ("great-swell", "night-over-the-bay")
]
HEIGHT, WIDTH = PHOTO.shape[:2]
EDGE, REACH = WIDTH // 2, 30  # pixels beside a place that the network looks at
LEFT = np.arange(WIDTH) < EDGE
MASK = np.tile(LEFT, (HEIGHT, 1))
THIRDS = [np.tile(np.arange(WIDTH) * 3 // WIDTH == k, (HEIGHT, 1)) for k in range(3)]
FEATHER = 2.0
SOFT = int(FEATHER / 100 * WIDTH) + 1  # pixels to either side of the edge


def settings(**changes: Any) -> nst.FastSettings:
    return nst.FastSettings(**{"size": None, "precision": "float32", **changes})


def painted(*regions: Region, styles: list[Pixels] | None = None, **changes: Any) -> NDArray[np.int64]:
    return nst.stylize(PHOTO, styles or STYLES, settings(**changes), regions=regions).image.astype(int)


# Our own network


@pytest.mark.parametrize("strengths", [(100, 100), (40, 100), (100, 3)])
def test_inside_a_part_is_what_is_painted_where_all_is_painted_so(strengths: tuple[float, float]) -> None:
    one, other = (painted(styles=[s], strength=strength) for s, strength in zip(STYLES, strengths, strict=True))
    found = painted(Region(MASK, style=0, strength=strengths[0]), Region(None, style=1, strength=strengths[1]))
    beyond = REACH + SOFT
    assert np.abs(found - one)[:, : EDGE - beyond].max() <= 1
    assert np.abs(found - other)[:, EDGE + beyond :].max() <= 1
    assert np.abs(one - other).mean() > 5


@pytest.mark.parametrize("strengths", [(100, 100), (40, 100), (30, 30)])
@pytest.mark.parametrize("feather", [0.0, 2.0, 10.0])
def test_a_border_is_between_both_looks(strengths: tuple[float, float], feather: float) -> None:
    """Features of unlike sizes meet there; what came of that must not blow up, nor be a third look."""
    one, other = (painted(styles=[s], strength=strength) for s, strength in zip(STYLES, strengths, strict=True))
    found = painted(Region(MASK, style=0, strength=strengths[0], feather=feather), Region(None, 1, strengths[1]))
    near = np.abs(np.arange(WIDTH) - EDGE) < REACH
    low, high = np.minimum(one, other)[:, near], np.maximum(one, other)[:, near]
    beyond = np.maximum(low - found[:, near], found[:, near] - high).clip(0)
    assert beyond.mean() < 2 + 0.3 * np.abs(one - other)[:, near].mean()


def test_a_soft_border_has_no_line() -> None:
    found = painted(Region(MASK, style=0, feather=4), Region(None, style=1))
    steps = np.abs(np.diff(found.mean((0, 2))))
    middle = steps[EDGE - 10 : EDGE + 10]
    assert middle.max() <= 1.5 * np.sort(steps)[-20]


@pytest.mark.parametrize(
    "changes", [{}, {"colors": "photo"}, {"colors": "matched"}, {"style_scale": 0.5}, {"style_scale": 2}]
)
def test_photo_is_unchanged_at_strength_0(changes: dict[str, Any]) -> None:
    found = painted(Region(MASK, strength=0, feather=FEATHER), **changes)
    np.testing.assert_array_equal(found[:, : EDGE - SOFT], PHOTO[:, : EDGE - SOFT])
    plain = painted(**changes)
    np.testing.assert_array_equal(found[:, EDGE + SOFT :], plain[:, EDGE + SOFT :])
    assert np.abs(plain - PHOTO).mean() > 5


def test_photo_is_unchanged_without_painted_regions() -> None:
    np.testing.assert_array_equal(painted(Region(MASK, strength=0), Region(None, strength=0)), PHOTO)


def test_beside_a_part_that_is_not_painted_the_others_keep_their_looks() -> None:
    found = painted(*(Region(m, s, p) for m, s, p in zip(THIRDS, (0, 1, None), (80, None, 0), strict=True)))
    np.testing.assert_array_equal(found[:, 2 * WIDTH // 3 + SOFT :], PHOTO[:, 2 * WIDTH // 3 + SOFT :])
    full = painted(styles=STYLES[:1], strength=80)
    assert np.abs(found - full)[:, : WIDTH // 3 - REACH - SOFT].max() <= 1


def test_a_seed_is_another_picture_in_each_region() -> None:
    regions = Region(MASK, style=0), Region(None, style=1)
    one, same, other = (painted(*regions, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    for half in (np.s_[:, :EDGE], np.s_[:, EDGE:]):
        assert np.abs(one - other)[half].mean() > 0.5


def test_regions_that_ask_for_nothing_change_nothing() -> None:
    plain = painted(strength=60)
    np.testing.assert_array_equal(painted(Region(MASK), strength=60), plain)
    np.testing.assert_array_equal(painted(Region(MASK, strength=60), Region(None, strength=60)), plain)


def test_a_picture_that_is_painted_small_keeps_the_photos_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nst.settings.engines.PAINTED_SIDE", 96)
    found = nst.stylize(PHOTO, STYLES, settings(), regions=[Region(MASK, strength=0), Region(None, strength=50)])
    assert found.working_size == (96, HEIGHT // 2)
    np.testing.assert_array_equal(found.image[:, : EDGE - SOFT], PHOTO[:, : EDGE - SOFT])
    assert np.abs(found.image.astype(int) - PHOTO)[:, EDGE + SOFT :].mean() > 3


def test_masks_sizes_and_numbers_of_parts_make_no_new_traces() -> None:
    traces = stylizers.load_fast("float32")._traces
    for width, count in ((64, 2), (72, 3), (90, 4)):
        photo = RNG.integers(0, 256, (40, width, 3), np.uint8)
        regions = [Region(RNG.random((40, width), np.float32), k % 2, strength=10 * k + 5) for k in range(count)]
        assert nst.stylize(photo, STYLES, settings(), regions=regions).final
    assert [f.experimental_get_tracing_count() for f in (traces.prepare_region, traces.decode_regions)] == [1, 1]


# What is asked of a network


@dataclass(eq=False)
class Simple:
    """A network that paints its code, times alpha, and tells what it was asked for."""

    mixes: bool = True
    scales: bool = True
    uses_noise: bool = True
    name: str = "simple"
    asked: list[tuple[float, Maps]] = field(default_factory=list)

    def describe(self, style: Pixels) -> NDArray[np.float32]:
        return style.mean((0, 1)).astype(np.float32)

    def encode(self, photo: Pixels, noise: NoiseField = STILL) -> tuple[int, ...]:
        return photo.shape

    def paint(self, encoding: tuple[int, ...], code: NDArray[np.float32], alpha: float) -> Pixels:
        return np.broadcast_to((alpha * code).astype(np.uint8), encoding).copy()

    def paint_regions(
        self, encoding: tuple[int, ...], codes: list[NDArray[np.float32]], alpha: float, maps: Maps
    ) -> Pixels:
        self.asked.append((alpha, maps))
        return np.einsum("phw,pc->hwc", maps, alpha * np.array(codes)).astype(np.uint8)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Simple:
    fake = Simple()
    monkeypatch.setattr(stylizers, "load", lambda settings: fake)
    return fake


def test_parts_of_one_style_are_one_and_each_strength_is_painted_once(network: Simple) -> None:
    regions = zip(THIRDS, (0, 1, 0), (20, 20, 70), strict=True)
    found = painted(*(Region(mask, style, strength, feather=0) for mask, style, strength in regions))
    assert [alpha for alpha, _ in network.asked] == [0.2, 0.7]
    for _, maps in network.asked:
        np.testing.assert_array_equal(maps, [THIRDS[0] | THIRDS[2], THIRDS[1]])
    one, other = (style.mean((0, 1)) for style in STYLES)
    for third, color in zip(THIRDS, (0.2 * one, 0.2 * other, 0.7 * one), strict=True):
        np.testing.assert_allclose(found[third], np.tile(color, (third.sum(), 1)), atol=1)


def test_what_is_painted_is_divided_among_those_who_paint(network: Simple) -> None:
    """Not faded out towards the photo before it is laid over it: that would be fading twice."""
    regions = zip(THIRDS, (0, 0, 1), (0, 70, 70), strict=True)
    painted(*(Region(mask, style, strength, feather=10) for mask, style, strength in regions), Region(None, 0, 70))
    ((_, maps),) = network.asked
    np.testing.assert_allclose(maps.sum(0), 1, atol=1e-5)
    assert maps[0, 20, WIDTH // 3] > 0.99


def test_styles_by_number_or_all_of_them(network: Simple) -> None:
    found = nst.stylize(
        PHOTO, STYLES, settings(), style_weights=[3, 1], regions=[Region(MASK, style=1, feather=0)]
    ).image.astype(float)
    one, other = (style.mean((0, 1)) for style in STYLES)
    np.testing.assert_allclose(found[20, 5], other, atol=1)
    np.testing.assert_allclose(found[20, -5], 0.75 * one + 0.25 * other, atol=1)


def test_regions_can_be_steered_before_they_are_painted(network: Simple) -> None:
    control = nst.Control()
    regions = [Region(MASK, strength=50, feather=0), Region(None, style=0)]
    stream = nst.stream(PHOTO, STYLES[:1], settings(), regions=regions, control=control)
    control.update(regions={0: 0})
    image = next(stream).image
    np.testing.assert_array_equal(image[:, :EDGE], PHOTO[:, :EDGE])
    assert (image[:, EDGE:] == image[0, -1]).all()


def test_a_network_that_cannot_mix_may_paint_each_part_in_one_style_or_not_at_all(network: Simple) -> None:
    network.mixes = False
    pure = [Region(MASK, style=0), Region(None, style=1)]
    assert nst.stylize(PHOTO, STYLES, settings(), regions=pure).final
    assert nst.stylize(PHOTO, STYLES, settings(), regions=[Region(MASK, 0, 0), Region(None, 1)]).final
    with pytest.raises(nst.SettingsError, match=r"one style at strength 100; received 2 and strength=100"):
        nst.stream(PHOTO, STYLES, settings(), regions=pure[:1])
    with pytest.raises(nst.SettingsError, match=r"received 1 and strength=40"):
        nst.stream(PHOTO, STYLES, settings(), regions=[*pure[:1], Region(None, style=1, strength=40)])


def test_invalid_regions_are_refused_before_the_stream(network: Simple) -> None:
    with pytest.raises(nst.SettingsError, match="style number 2, but there are only 2"):
        nst.stream(PHOTO, STYLES, settings(), regions=[Region(MASK, style=2)])
    with pytest.raises(nst.InputError, match="A mask must have the photo's shape"):
        nst.stream(PHOTO, STYLES, settings(), regions=[Region(MASK[:, :100])])
