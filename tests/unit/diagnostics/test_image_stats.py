"""Statistics of pictures used by the diagnostics."""

from itertools import product

import numpy as np
import pytest

from nst.diagnostics.image_stats import ImageStats
from nst.diagnostics.inputs import PAINTING, PHOTO
from nst.images import io as images
from nst.images import samples
from nst.images.io import Picture
from tests.support.paths import SHARED
from tests.support.pictures import gradient


def of(pixels: np.ndarray, alpha: np.ndarray | None = None) -> ImageStats:
    return ImageStats.of(Picture(pixels, alpha))


def gray(width: int = 60, height: int = 40) -> np.ndarray:
    return np.repeat(gradient(width, height)[..., :1], 3, -1)


def test_size_and_side():
    signs = of(gradient(90, 40))
    assert signs.size == (90, 40)
    assert signs.side == pytest.approx(60)


def test_gray_has_no_color_even_with_a_speck_of_it():
    picture = gray(600, 400)
    assert of(picture).colorless
    picture[10:12, 10:12] = 255, 0, 0  # a dead pixel, a date
    assert of(picture).colorless


def test_a_little_color_is_color():
    assert not of(gradient()).colorless
    dim = gray(600, 400)
    dim[:40, :60, 0] = np.minimum(dim[:40, :60, 0], 200) + 40  # a red lamp, a hundredth of the picture
    assert not of(dim).colorless


def test_transparent_share_is_counted():
    alpha = np.full((40, 60), 255, np.uint8)
    alpha[:, :15] = 0
    signs = of(gradient(), alpha)
    assert signs.hidden == 0.25
    assert of(gradient()).hidden == 0


def test_dabs_all_over_look_painted_and_a_blurred_dusk_does_not():
    rng = np.random.default_rng(0)
    dabs = np.kron(rng.integers(60, 255, (48, 64, 3), dtype=np.uint8), np.ones((4, 4, 1), np.uint8))
    y = np.linspace(90, 10, 192)[:, None, None]
    dusk = np.broadcast_to(y, (192, 256, 3)) * np.array([1.0, 0.8, 0.9])
    assert of(dabs).painted > PAINTING
    assert of(dusk.astype(np.uint8)).painted < PHOTO


@pytest.mark.slow
def test_sample_styles_look_more_painted_than_every_sample_photo():
    styles, photos = (
        {each.slug: of(images.read(each.path).rgb).painted for each in kind()}
        for kind in (samples.styles, samples.photos)
    )
    assert styles.pop("neon-rain") > PHOTO  # dark and glowing like a photo, yet not taken for one
    assert min(styles.values()) > max(photos.values())


@pytest.fixture(scope="module")
def scores() -> dict[str, np.ndarray]:
    """Return the scores `painted` of real photos and paintings."""
    if not (SHARED / "data").is_dir():
        pytest.skip("needs photos and paintings in NST_SHARED")
    files = {kind: sorted((SHARED / "data" / kind).iterdir()) for kind in ("photos", "paintings")}
    files["photos"] = files["photos"][::20]
    return {kind: np.array([of(images.read(each).rgb).painted for each in found]) for kind, found in files.items()}


@pytest.mark.slow
@pytest.mark.parametrize(("photo", "style"), list(product(("photos", "paintings"), repeat=2)))
def test_hardly_any_pair_is_taken_for_swapped_unless_it_is(scores, photo, style):
    taken = (scores[photo] > PAINTING).mean() * (scores[style] < PHOTO).mean()
    if (photo, style) == ("paintings", "photos"):
        assert taken > 0.15
    else:
        assert taken <= 0.02
