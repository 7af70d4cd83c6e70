"""The instant engine: what it asks of a network, what it remembers, what it refuses."""

from __future__ import annotations

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import nst
from nst.images.io import Pixels
from nst.models.stylizers import registry as stylizers
from nst.models.stylizers.noise import STILL, NoiseField

RNG = np.random.default_rng(0)
PHOTO = RNG.integers(0, 256, (48, 72, 3), np.uint8)
STYLE, OTHER = (RNG.integers(0, 256, (40, 40, 3), np.uint8) for _ in range(2))


@dataclass(eq=False)
class Counting:
    """A network that shows in the picture what it was asked for, and counts how often."""

    mixes: bool = True
    scales: bool = True
    uses_noise: bool = True
    name: str = "counting"
    described: list[weakref.ref[Pixels]] = field(default_factory=list)
    encoded: list[weakref.ref[Pixels]] = field(default_factory=list)
    fields: list[NoiseField] = field(default_factory=list)  # of noise, that pictures were encoded with

    def describe(self, style: Pixels) -> NDArray[np.float32]:
        self.described.append(weakref.ref(style))
        return style.mean((0, 1)).astype(np.float32)

    def encode(self, photo: Pixels, noise: NoiseField = STILL) -> tuple[int, ...]:
        self.encoded.append(weakref.ref(photo))
        self.fields.append(noise)
        return photo.shape

    def paint(self, encoding: tuple[int, ...], code: NDArray[np.float32], alpha: float) -> Pixels:
        return np.broadcast_to((alpha * code).astype(np.uint8), encoding).copy()


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Counting:
    fake = Counting()
    monkeypatch.setattr(stylizers, "load", lambda settings: fake)
    return fake


def fast(**changes: object) -> nst.FastSettings:
    return nst.FastSettings(**{"size": 72, **changes})


def test_a_stream_of_one(network: Counting) -> None:
    (snapshot,) = nst.stream(PHOTO, STYLE, fast(size=36))
    assert (snapshot.step, snapshot.total, snapshot.final, snapshot.network) == (1, 1, True, "counting")
    assert snapshot.image.shape == (24, 36, 3)
    assert snapshot.working_size == (36, 24)
    assert (snapshot.losses, snapshot.checkpoint, snapshot.alpha) == (None, None, None)


def test_without_a_size_it_is_the_photos_own(network: Counting) -> None:
    assert nst.stylize(PHOTO, STYLE, fast(size=None)).image.shape == PHOTO.shape


def test_strength_goes_from_0_to_1(network: Counting) -> None:
    for strength in (0, 35, 100):
        painted = nst.stylize(PHOTO, STYLE, fast(strength=strength)).image[0, 0]
        np.testing.assert_array_equal(painted, (strength / 100 * STYLE.mean((0, 1))).astype(np.uint8))


def test_a_new_strength_asks_for_nothing_anew(network: Counting) -> None:
    for strength in (100, 50, 20):
        nst.stylize(PHOTO, [STYLE, OTHER], fast(strength=strength), style_weights=[strength, 1])
    assert len(network.described) == 2
    assert len(network.encoded) == 1


def test_a_new_photo_or_size_is_encoded_and_the_style_is_known(network: Counting) -> None:
    for photo, size in ((PHOTO, 72), (PHOTO, 64), (PHOTO[::-1], 72)):
        nst.stylize(photo, STYLE, fast(size=size))
    assert len(network.described) == 1
    assert len(network.encoded) == 3


def test_pixels_that_only_lie_in_another_shape_are_another_picture(network: Counting) -> None:
    nst.stylize(PHOTO, STYLE.reshape(20, 80, 3), fast())
    nst.stylize(PHOTO, STYLE, fast())
    assert len(network.described) == 2


def test_networks_do_not_share_what_they_know(network: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    nst.stylize(PHOTO, STYLE, fast())
    another = Counting()
    monkeypatch.setattr(stylizers, "load", lambda settings: another)
    nst.stylize(PHOTO, STYLE, fast())
    assert (len(another.described), len(another.encoded)) == (1, 1)


def test_pictures_are_not_kept(network: Counting) -> None:
    nst.stylize(PHOTO, STYLE, fast())
    gc.collect()
    assert [kept() for kept in network.described + network.encoded] == [None, None]


def test_a_network_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    networks = [Counting()]
    monkeypatch.setattr(stylizers, "load", lambda settings: networks[0])
    nst.stylize(PHOTO, STYLE, fast())
    kept = weakref.ref(networks.pop())
    gc.collect()
    assert kept() is None


def test_large_pictures_are_painted_small_and_enlarged(network: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nst.settings.engines.PAINTED_SIDE", 36)
    found = nst.stylize(PHOTO, STYLE, fast(size=None))
    assert found.working_size == (36, 24) and found.image.shape == PHOTO.shape
    blur = np.asarray(
        Image.fromarray(PHOTO).resize((36, 24), Image.Resampling.LANCZOS).resize((72, 48), 1), int
    )  # 1: Lanczos
    wanted = np.clip(STYLE.mean((0, 1)).astype(int) + PHOTO - blur, 0, 255)  # the style's color, the photo's detail
    assert np.abs(found.image - wanted).mean() < 1


def test_styles_are_mixed_by_weight(network: Counting) -> None:
    one, other = (style.mean((0, 1)) for style in (STYLE, OTHER))
    for weights, code in (([1, 0], one), ([3, 1], 0.75 * one + 0.25 * other), (None, (one + other) / 2)):
        painted = nst.stylize(PHOTO, [STYLE, OTHER], fast(), style_weights=weights).image[0, 0]
        np.testing.assert_allclose(painted, code, atol=1)


def test_transparency_is_kept(network: Counting) -> None:
    mask = np.zeros((48, 72), np.uint8)
    mask[:, 36:] = 255
    snapshot = nst.stylize(np.dstack([PHOTO, mask]), STYLE, fast(size=144))
    assert snapshot.alpha is not None
    assert snapshot.alpha.shape == (96, 144)
    assert (snapshot.alpha[:, :60] == 0).all() and (snapshot.alpha[:, 84:] == 255).all()
    np.testing.assert_array_equal(snapshot.picture, np.dstack([snapshot.image, snapshot.alpha]))


def test_it_can_be_steered_before_it_paints(network: Counting) -> None:
    control = nst.Control()
    stream = nst.stream(PHOTO, STYLE, fast(strength=100), control=control)
    control.update(strength=0)
    assert next(stream).image.max() == 0


def test_a_pause_holds_it(network: Counting) -> None:
    control = nst.Control()
    control.pause()
    stream, done = nst.stream(PHOTO, STYLE, fast(), control=control), threading.Event()

    def paint() -> nst.Snapshot:
        snapshot = next(stream)
        done.set()
        return snapshot

    with ThreadPoolExecutor(1) as pool:
        painting = pool.submit(paint)
        held = not done.wait(0.2)
        control.resume()
        assert painting.result(10).final
    assert held


def test_unused_inputs_are_refused(network: Counting) -> None:
    with pytest.raises(nst.SettingsError, match=r"cannot use an init_image\. Leave it out"):
        nst.stream(PHOTO, STYLE, fast(), init_image=PHOTO)
    checkpoint = nst.Checkpoint(nst.OptimizeSettings(), 1, 0.0, {})
    with pytest.raises(nst.SettingsError, match=r"cannot use a checkpoint\. Leave it out"):
        nst.stream(PHOTO, STYLE, fast(), resume=checkpoint)


@pytest.mark.parametrize(("styles", "strength"), [([STYLE, OTHER], 100), ([STYLE], 50)])
def test_a_network_that_cannot_mix_is_not_asked_to(network: Counting, styles: list[Pixels], strength: float) -> None:
    network.mixes = False
    with pytest.raises(nst.SettingsError, match=rf"received {len(styles)} and strength={strength}\..*network='fast'"):
        nst.stream(PHOTO, styles, fast(strength=strength))


def test_nor_in_mid_run(network: Counting) -> None:
    network.mixes, control = False, nst.Control()
    stream = nst.stream(PHOTO, STYLE, fast(), control=control)
    control.update(strength=50)
    with pytest.raises(nst.SettingsError, match="strength=50"):
        next(stream)


def test_a_network_with_strokes_of_one_size_is_not_asked_for_another(network: Counting) -> None:
    network.scales = False
    assert nst.stylize(PHOTO, STYLE, fast(style_scale=1)).final
    with pytest.raises(nst.SettingsError, match=r"does not support style_scale; received 2\..*network='fast'"):
        nst.stream(PHOTO, STYLE, fast(style_scale=2))


def test_strokes_follow_the_noise_of_the_seed(network: Counting) -> None:
    for seed in (0, 0, 5):
        nst.stylize(PHOTO, STYLE, fast(seed=seed))
    assert network.fields == [STILL, NoiseField(5)]  # the second picture was known
    nst.stylize(PHOTO, STYLE, fast(seed=5, noise_origin=(3, 0)))
    assert network.fields[2:] == [NoiseField(5, (3, 0))]


def test_the_origin_is_a_place_on_the_picture_whatever_size_it_is_painted_at(
    network: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nst.settings.engines.PAINTED_SIDE", 36)
    nst.stylize(PHOTO, STYLE, fast(size=None, noise_origin=(-144, 24)))
    assert network.fields == [NoiseField(0, (-72, 12))]


@pytest.mark.parametrize("given", [{"seed": 1}, {"noise_origin": (0, 8)}])
def test_a_network_that_paints_without_noise_is_not_asked_for_any(network: Counting, given: dict) -> None:
    network.uses_noise = False
    assert nst.stylize(PHOTO, STYLE, fast(seed=0, noise_origin=(0, 0))).final
    with pytest.raises(nst.SettingsError, match=r"counting uses no noise; received seed=.*network='fast'"):
        nst.stream(PHOTO, STYLE, fast(**given))


@pytest.mark.parametrize("strength", [0, 100])
def test_it_paints_all_or_nothing(network: Counting, strength: float) -> None:
    network.mixes = False
    assert nst.stylize(PHOTO, STYLE, fast(strength=strength)).final


def test_pictures_are_checked_before_the_stream_is_returned(network: Counting) -> None:
    with pytest.raises(nst.ImageError, match="style"):
        nst.stream(PHOTO, b"no picture", fast())


# What is remembered


def test_eight_small_photos_are_remembered_and_no_more(network: Counting) -> None:
    photos = [RNG.integers(0, 256, (48, 72, 3), np.uint8) for _ in range(9)]
    for photo in photos:
        nst.stylize(photo, STYLE, fast())
    assert len(network.encoded) == 9
    for photo in photos[1:]:
        nst.stylize(photo, STYLE, fast())
    assert len(network.encoded) == 9
    nst.stylize(photos[0], STYLE, fast())
    assert len(network.encoded) == 10
