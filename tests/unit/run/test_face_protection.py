"""Faces get a share of the strength around them."""

from __future__ import annotations

import numpy as np

from nst.run.face_protection import face_regions
from nst.run.regions import Region

FACES = np.zeros((40, 60), np.uint8)
FACES[10:20, 5:15] = FACES[10:20, 45:55] = 255
LEFT = np.zeros((40, 60), np.uint8)
LEFT[:, :30] = 255


def test_faces_anywhere_are_one_region() -> None:
    (found,) = face_regions(FACES, (), 60, 0.5)
    assert (found.style, found.strength, found.feather) == (None, 30, 0)
    np.testing.assert_array_equal(found.mask, FACES)


def test_faces_on_either_side_of_an_edge_are_apart() -> None:
    regions = Region(None, style=1, strength=20), Region(LEFT, style=0, feather=3)
    left, right = face_regions(FACES, regions, 60, 0.25)
    assert (left.style, left.strength, left.feather) == (0, 15, 3)
    assert (right.style, right.strength, right.feather) == (1, 5, 3)
    np.testing.assert_array_equal(left.mask, np.minimum(FACES, LEFT))
    np.testing.assert_array_equal(right.mask, np.minimum(FACES, 255 - LEFT))


def test_faces_in_an_unchanged_part_and_parts_without_faces_need_no_region() -> None:
    unchanged = Region(None, strength=0), Region(LEFT)
    assert [found.strength for found in face_regions(FACES, unchanged, 60, 0.5)] == [30]
    on_the_left = np.minimum(FACES, LEFT)
    painted = Region(None, strength=40), Region(LEFT)
    assert [found.strength for found in face_regions(on_the_left, painted, 60, 0.5)] == [30]
