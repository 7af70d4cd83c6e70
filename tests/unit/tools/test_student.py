"""fast's weights while they are learned."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from nst.models.extractors.extractor import FeatureExtractor
from nst.models.extractors.lite import LITE
from nst.training.fast_losses import clipped
from tools.student import Student

LOOKING = FeatureExtractor(LITE, {})  # nothing is described here


def test_the_average_follows_from_ever_farther_behind() -> None:
    student = Student({"x": np.array([1.0, -2.0], np.float32)}, LOOKING)
    average, rng = np.array([1.0, -2.0]), np.random.default_rng(0)
    for step in (0, 1, 2, 50, 100_000):
        value = rng.normal(size=2)
        student.trained["x"].assign(value.astype(np.float32))
        student.follow(tf.constant(float(step)))
        decay = min(0.999, (1 + step) / (10 + step))
        average = decay * average + (1 - decay) * value
        np.testing.assert_allclose(student.averaged()["x"], average, rtol=1e-5)


def test_the_network_learns_and_its_average_is_kept() -> None:
    student = Student({"x": np.zeros(1, np.float32)}, LOOKING)
    student.trained["x"].assign([3.0])
    assert (student.network().weights["x"].numpy(), student.kept().weights["x"].numpy()) == (3.0, 0.0)
    assert student.network().lite is student.kept().lite is LOOKING
    assert [v.ref() for v in student.trainable_variables] == [student.trained["x"].ref()]


def test_it_may_begin_with_weights_that_are_known() -> None:
    student = Student({"x": np.zeros(2, np.float32)}, LOOKING)
    student.assign({"x": np.array([3.0, 4.0], np.float16)})
    for weights in (student.network().weights, student.kept().weights, student.averaged()):
        np.testing.assert_array_equal(weights["x"], [3.0, 4.0])


def test_the_network_computes_as_lite_does() -> None:
    student = Student({}, FeatureExtractor(LITE, {}, dtype="bfloat16"))
    assert student.network().dtype == student.kept().dtype == "bfloat16"


def test_checkpoints_know_the_weights_by_attribute_and_name(tmp_path) -> None:
    """Trainings that run for days go on from them."""
    student = Student({"x/kernel": np.zeros(1, np.float32)}, LOOKING)
    path = tf.train.Checkpoint(student=student).save(str(tmp_path / "ckpt"))
    names = {name for name, _ in tf.train.list_variables(path)}
    end = ".S/.ATTRIBUTES/VARIABLE_VALUE".replace(".S/", "")
    assert {f"student/{kind}/x.Skernel/{end}" for kind in ("trained", "average")} <= names


def test_gradients_are_shortened_together() -> None:
    gradients = [tf.constant([3.0, 0.0]), tf.constant([[4.0]])]
    for norm, shares in ((2.5, 0.5), (10.0, 1.0)):
        for found, given in zip(clipped(gradients, norm), gradients, strict=True):
            np.testing.assert_allclose(found, shares * given, rtol=1e-6)


@pytest.mark.parametrize("value", [1e25, np.inf, np.nan])  # the square of the first is none of float32's numbers
def test_gradients_beyond_numbers_change_nothing(value: float) -> None:
    for found in clipped([tf.constant([value, 1.0]), tf.constant([[2.0]])], 3.0):
        np.testing.assert_array_equal(found, np.zeros_like(found))
