import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

from nst.images import io as images
from nst.images import samples
from nst.images.samples import Sample


@pytest.mark.parametrize("listed", [samples.photos, samples.styles])
def test_every_sample_is_a_color_picture_that_says_what_it_shows(listed: Callable[[], list[Sample]]) -> None:
    found = listed()
    assert len({sample.slug for sample in found}) == len(found)
    for sample in found:
        rgb = images.read(sample.source()).rgb
        assert min(rgb.shape[:2]) >= 300
        assert (rgb.max(2) - rgb.min(2)).mean() > 5, f"{sample.slug} is gray"
        assert sample.name and len(sample.alt) > 10


def test_scenes_of_our_own_come_with_the_four_photos_of_scikit_image() -> None:
    slugs = [sample.slug for sample in samples.photos()]
    assert slugs == ["harbor-town", "landscape", "coffee", "cat", "astronaut", "rocket"]


def test_there_are_at_least_twelve_styles_and_each_has_moods() -> None:
    assert len(samples.styles()) >= 12
    assert all(set(sample.mood) & set(samples.MOODS) for sample in samples.styles())


def test_each_of_the_moods_that_people_choose_from_has_some_styles() -> None:
    for mood in samples.MOODS:
        assert sum(mood in sample.mood for sample in samples.styles()) >= 3


def test_the_preselected_pair_is_there() -> None:
    assert samples.DEFAULT_PHOTO in {sample.slug for sample in samples.photos()}
    assert samples.DEFAULT_STYLE in {sample.slug for sample in samples.styles()}


def test_no_photo_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for sample in samples.photos():
        images.read(sample.source())


def test_listing_the_samples_does_not_wait_for_scikit_image() -> None:
    code = "import sys; from nst.images import samples; samples.photos(); print('skimage' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
