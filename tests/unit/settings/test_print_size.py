"""Sizes of prints in pixels."""

from __future__ import annotations

import pytest

from nst.errors import SettingsError
from nst.settings.print_size import covering_side, print_size

UPRIGHT, SIDEWAYS = (600, 800), (800, 600)


@pytest.mark.parametrize(
    ("paper", "dpi", "like", "size"),
    [
        ("A4", 300, UPRIGHT, (2480, 3508)),  # 210 x 297 mm at 300 / 25.4 pixels per mm
        ("A4", 150, SIDEWAYS, (1754, 1240)),
        ("A3", 300, SIDEWAYS, (4961, 3508)),
        ("postcard", 300, (500, 500), (1240, 1748)),
        ("4K", 150, SIDEWAYS, (3840, 2160)),
        ("4K", 300, UPRIGHT, (2160, 3840)),
    ],
)
def test_print_sizes(paper, dpi, like, size):
    assert print_size(paper, dpi, like) == size


@pytest.mark.parametrize(("paper", "dpi"), [("A5", 300), ("A4", 72)])
def test_unknown_prints_are_refused_with_the_choices(paper, dpi):
    with pytest.raises(SettingsError, match=r"paper must be one of postcard, A4, A3, 4K, and dpi one of 150, 300"):
        print_size(paper, dpi, UPRIGHT)


@pytest.mark.parametrize(("size", "side"), [((600, 800), 3508), ((800, 800), 3508), ((400, 800), 4960)])
def test_an_image_of_the_covering_side_covers_the_print(size, side):
    assert covering_side(size, (2480, 3508)) == side
