"""The sky, and photos without one."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from nst import masks
from nst.images import io as images
from nst.images import samples

SCENES = {sample.slug: sample.path for sample in samples.photos()}


def scene(sky: np.ndarray, horizon: int, width: int = 240, height: int = 160) -> np.ndarray:
    """A smooth sky, from `sky[0]` above to `sky[1]` at the horizon, over rough ground, with a tower before it."""
    share = np.linspace(0, 1, height)[:, None, None]
    picture = np.broadcast_to(sky[0] * (1 - share) + sky[1] * share, (height, width, 3)).copy()
    rng = np.random.default_rng(2)
    picture += rng.normal(0, 1.5, picture.shape)
    ground = np.array((80, 100, 60)) + rng.normal(0, 30, (height, width, 1))
    picture[horizon:] = ground[horizon:]
    picture[horizon // 2 : horizon, 100:130] = ground[horizon // 2 : horizon, 100:130]
    return np.clip(picture, 0, 255).astype(np.uint8)


def truth(horizon: int, width: int = 240, height: int = 160) -> np.ndarray:
    found = np.arange(height)[:, None] < horizon
    found = np.broadcast_to(found, (height, width)).copy()
    found[horizon // 2 : horizon, 100:130] = False
    return found


SKIES = {
    "blue": np.array([[60, 110, 190], [150, 190, 225]]),
    "overcast": np.array([[205, 208, 212], [232, 234, 236]]),
    "blown out": np.array([[255, 255, 255], [255, 255, 255]]),
    "dusk": np.array([[15, 30, 70], [40, 70, 120]]),
}


@pytest.mark.parametrize("name", SKIES)
@pytest.mark.parametrize("horizon", [60, 110])
def test_a_sky_over_the_ground_is_found(name, horizon):
    found, expected = masks.sky(scene(SKIES[name], horizon)) > 0.5, truth(horizon)
    assert (found & expected).sum() / (found | expected).sum() >= 0.95


def test_the_sky_of_a_gray_photo():
    photo = np.repeat(scene(SKIES["overcast"], 80).mean(-1, keepdims=True).astype(np.uint8), 3, -1)
    found, expected = masks.sky(photo) > 0.5, truth(80)
    assert (found & expected).sum() / (found | expected).sum() >= 0.95


def test_a_cloud_at_the_border_is_sky():
    photo = scene(SKIES["blue"], 110)
    y, x = np.mgrid[:160, :240]
    cloud = np.hypot((x - 30) / 25, y / 15) < 1
    photo[cloud] = 250
    assert masks.sky(photo)[cloud].mean() > 0.9


@pytest.mark.parametrize(
    "photo",
    [data.coffee(), data.chelsea(), data.astronaut()],
    ids=["a table", "a cat", "a white wall"],
)
def test_no_sky_is_invented(photo):
    assert not masks.sky(photo).any()


@pytest.mark.parametrize("color", [(4, 108, 129), (30, 102, 131), (54, 160, 190)])
def test_water_and_teal_walls_are_no_sky(color):
    assert not masks.sky(scene(np.array([color, color]), 80)).any()


def test_a_pale_turquoise_above_the_horizon_is_sky():
    found, expected = masks.sky(scene(np.array([[150, 225, 245], [190, 240, 250]]), 80)) > 0.5, truth(80)
    assert (found & expected).sum() / (found | expected).sum() >= 0.95


def test_a_thing_on_paper_in_bright_light_is_no_sky():
    """As in a catalog: gray shadows below, and nothing of it dark."""
    photo = np.full((160, 240, 3), 254, np.uint8)
    photo[110:] = 205
    photo[60:130, 60:180] = 170
    assert not masks.sky(photo).any()


def test_a_warm_wall_is_no_sky():
    assert not masks.sky(scene(np.array([[205, 195, 180], [225, 215, 200]]), 80)).any()


def test_paper_behind_a_thing_is_no_sky():
    """White on all sides, down to the lower border."""
    photo = np.full((160, 240, 3), 250, np.uint8)
    photo[40:120, 70:170] = (120, 40, 40)
    assert not masks.sky(photo).any()


@pytest.mark.parametrize(
    ("name", "above", "below"),
    [
        ("harbor-town", (slice(0, 0.1), slice(0.75, 1)), (slice(0.6, 1), slice(0, 1))),
        ("landscape", (slice(0, 0.08), slice(0.55, 1)), (slice(0.5, 1), slice(0, 1))),
        ("rocket", (slice(0, 0.25), slice(0.2, 0.4)), (slice(0.92, 1), slice(0.45, 0.55))),
    ],
)
def test_the_skies_of_the_sample_photos(name, above, below):
    mask = masks.sky(images.read(SCENES[name]).rgb)

    def part(where: tuple[slice, slice]) -> np.ndarray:
        rows, columns = (slice(int(s.start * n), int(s.stop * n)) for s, n in zip(where, mask.shape, strict=True))
        return mask[rows, columns]

    assert part(above).mean() > 0.9
    assert part(below).mean() < 0.05
