"""The subject of a photo, and its background."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from nst import masks
from nst.errors import InputError
from nst.images import io as images
from nst.images import samples


def disk(width: int, height: int, center: tuple[float, float], radius: float) -> np.ndarray:
    """bool (H, W): a disk around (x, y)."""
    y, x = np.mgrid[:height, :width]
    return np.hypot(x - center[0], y - center[1]) < radius


def scene(inside: np.ndarray, front: tuple[int, int, int], back: tuple[int, int, int]) -> np.ndarray:
    """One color in front of another, both full of noise."""
    grain = np.random.default_rng(1).normal(0, 25, (*inside.shape, 3))
    return np.clip(np.where(inside[..., None], front, back) + grain, 0, 255).astype(np.uint8)


def overlap(mask: np.ndarray, truth: np.ndarray) -> float:
    """Intersection over union."""
    found = mask > 0.5
    return (found & truth).sum() / (found | truth).sum()


DISKS = [
    disk(240, 180, (120, 90), 50),
    disk(240, 180, (80, 110), 40),
    disk(901, 675, (520, 300), 180),
]


@pytest.mark.parametrize("truth", DISKS, ids=["middle", "aside", "large photo"])
@pytest.mark.parametrize(("front", "back"), [((190, 60, 50), (60, 110, 60)), ((70, 70, 70), (180, 180, 180))])
def test_a_disk_on_noise_is_found(truth, front, back):
    assert overlap(masks.subject(scene(truth, front, back)), truth) >= 0.95


def test_subject_in_the_box_is_found_beside_a_more_salient_one():
    meant, louder = disk(240, 180, (60, 60), 25), disk(240, 180, (160, 100), 45)
    photo = scene(louder, (220, 40, 40), (90, 120, 90))
    photo[meant] = scene(meant, (60, 70, 170), (0, 0, 0))[meant]
    assert overlap(masks.subject(photo, (25, 25, 70, 70)), meant) >= 0.95
    assert overlap(masks.subject(photo), meant) < 0.5


def test_a_box_may_reach_over_the_border():
    truth = disk(240, 180, (10, 90), 40)
    mask = masks.subject(scene(truth, (190, 60, 50), (60, 110, 60)), (-30.5, 40, 95, 100))
    assert overlap(mask, truth) >= 0.95


@pytest.mark.parametrize(
    ("box", "problem"),
    [
        ((300, 0, 50, 50), "outside"),
        ((0, 0, 0, 50), "outside"),
        ((10, 10, -5, 20), "outside"),
        ((-1, -1, 300, 300), "covers the whole photo"),
        ((float("nan"), 0, 10, 10), "outside"),
    ],
)
def test_a_box_of_no_use_is_refused(box, problem):
    with pytest.raises(InputError, match=rf"photo of 240 x 180: it .*{problem}.* Draw it around the subject"):
        masks.subject(np.zeros((180, 240, 3), np.uint8), box)


def test_a_box_of_a_single_color_holds_nothing_else():
    """There is nothing to tell inside from outside by; whatever comes lies in the box."""
    mask = masks.subject(np.full((90, 120, 3), 200, np.uint8), (40, 30, 30, 30))
    assert not mask[:25].any()
    assert not mask[:, 75:].any()


def test_a_box_may_leave_but_one_pixel_of_a_large_photo():
    mask = masks.subject(np.full((900, 1200, 3), 200, np.uint8), (1, 0, 1199, 900))
    assert mask.shape == (900, 1200)


def test_the_astronaut_stands_out():
    mask = masks.subject(data.astronaut())
    face, suit, wall, dark = mask[80:160, 190:260], mask[300:420, 150:300], mask[:60, 320:380], mask[350:, 490:]
    assert face.mean() > 0.95
    assert suit.mean() > 0.95
    assert max(wall.mean(), dark.mean()) < 0.05


def test_a_person_reaches_down_to_the_lower_border():
    """Saliency alone takes what lies along the border for background."""
    portrait = data.astronaut()[:300, 90:370]
    mask = masks.subject(portrait)
    assert mask[80:160, 100:170].mean() > 0.95  # the face
    assert mask[-20:, 100:170].mean() > 0.9  # the suit


def test_the_sky_is_no_subject():
    path = next(sample.path for sample in samples.photos() if sample.slug == "rocket")
    photo = images.read(path).rgb  # a thin bright rocket before a dark blue sky
    mask = masks.subject(photo)
    assert mask[masks.sky(photo) > 0.9].mean() < 0.05
    assert mask[220:330, 318:326].mean() > 0.9


def test_the_cup_and_its_saucer_stand_out():
    mask = masks.subject(data.coffee())  # 600 x 400
    assert mask[150:250, 260:340].mean() > 0.95
    corners = [mask[:60, :60], mask[:60, -60:], mask[-60:, -60:]]
    assert max(corner.mean() for corner in corners) < 0.05


def test_the_background_is_the_rest():
    photo = images.fit(data.coffee(), 300)
    assert np.allclose(masks.background(photo), 1 - masks.subject(photo))
    box = (100, 40, 150, 120)
    assert np.allclose(masks.background(photo, box), 1 - masks.subject(photo, box))
