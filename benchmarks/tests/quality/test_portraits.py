"""Measures of protected faces, on pictures whose measures are known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.quality import portraits

GRAY = np.full((40, 40, 3), 128, np.uint8)
LEFT = np.zeros((40, 40), bool)
LEFT[:, :20] = True


def test_a_speck_of_color_counts_where_it_is():
    picture = GRAY.copy()
    picture[20, 10] = picture[5, 4] = (255, 0, 0)
    assert portraits.specks(picture, LEFT) > 30
    assert portraits.specks(picture, ~LEFT) == 0


def test_change_is_the_ratio_of_both_sides():
    result = GRAY.copy()
    result[:, :20] += 5
    result[:, 20:] += 10
    assert portraits.change(GRAY, result, LEFT) == pytest.approx(0.5, rel=0.02)


def test_content_ignores_how_light_a_face_is_and_sees_what_it_shows():
    photo = np.random.default_rng(0).integers(0, 200, (40, 40, 1), np.uint8).repeat(3, -1)
    assert portraits.content(photo, photo // 2 + 50, LEFT) == pytest.approx(0, abs=0.01)
    assert portraits.content(photo, 200 - photo, LEFT) == pytest.approx(4, abs=0.01)
