"""fast's weights while they are learned."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from nst.training.student import Student


def test_the_average_follows_from_ever_farther_behind() -> None:
    student = Student({"x": np.array([1.0, -2.0], np.float32)}, {"y": np.array([5.0], np.float32)}, "float32")
    average, rng = np.array([1.0, -2.0]), np.random.default_rng(0)
    for step in (0, 1, 2, 50, 100_000):
        value = rng.normal(size=2)
        student.trained["x"].assign(value.astype(np.float32))
        student.follow(tf.constant(float(step)))
        decay = min(0.999, (1 + step) / (10 + step))
        average = decay * average + (1 - decay) * value
        np.testing.assert_allclose(student.averaged()["x"], average, rtol=1e-5)
    np.testing.assert_array_equal(student.averaged()["y"], [5.0])


def test_the_network_learns_and_its_average_is_kept() -> None:
    student = Student({"x": np.zeros(1, np.float32)}, {"y": np.ones(1, np.float32)}, "float32")
    student.trained["x"].assign([3.0])
    assert (student.network().weights["x"].numpy(), student.kept().weights["x"].numpy()) == (3.0, 0.0)
    assert student.network().weights["y"].numpy() == student.kept().weights["y"].numpy() == 1.0
    assert [v.ref() for v in student.trainable_variables] == [student.trained["x"].ref()]


def test_checkpoints_know_the_weights_by_attribute_and_name(tmp_path) -> None:
    """Trainings that run for days go on from them."""
    student = Student({"x/kernel": np.zeros(1, np.float32)}, {}, "float32")
    path = tf.train.Checkpoint(student=student).save(str(tmp_path / "ckpt"))
    names = {name for name, _ in tf.train.list_variables(path)}
    end = ".S/.ATTRIBUTES/VARIABLE_VALUE".replace(".S/", "")
    assert {f"student/{kind}/x.Skernel/{end}" for kind in ("trained", "average")} <= names
