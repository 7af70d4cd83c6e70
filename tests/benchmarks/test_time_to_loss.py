"""Times at which each loop reached each loss."""

from __future__ import annotations

import numpy as np

from benchmarks.time_to_loss import first_below, rounded

CURVE = [(1.0, 9.0), (2.0, 5.0), (3.0, 6.0), (4.0, 2.0)]


def test_the_first_point_at_or_below_the_target_counts() -> None:
    assert first_below(CURVE, 5.5) == 1  # that the loss rose again later does not matter
    assert first_below(CURVE, 5.0) == 1
    assert first_below(CURVE, 4.9) == 3
    assert first_below(CURVE, 100.0) == 0


def test_a_loop_that_never_got_there_has_no_time() -> None:
    assert first_below(CURVE, 1.0) is None
    assert first_below([], 1.0) is None


def test_pictures_are_rounded_as_they_would_be_saved() -> None:
    picture = np.array([[[0.0, 1.0, 0.5019]]], np.float32)
    assert rounded(picture).tolist() == [[[0, 255, 128]]]
    assert rounded(np.uint8([[[7, 8, 9]]])).tolist() == [[[7, 8, 9]]]
