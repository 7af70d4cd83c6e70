"""A picture that is accepted works everywhere, and so does what we make of it, be it ever so narrow."""

from __future__ import annotations

import numpy as np
import pytest

import nst
from nst.errors import ImageError
from nst.images import io as images
from nst.jobs.preview_history import PreviewHistory
from nst.models.stylizers import trained_style
from nst.models.stylizers.trained_style import TrainedStyle
from nst.run.regions import Region
from nst.settings.engines import FastSettings, OptimizeSettings
from tests.support.pictures import gradient

STYLE = gradient(64, 48)


@pytest.mark.parametrize(("width", "height", "size"), [(2000, 100, 256), (4000, 250, 200), (320, 16, 32)])
@pytest.mark.parametrize("with_values", [False, True])
def test_panoramas_are_painted_by_both_engines_from_the_draft_on(width, height, size, with_values):
    photo = gradient(height, width) if with_values else gradient(width, height)
    short = round(size * height / width)
    mask = np.zeros(photo.shape[:2], bool)
    mask[: photo.shape[0] // 2] = True
    moments = PreviewHistory()
    settings = OptimizeSettings(size=size, steps=2, levels=2, init="fast", preview_every=1)
    for snapshot in nst.stream(photo, STYLE, settings, regions=[Region(mask)]):
        moments.add(snapshot)
    assert snapshot.image.shape[:2] == ((size, short) if with_values else (short, size))
    assert all(frame.shape == moments.film(snapshot)[0].shape for frame in moments.film(snapshot))
    result = nst.stylize(photo, STYLE, FastSettings(size=size)).image
    again = OptimizeSettings(size=size, steps=1, init="image")
    assert nst.stylize(photo, STYLE, again, init_image=result).image.shape == result.shape
    assert trained_style.pixels(result).shape == result.shape  # thumbnails of results
    assert nst.stylize(photo, STYLE, FastSettings(size=size, colors="palette")).image.shape == result.shape


def test_the_scaled_copy_of_an_accepted_picture_is_accepted():
    for width in range(320, 4000, 37):
        photo = gradient(width, -(-width // 20))
        images.read(photo)
        for side in (1024, 512):
            small = images.fit(photo, side)
            assert min(small.shape[:2]) < 16 or images.read(small).rgb.shape == small.shape


def test_a_result_that_is_chosen_as_a_photo_is_refused_at_once():
    with pytest.raises(ImageError, match="290x14 pixels are too few"):
        nst.stream(gradient(290, 14), STYLE, FastSettings())


def test_a_trained_style_may_be_narrow(tmp_path):
    style = TrainedStyle("strip", gradient(300, 14), np.zeros(4, np.float32), "")
    trained_style.write(style, tmp_path / "a.npz")
    found = trained_style.find(tmp_path / "a.npz")
    assert found is not None and found.picture.shape == (14, 300, 3)
