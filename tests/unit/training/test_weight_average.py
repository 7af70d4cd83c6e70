"""Weights after a training."""

from __future__ import annotations

import numpy as np
import pytest

from nst.training.weight_average import save


def test_weights_that_do_not_fit_are_not_saved(tmp_path) -> None:
    with pytest.raises(FloatingPointError, match="float16"):
        save({"x": np.array([1e6], np.float32)}, tmp_path / "fast.npz")
    assert list(tmp_path.iterdir()) == []
    save({"x": np.array([1.5], np.float32)}, tmp_path / "new" / "fast.npz")
    with np.load(tmp_path / "new" / "fast.npz") as file:
        assert file["x"].dtype == np.float16 and file["x"] == 1.5
