"""A run's pictures at every size."""

from __future__ import annotations

import numpy as np
import pytest

from nst.canvas import Canvas, to_float, to_pixels
from nst.errors import InputError, SettingsError
from nst.settings import OptimizeSettings

RNG = np.random.default_rng(0)
PHOTO = RNG.integers(0, 256, (60, 90, 3), np.uint8)
STYLE = RNG.integers(0, 256, (80, 40, 3), np.uint8)
OTHER = RNG.integers(0, 256, (90, 60, 3), np.uint8)


def canvas(**changes: object) -> Canvas:
    init_image = changes.pop("init_image", None)
    return Canvas.read(PHOTO, STYLE, None, init_image, OptimizeSettings(size=96, **changes))


def test_the_aspect_ratio_is_kept() -> None:
    assert canvas().size == (96, 64)


def test_a_style_is_scaled_to_the_area_of_the_picture_and_not_squeezed() -> None:
    _, (style,), _ = canvas().targets((48, 32))
    height, width = style.shape[:2]
    assert height * width == pytest.approx(48 * 32, rel=0.05)
    assert height / width == pytest.approx(80 / 40, rel=0.05)


def test_starts_from_the_photo() -> None:
    np.testing.assert_array_equal(to_pixels(canvas().start((96, 64), None)), canvas().photo)


def test_starts_from_seeded_noise() -> None:
    first, again, other = (canvas(init="noise", seed=seed).start((96, 64), None) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).mean() > 0.2 and abs(first.mean() - 0.5) < 0.01


def test_starts_from_a_third_picture_cropped_and_not_squeezed() -> None:
    stripes = np.zeros((200, 200, 3), np.uint8)
    stripes[:, ::20] = 255  # 10 lines a side; a squeezed picture would show all of them across and down
    start = canvas(init="image", init_image=stripes).start((96, 64), None)
    assert start.shape == (64, 96, 3)
    lines = (start[32, :, 0] > start[32, :, 0].mean() + 0.2).astype(int)
    assert (np.diff(lines) == 1).sum() + lines[0] == 10


def test_enlarging_an_untouched_photo_gives_the_photo_back() -> None:
    found = canvas()
    small = found.start((48, 32), None)
    np.testing.assert_array_equal(to_pixels(found.enlarge(small, (96, 64))), found.photo)


def test_enlarging_noise_brings_no_photo_back() -> None:
    found = canvas(init="noise")
    flat = np.full((32, 48, 3), 0.5, np.float32)
    np.testing.assert_allclose(found.enlarge(flat, (96, 64)), 0.5, atol=1e-6)


def test_previews_keep_one_size_and_the_results_aspect_ratio() -> None:
    found = Canvas.read(PHOTO, STYLE, None, None, OptimizeSettings(size=2048))
    sizes = {found.preview(np.zeros((h, w, 3), np.float32)).shape for w, h in ((512, 341), (1024, 683))}
    assert len(sizes) == 1
    height, width, _ = sizes.pop()
    assert width == 1024 and abs(height - 1024 * 60 / 90) <= 1


def test_pixels_survive_the_way_there_and_back() -> None:
    np.testing.assert_array_equal(to_pixels(to_float(PHOTO)), PHOTO)


@pytest.mark.parametrize("weights", [[1.0], [1.0, -1.0], [0.0, 0.0], [1.0, float("nan")]])
def test_style_weights_that_make_no_sense(weights: list[float]) -> None:
    with pytest.raises(SettingsError, match="style_weights must be 2 numbers"):
        Canvas.read(PHOTO, [STYLE, OTHER], weights, None, OptimizeSettings())


def test_no_style_at_all() -> None:
    with pytest.raises(InputError, match="at least one style"):
        Canvas.read(PHOTO, [], None, None, OptimizeSettings())


def test_init_and_init_image_belong_together() -> None:
    with pytest.raises(SettingsError, match="belong together"):
        canvas(init="image")
    with pytest.raises(SettingsError, match="belong together"):
        canvas(init_image=OTHER)
